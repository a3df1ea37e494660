"""What was typed and not taken in stands in its form again: for who typed it, there, for a day, unsent."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
import time_machine
from django.core import signing
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.accounts.enums import Role
from quanheng.apps.accounts.kept_forms import KeptForm
from quanheng.apps.accounts.models import Area
from quanheng.apps.accounts.services import keep_form
from quanheng.apps.registry.models import Contact, Entity
from quanheng.kit import refusals
from quanheng.kit.intake import ORDINARY
from quanheng.kit.scope import EVERYTHING, acting_in
from quanheng.web.kept_forms.browser import COOKIE, SALT
from quanheng.web.middleware import actor as door
from tests.factories import make_actor, make_area, make_entity, make_kept_form
from tests.factories.browsing import HOST, Sitting, form_with, notice

pytestmark = pytest.mark.django_db
TYPED = {"name": "王小丫", "phone": "13912345678"}


@pytest.fixture(autouse=True)
def clock(at: datetime) -> Iterator[time_machine.Traveller]:
    with time_machine.travel(at, tick=False) as traveller:
        yield traveller


@pytest.fixture
def county() -> Area:
    return make_area("锦江区")


@pytest.fixture
def market(county: Area) -> Entity:
    return make_entity("东门市场", kind="market_operator", area=county)


@pytest.fixture
def officer(county: Area) -> Actor:
    return make_actor(Role.COUNTY_OFFICER, area=county)


@pytest.fixture
def page(market: Entity) -> str:
    return f"/entities/{market.pk}/contacts/"


def kept() -> list[KeptForm]:
    with acting_in(EVERYTHING):
        return list(KeptForm.objects.unscoped().order_by("pk"))


def shows(sitting: Sitting, page: str) -> bool:
    """Say whether the page holds what was typed, with a notice."""
    tree = sitting.open(page)
    form = form_with(tree, "phone")
    filled = {name: form.fields[name] for name in TYPED} == TYPED
    assert filled == (notice(tree) is not None)
    return filled


def lost(sitting: Sitting, page: str) -> str:
    """Fill the form in, lose the sign-in, send it; return where that leads."""
    form = form_with(sitting.open(page), "phone")
    sitting.lose_session()
    answer = sitting.send(page, form, TYPED)
    assert answer.status_code == 302
    target = urlsplit(answer["Location"])
    assert target.path == "/accounts/login/"
    return str(parse_qs(target.query)["next"][0])


def test_after_signing_in_again_it_is_there_and_nothing_was_sent(officer: Actor, page: str) -> None:
    sitting = Sitting(officer)
    assert lost(sitting, page) == page
    assert "登录后返回原页面" in sitting.client.get("/accounts/login/").content.decode()
    sitting.sign_in(officer)
    assert shows(sitting, page)
    assert shows(sitting, page), "a reload does not lose it either"
    with acting_in(EVERYTHING):
        assert not Contact.objects.unscoped().exists()


def test_a_sign_in_that_was_not_used_for_half_an_hour_loses_nothing(
    officer: Actor, page: str, clock: time_machine.Traveller
) -> None:
    sitting = Sitting(officer)
    form = form_with(sitting.open(page), "phone")
    clock.shift(timedelta(minutes=31))
    assert sitting.send(page, form, TYPED).status_code == 302
    sitting.sign_in(officer)
    assert shows(sitting, page)


def test_nobody_else_at_that_browser_is_shown_it(officer: Actor, county: Area, page: str) -> None:
    sitting = Sitting(officer)
    lost(sitting, page)
    sitting.sign_in(make_actor(Role.COUNTY_OFFICER, area=county))
    assert not shows(sitting, page)
    sitting.sign_in(officer)
    assert shows(sitting, page)


def test_it_is_not_shown_in_another_browser(officer: Actor, page: str) -> None:
    lost(Sitting(officer), page)
    assert not shows(Sitting(officer), page)


def test_a_form_of_before_the_sign_in_is_refused_and_kept_for_who_filled_it_in(
    officer: Actor, county: Area, page: str
) -> None:
    sitting, colleague = Sitting(officer), make_actor(Role.COUNTY_OFFICER, area=county)
    form = form_with(sitting.open(page), "phone")
    sitting.sign_in(colleague)
    sitting.open("/desk/")
    refused = sitting.send(page, form, TYPED)
    assert refused.status_code == 403
    assert "填写的内容已保留" in refused.content.decode()
    assert [one.user_id for one in kept()] == [officer.user_id]
    assert not shows(sitting, page)
    sitting.sign_in(officer)
    assert shows(sitting, page)


def test_what_another_site_sends_is_not_kept(officer: Actor, page: str) -> None:
    sitting = Sitting(officer)
    sitting.open(page)
    for headers in ({"Origin": "https://evil.example"}, {"Referer": HOST + page}, {}):
        forged = {"csrfmiddlewaretoken": "x" * 64, **TYPED}
        assert sitting.client.post(page, forged, headers=headers).status_code == 403
    assert kept() == []


def test_a_cookie_that_says_more_than_we_wrote_counts_for_nothing(officer: Actor, page: str) -> None:
    sitting = Sitting(officer)
    lost(sitting, page)
    said = {"number": "b" * 32, "drawn_for": {}, "pages": []}
    for forged in ("x", signing.dumps(said, salt="another"), signing.dumps({"number": 1}, salt=SALT)):
        sitting.client.cookies[COOKIE] = forged
        sitting.sign_in(officer)
        assert not shows(sitting, page)


def test_a_file_that_is_too_large_does_not_take_the_rest_with_it(officer: Actor, page: str) -> None:
    sitting = Sitting(officer)
    form = form_with(sitting.open(page), "phone")
    photo = SimpleUploadedFile("照片.jpg", b"x" * (ORDINARY + 1))
    refused = sitting.send(page, form, TYPED | {"photo": photo})
    assert refused.status_code == 413
    assert "返回继续填写" in refused.content.decode()
    told = notice(sitting.open(page))
    assert told is not None
    assert "照片.jpg" in told.text_content()
    assert shows(sitting, page)


def test_a_form_that_cannot_be_saved_now_is_kept(
    officer: Actor, page: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full() -> None:
        raise refusals.DISK_LOW(free_bytes=0)

    sitting = Sitting(officer)
    form = form_with(sitting.open(page), "phone")
    with monkeypatch.context() as patched:
        patched.setattr(door, "refuse_when_low", full)
        assert sitting.send(page, form, TYPED).status_code >= 500
    assert shows(sitting, page)


def test_what_is_taken_in_is_forgotten(officer: Actor, page: str) -> None:
    sitting = Sitting(officer)
    lost(sitting, page)
    sitting.sign_in(officer)
    form = form_with(sitting.open(page), "phone")
    assert sitting.send(page, form).status_code == 302
    assert kept() == []
    assert not shows(sitting, page)


def test_a_refusal_that_shows_the_form_keeps_nothing_beside_it(officer: Actor, page: str) -> None:
    sitting = Sitting(officer)
    form = form_with(sitting.open(page), "phone")
    again = sitting.send(page, form, TYPED | {"name": ""})
    assert TYPED["phone"] in again.content.decode()
    assert kept() == []


def test_it_can_be_dropped(officer: Actor, page: str) -> None:
    sitting = Sitting(officer)
    lost(sitting, page)
    sitting.sign_in(officer)
    assert "未提交的填写内容" in sitting.client.get("/me/").content.decode()
    drop = next(form for form in sitting.open(page).forms if "/kept-forms/" in (form.get("action") or ""))
    assert sitting.send(page, drop)["Location"] == page
    assert not shows(sitting, page)


def test_a_stranger_drops_nothing_of_others(officer: Actor, county: Area) -> None:
    mine = make_kept_form(officer)
    sitting = Sitting(make_actor(Role.COUNTY_OFFICER, area=county))
    form = form_with(sitting.open("/me/"), "csrfmiddlewaretoken")
    form.set("action", f"/me/kept-forms/{mine.pk}/drop/")
    sitting.send("/me/", form)
    assert kept() == [mine]


def test_a_form_of_the_sign_in_is_never_kept(officer: Actor) -> None:
    sitting = Sitting(officer)
    sitting.open("/me/")
    sitting.lose_session()
    form = form_with(sitting.open("/accounts/login/"), "password")
    sitting.client.cookies["csrftoken"] = "0" * 32
    typed = {"login": "wang", "password": "秤砣虽小-2026"}
    assert sitting.send("/accounts/login/", form, typed).status_code == 403
    assert kept() == []


def test_a_field_that_is_called_a_password_is_left_out_wherever_it_is(officer: Actor, page: str) -> None:
    sitting = Sitting(officer)
    form = form_with(sitting.open(page), "phone")
    sitting.lose_session()
    sitting.send(page, form, TYPED | {"new_password": "p", "otp_code": "123456"})
    assert {name for name, _ in kept()[0].typed.fields} >= set(TYPED)
    assert not {"new_password", "otp_code", "csrfmiddlewaretoken"} & {n for n, _ in kept()[0].typed.fields}


def test_it_is_sealed_and_so_is_where_it_was_typed(officer: Actor, page: str) -> None:
    sitting = Sitting(officer)
    lost(sitting, page)
    with acting_in(EVERYTHING), connection.cursor() as cursor:
        cursor.execute("SELECT k::text, encode(content, 'escape') FROM accounts_keptform k")
        row = "".join(cursor.fetchone())
    assert "13912345678" not in row
    assert page not in row


def test_it_is_kept_for_a_day(officer: Actor, page: str, clock: time_machine.Traveller, at: datetime) -> None:
    sitting = Sitting(officer)
    lost(sitting, page)
    clock.shift(keep_form.KEPT_FOR)
    sitting.sign_in(officer)
    assert not shows(sitting, page)
    assert keep_form.forget_overdue(at=at + keep_form.KEPT_FOR) == 1
    assert kept() == []


def test_it_is_bounded_in_number_and_in_size(officer: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    pages = [f"/instruments/{number}/move/" for number in range(keep_form.MOST_KEPT + 2)]
    for one in pages:
        make_kept_form(officer, page=one)
    assert [each.typed.page for each in kept()] == pages[2:]
    monkeypatch.setattr(keep_form, "MOST_BYTES", 100)
    with pytest.raises(AssertionError):
        make_kept_form(officer, words="长" * 100)


def test_a_part_of_a_page_leads_back_to_the_page(page: str) -> None:
    part = Sitting().client.get(
        "/desk/", headers={"HX-Request": "true", "HX-Current-URL": f"{HOST}/instruments/?q=1"}
    )
    assert part["HX-Redirect"] == "/accounts/login/?next=%2Finstruments%2F%3Fq%3D1"
    foreign = Sitting().client.get(
        "/desk/", headers={"HX-Request": "true", "HX-Current-URL": "https://evil.example/x"}
    )
    assert foreign["HX-Redirect"] == "/accounts/login/?next=%2Fdesk%2F"


@pytest.mark.parametrize("came_from", ["https://evil.example/x", f"{HOST}//evil.example/", "javascript:x"])
def test_the_way_back_never_leads_elsewhere(officer: Actor, page: str, came_from: str) -> None:
    sitting = Sitting(officer)
    form = form_with(sitting.open(page), "phone")
    token = form.fields["csrfmiddlewaretoken"]
    sitting.lose_session()
    sent = {"csrfmiddlewaretoken": token, **TYPED}
    answer = sitting.client.post(page, sent, headers={"Referer": came_from})
    assert answer["Location"] == f"/accounts/login/?next={page}"
