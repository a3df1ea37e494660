"""Photos, a second officer and the place of a check and a broken seal; files of instruments and entities."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from types import MappingProxyType, SimpleNamespace
from typing import Any

import pytest

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.accounts.enums import Role
from quanheng.apps.accounts.models import Area
from quanheng.apps.instruments.enums import CheckOutcome
from quanheng.apps.instruments.models import Attachment, Instrument
from quanheng.apps.instruments.queries.attachments import (
    as_attached,
    attachment,
    attachments,
    check_attachments,
    of_act,
    of_entity,
    of_instrument,
)
from quanheng.apps.instruments.services import record_check as checking
from quanheng.apps.instruments.services.attach import attach_to_entity, attach_to_instrument
from quanheng.apps.instruments.services.break_seal import break_seal
from quanheng.apps.instruments.services.delete_draft import delete_draft
from quanheng.apps.instruments.services.move_instrument import move_instrument
from quanheng.apps.instruments.services.on_site import OnSite
from quanheng.apps.instruments.services.record_check import record_check
from quanheng.apps.instruments.services.withdraw_attachment import withdraw_attachment
from quanheng.apps.registry.models import Entity
from quanheng.jobs.uploads import forget_attached
from quanheng.kit.attached_files import KeptFile, folder, keep_document, keep_photo
from quanheng.kit.scope import EVERYTHING, acting_in, set_scope
from quanheng.regulation.on_site_check import CheckTeam
from tests.factories import make_actor, make_area, make_entity, make_instrument, make_seal, make_user
from tests.factories.acts import last_act, refused
from tests.factories.pictures import PDF, jpeg, jpeg_with_position

pytestmark = pytest.mark.usefixtures("as_officer")
Check = Callable[..., Instrument]


@pytest.fixture(autouse=True)
def data_dir(settings: SimpleNamespace, tmp_path: Path) -> Path:
    settings.DATA_DIR = tmp_path
    return tmp_path


@pytest.fixture
def scale(stall: Entity) -> Instrument:
    return make_instrument(stall, serial_number="K-1")


@pytest.fixture
def colleague(county: Area) -> Actor:
    return make_actor(Role.INSPECTOR, area=county, user=make_user(name="王五"))


@pytest.fixture
def check(scale: Instrument, inspector: Actor, at: datetime, today: date) -> Check:
    def recorded(**seen: Any) -> Instrument:
        return record_check(
            instrument_id=scale.pk, outcome=CheckOutcome.PROBLEM, words="不符", on=today, seen=OnSite(**seen),
            by=inspector, at=at,
        )  # fmt: skip

    return recorded


def files() -> list[Attachment]:
    with acting_in(EVERYTHING):
        return list(Attachment.objects.unscoped().select_related("instrument", "entity").order_by("pk"))


def findings() -> list[str]:
    with acting_in(EVERYTHING):
        return [found.what for found in check_attachments()]


def photo(colour: str = "red") -> KeptFile:
    return keep_photo(jpeg(colour))


def test_a_check_keeps_its_photos_its_second_officer_and_its_place(check: Check, colleague: Actor) -> None:
    seen = photo()
    check(
        photos=(seen,), second_officer_id=colleague.user_id, place_matches=False, found_place="3 号门外",
        position=(Decimal("104.066"), Decimal("30.657")),
    )  # fmt: skip
    act = last_act()
    assert act.after["photos"] == [seen.digest]
    assert (act.after["second_officer"], act.after["second_officer_id"]) == ("王五", colleague.user_id)
    assert (act.after["place_matches"], act.after["found_place"]) == (False, "3 号门外")
    assert act.after["position_said"] == "104.066000, 30.657000"
    (row,) = files()
    assert (row.verb, row.attached_at, row.digest) == ("checked", act.at, seen.digest)
    assert of_act(act, colleague) == [row]


def test_a_broken_seal_keeps_them_too(
    scale: Instrument, inspector: Actor, colleague: Actor, at: datetime, today: date
) -> None:
    seal, seen = make_seal(scale), photo()
    break_seal(
        instrument_id=scale.pk, seal_id=seal.pk, reason="剪断", on=today,
        seen=OnSite(photos=(seen,), second_officer_id=colleague.user_id), by=inspector, at=at,
    )  # fmt: skip
    assert last_act().after["photos"] == [seen.digest]
    assert last_act().after["second_officer"] == "王五"
    assert [row.verb for row in files()] == ["seal_broken"]


def test_nobody_stands_beside_themself(check: Check, inspector: Actor) -> None:
    with refused("second_officer_unfit"):
        check(second_officer_id=inspector.user_id)


@pytest.mark.parametrize("who", ["of another county", "of an entity", "left", "suspended", "of nobody"])
def test_the_second_officer_is_on_duty_at_that_place(
    check: Check, county: Area, operator: Actor, at: datetime, today: date, who: str
) -> None:
    yesterday = today - timedelta(days=1)
    people: dict[str, Callable[[], Actor]] = {
        "of another county": lambda: make_actor(Role.INSPECTOR, area=make_area("青羊区")),
        "of an entity": lambda: operator,
        "left": lambda: make_actor(
            Role.INSPECTOR, area=county, valid_from=date(2020, 1, 1), valid_to=yesterday
        ),
        "suspended": lambda: make_actor(Role.INSPECTOR, area=county, suspended_at=at),
    }
    person = people[who]().user_id if who in people else 2**40
    with refused("second_officer_unfit"):
        check(second_officer_id=person)


def test_where_an_edition_asks_for_two_a_check_by_one_is_refused(
    check: Check, colleague: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    two = MappingProxyType({"needs_second_officer": True, "is_verified": True})
    monkeypatch.setattr(checking, "check_team_on", lambda _day: CheckTeam(**two))
    with refused("no_second_officer"):
        check()
    check(second_officer_id=colleague.user_id)
    assert last_act().after["second_officer"] == "王五"


def test_another_place_has_to_be_named(check: Check) -> None:
    with refused("no_found_place"):
        check(place_matches=False, found_place=" ")


def test_a_place_that_differs_is_not_nothing_wrong(
    scale: Instrument, inspector: Actor, at: datetime, today: date
) -> None:
    with refused("outcome_contradicts"):
        record_check(
            instrument_id=scale.pk, outcome=CheckOutcome.NOTHING_WRONG, words="", on=today,
            seen=OnSite(place_matches=False, found_place="门外"), by=inspector, at=at,
        )  # fmt: skip


def test_too_many_photos_are_refused(check: Check) -> None:
    with refused("too_many_photos"):
        check(photos=(photo(),) * 7)


def test_a_kept_photo_serves_one_act(check: Check) -> None:
    seen = photo()
    check(photos=(seen,))
    with refused("file_used"):
        check(photos=(seen,))
    with refused("file_used"):
        other = photo("blue")
        check(photos=(other, other))


def test_a_photo_forgets_where_it_was_taken_and_only_its_owner_reads_it() -> None:
    kept = keep_photo(jpeg_with_position())
    path = folder() / kept.name
    assert b"Secretphone" not in path.read_bytes()
    assert b"Exif" not in path.read_bytes()
    assert path.stat().st_mode & 0o777 == 0o600
    assert folder().stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize("data", [b"MZ\x90", b"<html>", jpeg(), b"%PDF-1.4 without an end"])
def test_what_is_no_pdf_is_refused(data: bytes) -> None:
    with refused("document_not_pdf"):
        keep_document(data)
    assert list(folder().iterdir()) == []


def test_a_pdf_too_large_is_refused() -> None:
    with refused("document_too_big"):
        keep_document(b"%PDF-" + bytes(8 * 1024 * 1024) + b"%%EOF")


def test_files_of_an_instrument_and_of_an_entity(
    scale: Instrument, stall: Entity, operator: Actor, at: datetime
) -> None:
    set_scope(operator.scope)
    plate, licence = photo(), keep_document(PDF)
    attach_to_instrument(instrument_id=scale.pk, files=[plate], title="铭牌", by=operator, at=at)
    assert last_act().after == {"title": "铭牌", "files": [plate.digest]}
    attach_to_entity(entity_id=stall.pk, files=[licence], title="营业执照", by=operator, at=at)
    assert last_act().after == {"title": "营业执照", "files": [licence.digest]}
    assert [row.title for row in of_instrument(scale.pk, operator)] == ["铭牌"]
    assert [row.title for row in of_entity(stall.pk, operator)] == ["营业执照"]
    assert findings() == []


def test_nothing_to_attach_is_refused(scale: Instrument, officer: Actor, at: datetime) -> None:
    with refused("no_files"):
        attach_to_instrument(instrument_id=scale.pk, files=[], by=officer, at=at)


def test_a_foreign_file_does_not_exist(check: Check, scale: Instrument, at: datetime) -> None:
    check(photos=(photo(),))
    elsewhere = make_area("青羊区")
    strangers = [
        make_actor(Role.COUNTY_OFFICER, area=elsewhere),
        make_actor(Role.INSTRUMENT_USER, entity=make_entity("别家", area=elsewhere)),
        make_actor(Role.EXPERT, area=scale.area),
    ]
    for stranger in strangers:
        set_scope(stranger.scope)
        assert list(attachments(stranger)) == []
        assert list(Attachment.objects.unscoped()) == [], "the second wall"
        with refused("attachment_not_found"):
            withdraw_attachment(attachment_id=files()[0].pk, reason="x", by=stranger, at=at)


def test_the_next_holder_does_not_get_the_pictures_of_the_one_before(
    check: Check,
    scale: Instrument,
    market: Entity,
    operator: Actor,
    officer: Actor,
    at: datetime,
    today: date,
) -> None:
    check(photos=(photo(),))
    other = make_entity("西门市场", kind="market_operator", area=market.area)
    set_scope(officer.scope)
    move_instrument(
        instrument_id=scale.pk, entity_id=other.pk, place="", on=today, reason="", by=officer, at=at
    )
    newcomer = make_actor(Role.MARKET_OPERATOR, entity=other)
    for reader, seen in ((officer, 1), (operator, 1), (newcomer, 0)):
        set_scope(reader.scope)
        assert len(of_instrument(scale.pk, reader)) == seen
        assert Attachment.objects.unscoped().count() == seen, "the second wall"


def test_the_office_of_the_place_to_which_it_moved_sees_what_was_attached_before(
    check: Check, scale: Instrument, county: Area, officer: Actor, at: datetime, today: date
) -> None:
    check(photos=(photo(),))
    (row,) = files()
    beside = make_area("武侯区", parent=county.parent)
    there = make_actor(Role.COUNTY_OFFICER, area=beside)
    city = make_actor(Role.CITY_OFFICER, area=county.parent)
    other = make_entity("西门市场", kind="market_operator", area=beside)
    set_scope(city.scope)
    move_instrument(instrument_id=scale.pk, entity_id=other.pk, place="", on=today, by=city, at=at)
    for office in (officer, there, city):
        set_scope(office.scope)
        assert [each.pk for each in of_instrument(scale.pk, office)] == [row.pk]
        found = attachment(row.pk, office)
        assert found is not None
        assert found.instrument == (None if office is officer else scale)


def test_who_attached_it_or_an_officer_takes_it_off_with_a_reason(
    scale: Instrument, operator: Actor, officer: Actor, at: datetime
) -> None:
    set_scope(officer.scope)
    attach_to_instrument(instrument_id=scale.pk, files=[photo()], by=officer, at=at)
    (row,) = files()
    set_scope(operator.scope)
    with refused("not_your_attachment"):
        withdraw_attachment(attachment_id=row.pk, reason="不好看", by=operator, at=at)
    set_scope(officer.scope)
    with refused("no_reason"):
        withdraw_attachment(attachment_id=row.pk, reason=" ", by=officer, at=at)
    withdraw_attachment(attachment_id=row.pk, reason="拍错了器具", by=officer, at=at)
    assert (last_act().verb, last_act().reason) == ("attachment_withdrawn", "拍错了器具")
    with refused("already_withdrawn"):
        withdraw_attachment(attachment_id=row.pk, reason="再来", by=officer, at=at)
    assert [one.pk for one in of_instrument(scale.pk, officer)] == [row.pk], "the office still opens it"
    assert as_attached(row) is not None
    set_scope(operator.scope)
    assert of_instrument(scale.pk, operator) == []
    assert findings() == []


def test_an_exchanged_photo_is_found_and_not_shown(check: Check) -> None:
    check(photos=(photo(),))
    (row,) = files()
    (folder() / row.name).write_bytes(jpeg("blue"))
    assert as_attached(row) is None
    assert findings() == ["文件已被替换，与登记时的摘要不符。"]


def test_an_exchanged_photo_is_found_where_its_row_was_changed_with_it(check: Check) -> None:
    check(photos=(photo(),))
    (row,) = files()
    other = photo("blue")
    with acting_in(EVERYTHING):
        Attachment.objects.unscoped().filter(pk=row.pk).update(name=other.name, digest=other.digest)
    assert "没有操作记录登记过这份照片或文件。" in findings()
    assert any("已不在库中" in what for what in findings())


def test_a_photo_that_was_removed_is_found(check: Check) -> None:
    check(photos=(photo(),))
    (row,) = files()
    (folder() / row.name).unlink()
    assert findings() == ["文件缺失。"]
    with acting_in(EVERYTHING):
        Attachment.objects.unscoped().filter(pk=row.pk).delete()
    assert [what[:12] for what in findings()] == ["登记过的照片或文件已不在"]


def test_files_go_after_their_term_and_those_that_no_act_names_in_the_next_night(
    check: Check, at: datetime, settings: Any
) -> None:
    check(photos=(photo(),))
    photo("blue")  # of an act that was refused
    assert forget_attached(at=at + timedelta(hours=23)) == 0
    later = at.now(at.tzinfo) + timedelta(days=2)
    assert forget_attached(at=later) == 1
    assert files()[0].forgotten_at is None
    assert forget_attached(at=later + settings.ATTACHMENTS_KEPT) == 1
    assert files()[0].forgotten_at is not None
    assert list(folder().iterdir()) == []
    assert findings() == [], "that its term is over is no fault"


def test_a_draft_that_was_photographed_is_not_deleted_with_the_photo(
    stall: Entity, inspector: Actor, at: datetime, today: date
) -> None:
    draft = make_instrument(stall, state="returned", verified_on=None, valid_until=None, result="")
    record_check(
        instrument_id=draft.pk, outcome=CheckOutcome.PROBLEM, words="不符", on=today,
        seen=OnSite(photos=[photo()]), by=inspector, at=at,
    )  # fmt: skip
    owner = make_actor(Role.MARKET_OPERATOR, entity=stall.root)
    set_scope(owner.scope)
    with refused("draft_stood_upon"):
        delete_draft(instrument_id=draft.pk, by=owner, at=at)
    assert len(files()) == 1
