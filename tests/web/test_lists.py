"""The list component, as a county officer and a market operator meet it."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
from django.test import Client

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.accounts.enums import Role
from quanheng.apps.accounts.models import Area
from quanheng.apps.instruments.enums import InstrumentState
from quanheng.apps.instruments.models import Instrument
from quanheng.kit import refusals
from quanheng.kit.scope import EVERYTHING, acting_in
from tests.factories.ledger import make_entity, make_instrument
from tests.factories.people import make_actor, make_agency, make_area, sign_in

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.web.sample_pages")]
URL = "/test-ledger/"


@pytest.fixture
def county() -> Area:
    return make_area("锦江区")


@pytest.fixture
def officer(county: Area) -> Actor:
    return make_actor(Role.COUNTY_OFFICER, area=county)


@pytest.fixture
def desk(client: Client, officer: Actor) -> Client:
    return sign_in(client, officer)


@pytest.fixture
def market(county: Area) -> Any:
    return make_entity("春熙路农贸市场", area=county)


def scales(market: Any, *serials: str, **fields: Any) -> None:
    for serial in serials:
        make_instrument(market, serial_number=serial, **fields)


def shown(desk: Client, query: str = "") -> list[str]:
    """Return the serial numbers on a page, in order."""
    answer = desk.get(URL + query)
    assert answer.status_code == 200
    return [row.name for row in answer.context["list"].rows]


def text(desk: Client, query: str = "") -> str:
    return re.sub(r"\s+", " ", desk.get(URL + query).content.decode())


def test_an_officer_sees_the_rows_of_the_county_and_no_others(desk: Client, market: Any) -> None:
    scales(market, "B-2", "A-1")
    make_instrument(make_entity(area=make_area("青羊区")), serial_number="ELSEWHERE")
    assert shown(desk) == ["A-1", "B-2"]


def test_filters_of_the_address_narrow_the_rows_and_show_as_chips(desk: Client, market: Any) -> None:
    scales(market, "A-1", "A-2", "B-1")
    scales(market, "A-3", state=InstrumentState.STOPPED)
    assert shown(desk, "?q=A-") == ["A-1", "A-2", "A-3"]
    assert shown(desk, "?q=A-&state=stopped") == ["A-3"]
    assert "编号：A-" in text(desk, "?q=A-")


def test_days_of_a_range_are_both_included(desk: Client, market: Any) -> None:
    for day in (1, 2, 3):
        scales(market, f"D-{day}", valid_until=date(2026, 12, day), trusted_until=date(2026, 12, day))
    assert shown(desk, "?valid_until_from=2026-12-01&valid_until_to=2026-12-02") == ["D-1", "D-2"]


@pytest.mark.parametrize(
    ("query", "notice"),
    [
        ("?sort=name", "不能按“name”排序，已按默认顺序显示"),
        ("?columns=name,nonsense", "未找到列“nonsense”，已忽略"),
    ],
)
def test_what_the_address_says_and_nobody_understands_is_told(
    desk: Client, market: Any, query: str, notice: str
) -> None:
    scales(market, "A-1")
    assert shown(desk, query) == ["A-1"]
    assert notice in text(desk, query)


def test_pages_lead_forward_back_and_to_the_end(desk: Client, market: Any) -> None:
    scales(market, *(f"S-{number:02}" for number in range(45)))
    page = desk.get(URL + "?size=20").context["list"]
    second = desk.get(page.after_url).context["list"]
    assert [row.name for row in second.rows] == [f"S-{n:02}" for n in range(20, 40)]
    assert [row.name for row in desk.get(second.before_url).context["list"].rows] == [
        f"S-{n:02}" for n in range(20)
    ]
    last = desk.get(page.last_url).context["list"]
    assert [row.name for row in last.rows][-1] == "S-44"
    assert not last.after_url


def test_rows_without_a_value_come_last_whichever_way_one_sorts(desk: Client, market: Any) -> None:
    scales(market, "EMPTY", valid_until=None, trusted_until=None)
    scales(market, "EARLY", valid_until=date(2026, 5, 1), trusted_until=date(2026, 5, 1))
    scales(market, "LATE", valid_until=date(2027, 5, 1), trusted_until=date(2027, 5, 1))
    assert shown(desk, "?sort=valid_until") == ["EARLY", "LATE", "EMPTY"]
    assert shown(desk, "?sort=-valid_until") == ["LATE", "EARLY", "EMPTY"]


def test_a_cursor_made_by_hand_shows_the_first_page(desk: Client, market: Any) -> None:
    scales(market, "A-1")
    assert shown(desk, "?after=nonsense") == ["A-1"]


def test_sorted_columns_say_so_to_a_screen_reader(desk: Client, market: Any) -> None:
    scales(market, "A-1")
    page = text(desk, "?sort=-valid_until")
    assert 'aria-sort="descending"' in page
    assert page.count('aria-sort="none"') == 2


def test_a_long_list_is_counted_to_the_cap_and_exactly_on_demand(
    desk: Client, market: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("quanheng.kit.lists.pages.COUNT_CAP", 25)
    scales(market, *(f"S-{number:02}" for number in range(30)))
    assert "共 <strong>25+</strong> 条" in text(desk, "?size=20")
    exact = desk.get("/lists/test-ledger/count/", headers={"HX-Request": "true"})
    assert "<strong>30</strong>" in exact.content.decode()


def slow_rows(monkeypatch: pytest.MonkeyPatch, seconds: float) -> None:
    """Have every row of the list take its time."""
    from django.db.models import F, Func

    from tests.web.sample_pages import LedgerList

    slow, plain = Func(seconds, function="pg_sleep"), LedgerList.rows
    monkeypatch.setattr(
        LedgerList,
        "rows",
        lambda self, actor: plain(self, actor).alias(s=slow).filter(s__isnull=False, pk=F("pk")),
    )


def test_a_count_that_is_cut_off_says_how_many_were_shown(
    desk: Client, market: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    scales(market, *(f"S-{number:02}" for number in range(30)))
    slow_rows(monkeypatch, 0.005)
    monkeypatch.setattr("quanheng.kit.lists.pages.COUNT_LIMIT_MS", 20)
    assert "共 <strong>20+</strong> 条" in text(desk, "?size=20")


@pytest.mark.parametrize(("glance_ms", "said"), [(5_000, "3+"), (5, "统计超时")])
def test_a_worklist_whose_count_is_cut_off_says_what_is_known(
    officer: Actor, market: Any, monkeypatch: pytest.MonkeyPatch, glance_ms: int, said: str
) -> None:
    from django.http import QueryDict

    from quanheng.kit.lists.glances import glances
    from quanheng.kit.lists.pages import capped_count
    from quanheng.kit.lists.request import read_request
    from tests.web.sample_pages import LedgerList

    scales(market, "S-1", "S-2", "S-3")
    slow_rows(monkeypatch, 0.02)
    for limit in ("pages.COUNT_LIMIT_MS", "glances.COUNTS_LIMIT_MS"):
        monkeypatch.setattr(f"quanheng.kit.lists.{limit}", 20)
    monkeypatch.setattr("quanheng.kit.lists.pages.GLANCE_LIMIT_MS", glance_ms)
    with acting_in(officer.scope):
        asked = read_request(LedgerList(), QueryDict(), officer)
        assert str(capped_count(asked)) == said
        assert [str(glance.count) for glance in glances([asked, asked], most=2)] == [said, said]


def test_a_query_that_takes_too_long_asks_for_a_narrower_filter(
    desk: Client, market: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow_rows(monkeypatch, 0.2)
    monkeypatch.setattr("quanheng.kit.lists.pages.PAGE_LIMIT_MS", 50)
    scales(market, "A-1")
    assert "符合条件的数据太多" in text(desk)


def test_chosen_columns_are_kept_for_the_person_and_written_in_the_address(desk: Client, market: Any) -> None:
    scales(market, "A-1")
    answer = desk.post(
        "/lists/test-ledger/columns/",
        {"column": ["place", "serial_number"], "path": URL, "query": "state=in_use"},
    )
    assert answer.headers["Location"] == f"{URL}?state=in_use&columns=place%2Cserial_number"
    heads = [head.column.key for head in desk.get(URL).context["list"].heads]
    assert heads == ["place", "serial_number"]
    desk.post("/lists/test-ledger/columns/", {"reset": "1", "path": URL, "query": ""})
    assert len(desk.get(URL).context["list"].heads) == 5


def test_columns_move_without_a_script(desk: Client) -> None:
    answer = desk.post(
        "/lists/test-ledger/columns/",
        {"column": ["serial_number", "name"], "move": "up:name", "path": URL, "query": ""},
    )
    assert answer.headers["Location"].endswith("columns=name%2Cserial_number")


@pytest.mark.parametrize("path", ["https://evil.example/", "//evil.example/", "/\\evil.example/", ""])
def test_forms_of_a_list_never_lead_off_the_site(desk: Client, path: str) -> None:
    answer = desk.post("/lists/test-ledger/columns/", {"column": "name", "path": path, "query": ""})
    assert answer.headers["Location"].startswith("/?")


def test_a_saved_view_is_ones_own_until_it_is_shared_with_the_office(
    desk: Client, officer: Actor, county: Area, market: Any
) -> None:
    agency = make_agency(area=county)
    owner = sign_in(Client(), make_actor(Role.COUNTY_OFFICER, agency=agency))
    colleague = sign_in(Client(), make_actor(Role.COUNTY_OFFICER, agency=agency))
    view = {"name": "停用的", "path": URL, "query": "state=stopped&after=x"}
    owner.post("/lists/test-ledger/views/", view)
    assert "停用的" in text(owner)
    assert "停用的" not in text(colleague)
    owner.post("/lists/test-ledger/views/", view | {"shared": "1"})
    saved = colleague.get(URL).context["list"].saved
    assert [(v.name, url.split("view=")[0], own) for v, url, _open, own in saved] == [
        ("停用的", f"{URL}?state=stopped&", False)
    ]
    assert "停用的" not in text(desk)


def test_only_the_owner_forgets_a_view(county: Area) -> None:
    agency = make_agency(area=county)
    owner = sign_in(Client(), make_actor(Role.COUNTY_OFFICER, agency=agency))
    colleague = sign_in(Client(), make_actor(Role.COUNTY_OFFICER, agency=agency))
    owner.post("/lists/test-ledger/views/", {"name": "A", "path": URL, "query": "", "shared": "1"})
    (view, *_rest) = owner.get(URL).context["list"].saved[0]
    colleague.post(f"/lists/test-ledger/views/{view.pk}/delete/", {"path": URL})
    assert len(owner.get(URL).context["list"].saved) == 1
    owner.post(f"/lists/test-ledger/views/{view.pk}/delete/", {"path": URL})
    assert owner.get(URL).context["list"].saved == []


def ids(*serials: str) -> list[int]:
    with acting_in(EVERYTHING):
        return list(
            Instrument.objects.unscoped()
            .filter(serial_number__in=serials)
            .order_by("pk")
            .values_list("pk", flat=True)
        )


def states(*serials: str) -> dict[str, str]:
    with acting_in(EVERYTHING):
        rows = Instrument.objects.unscoped().filter(serial_number__in=serials)
        return dict(rows.values_list("serial_number", "state"))


def bulk_post(desk: Client, selection: str, seen: str, **fields: str) -> Any:
    return desk.post(
        "/lists/test-ledger/bulk/stop/", {"selection": selection, "seen": seen, "back": URL, **fields}
    )


def test_a_bulk_act_is_previewed_with_what_would_be_refused_and_why(desk: Client, market: Any) -> None:
    scales(market, "A-1", "A-2")
    scales(market, "A-3", state=InstrumentState.STOPPED)
    page = text(desk, "")
    query = "reach=all&q=A-"
    page = re.sub(r"\s+", " ", desk.get(f"/lists/test-ledger/bulk/stop/?{query}").content.decode())
    assert "选中 3 条：将办理 2 条，1 条不能办理" in page
    assert "A-3</a>：已经停用。" in page
    assert states("A-1") == {"A-1": "in_use"}, "a preview changes nothing"


def test_a_bulk_act_by_filter_reaches_rows_beyond_the_page(desk: Client, market: Any) -> None:
    scales(market, "A-1", "A-2", "B-1")
    answer = bulk_post(desk, "reach=all&q=A-", "2/0", reason="盘点")
    assert answer.headers["Location"] == URL
    assert states("A-1", "A-2", "B-1") == {"A-1": "stopped", "A-2": "stopped", "B-1": "in_use"}


def test_a_bulk_act_on_taken_rows_leaves_the_others(desk: Client, market: Any) -> None:
    scales(market, "A-1", "A-2")
    bulk_post(desk, f"reach=taken&id={ids('A-2')[0]}", "1/0", reason="盘点")
    assert states("A-1", "A-2") == {"A-1": "in_use", "A-2": "stopped"}


def test_rows_of_another_county_cannot_be_taken(desk: Client) -> None:
    make_instrument(make_entity(area=make_area("青羊区")), serial_number="ELSEWHERE")
    answer = bulk_post(desk, f"reach=taken&id={ids('ELSEWHERE')[0]}", "1/0", reason="盘点")
    assert answer.status_code == 200
    assert states("ELSEWHERE") == {"ELSEWHERE": "in_use"}


def test_an_act_whose_rows_changed_since_the_preview_is_previewed_again(desk: Client, market: Any) -> None:
    scales(market, "A-1", "A-2")
    answer = bulk_post(desk, "reach=all", "1/0", reason="盘点")
    assert "预览之后数据有了变化" in answer.content.decode()
    assert set(states("A-1", "A-2").values()) == {"in_use"}


def test_a_bulk_act_that_lacks_its_reason_says_so(desk: Client, market: Any) -> None:
    scales(market, "A-1")
    answer = bulk_post(desk, "reach=all", "1/0", reason="")
    assert answer.context["form"].errors
    assert states("A-1") == {"A-1": "in_use"}


def test_more_rows_than_the_act_takes_are_refused_as_a_whole(desk: Client, market: Any) -> None:
    scales(market, *(f"S-{n}" for n in range(6)))
    page = desk.get("/lists/test-ledger/bulk/stop/?reach=all").content.decode()
    assert "一次最多办理 5 条" in page
    bulk_post(desk, "reach=all", "5/0", reason="盘点")
    assert states("S-0") == {"S-0": "in_use"}


def test_a_row_refused_at_the_last_moment_does_not_hold_up_the_others(desk: Client, market: Any) -> None:
    scales(market, "A-1", "REFUSED-LATE")
    bulk_post(desk, "reach=all", "2/0", reason="盘点")
    assert states("A-1", "REFUSED-LATE") == {"A-1": "stopped", "REFUSED-LATE": "in_use"}
    assert refusals.CHANGED_MEANWHILE().message in text(desk)


def test_an_act_is_not_offered_to_whoever_may_not_do_it(client: Client, market: Any) -> None:
    operator = sign_in(client, make_actor(Role.MARKET_OPERATOR, entity=market))
    scales(market, "A-1")
    assert "停用…" not in text(operator)
    assert operator.get("/lists/test-ledger/bulk/stop/?reach=all").status_code == 404


@pytest.mark.parametrize("tail", ["count/", "bulk/stop/", "nonsense/"])
def test_what_belongs_to_a_list_is_closed_to_a_role_that_may_not_open_it(client: Client, tail: str) -> None:
    auditor = sign_in(client, make_actor(Role.AUDITOR))
    assert auditor.get(f"/lists/test-ledger/{tail}").status_code == 404
    assert auditor.get(URL).status_code == 403


def test_a_picker_searches_within_the_actors_own(desk: Client, officer: Actor, market: Any) -> None:
    make_entity("青羊的市场", area=make_area("青羊区"))
    found = desk.get("/pick/entities/?q=市场", headers={"HX-Request": "true"}).content.decode()
    assert "春熙路农贸市场" in found
    assert "青羊" not in found


def test_a_picker_without_a_script_leads_back_with_the_choice(desk: Client, market: Any) -> None:
    page = desk.get(f"/pick/entities/?q=春熙路&field=entity&back={URL}%3Fstate%3Din_use").content.decode()
    assert f'href="{URL}?state=in_use&amp;entity={market.pk}"' in page


def test_text_typed_without_a_script_counts_when_it_can_only_mean_one_thing(
    desk: Client, market: Any
) -> None:
    scales(market, "A-1")
    make_instrument(make_entity("另一家公司", area=market.area), serial_number="B-1")
    assert shown(desk, "?entity=&entity_text=春熙路") == ["A-1"]


def test_an_empty_ledger_and_an_empty_answer_are_told_apart(desk: Client, market: Any) -> None:
    assert "暂无内容" in text(desk)
    assert "暂无符合条件的记录" in text(desk, "?q=nothing")
