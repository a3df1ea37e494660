"""What institutes may verify, with what and by whom; and applications at every step of the procedure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils import timezone

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.accounts.queries import institutes
from quanheng.apps.certificates.enums import PlaceOfWork, StaffDuty
from quanheng.apps.certificates.queries.days import half_days
from quanheng.apps.certificates.queries.due import due_by
from quanheng.apps.certificates.queries.lines import institute_line, lines_for, standards_for
from quanheng.apps.certificates.services.accept_applications import accept_applications
from quanheng.apps.certificates.services.apply_for_verification import Wish, apply_for_verification
from quanheng.apps.certificates.services.authorise_institute import authorise_institute
from quanheng.apps.certificates.services.check_examination import check_examination
from quanheng.apps.certificates.services.completing import Laid, lay
from quanheng.apps.certificates.services.enter_standard import StandardFacts, enter_standard
from quanheng.apps.certificates.services.institutes import Paper
from quanheng.apps.certificates.services.issue_certificate import issue_certificate
from quanheng.apps.certificates.services.qualify_person import qualify_person
from quanheng.apps.certificates.services.receive_application import return_application
from quanheng.apps.certificates.services.record_examination import Findings, record_examination
from quanheng.apps.instruments.enums import InstrumentState, VerificationKind
from quanheng.apps.instruments.queries.catalogue import item_ids_by_slug, items_of_category
from quanheng.apps.instruments.queries.ledger import ledger
from quanheng.demo.goods import PRODUCTS
from quanheng.demo.people import actor
from quanheng.kit.scope import EVERYTHING, acting_in
from quanheng.metrology.examinations.proposal import proposed_rows

SINCE, UNTIL = date(2024, 1, 1), date(2028, 12, 31)
CAPACITIES = {"scale": 60, "fuel_dispenser": 12}
OTHERS = 20
STANDARDS = {
    "scale": ("M1 等级砝码标准装置", "（1 mg～20 kg）M1 等级"),
    "fuel_dispenser": ("燃油加油机容量检定装置", "20 L，MPE ±0.025 %"),
    "medical": ("医用计量器具检定装置", ""),
    "other": ("压力与气体报警器检定装置", ""),
}
DUTIES = {
    "jianding": StaffDuty.VERIFY, "heyan": StaffDuty.CHECK, "pizhun": StaffDuty.APPROVE,
}  # fmt: skip
SECOND_APPROVER = {"pizhun2": StaffDuty.APPROVE}
APPLIED_FOR = 12


def equip_institutes(*, at: datetime) -> None:
    """Give every institute its authority in its area, its standards, and its people their qualifications."""
    by, slugs = actor("sheng"), item_ids_by_slug()
    used = {slugs[product.item] for product in PRODUCTS}
    items = {category: sorted(used & set(items_of_category(category))) for category in STANDARDS}
    with acting_in(EVERYTHING):
        for institute in institutes():
            paper = Paper(institute.authorisation, SINCE, UNTIL)
            for category, ids in items.items():
                authorise_institute(
                    institute_id=institute.pk, item_ids=ids, area_id=institute.area_id, paper=paper,
                    daily_capacity=CAPACITIES.get(category, OTHERS), by=by, at=at,
                )  # fmt: skip
            _standards(institute.pk, items, by, at)
        _qualifications(by, at)


def _standards(institute_id: int, items: Mapping[str, Sequence[int]], by: Actor, at: datetime) -> None:
    for number, (category, (name, accuracy)) in enumerate(STANDARDS.items(), 1):
        enter_standard(
            institute_id=institute_id, item_ids=items[category],
            facts=StandardFacts(name, accuracy=accuracy, traced_until=UNTIL),
            paper=Paper(f"〔2024〕川量标（演示）{institute_id:04d}-{number}", SINCE, UNTIL), by=by, at=at,
        )  # fmt: skip


def _qualifications(by: Actor, at: datetime) -> None:
    for username, duty in (DUTIES | SECOND_APPROVER).items():
        person = actor(username)
        qualify_person(
            institute_id=person.agency_id or 0, user_id=person.user_id or 0, duty=duty, item_id=None,
            paper=Paper(f"（川）计检（演示）{person.user_id:05d}", SINCE, UNTIL), by=by, at=at,
        )  # fmt: skip


def verify_some(*, at: datetime) -> int:
    """Take scales of the market of the demonstration through the procedure, each to another step.

    Returns:
        How many were applied for: none where the market has no scales.
    """
    operator, clerk = actor("shichang"), actor("shouli")
    today = timezone.localdate(at)
    wish = Wish(PlaceOfWork.ON_SITE, next(half_days(today))[0], "请从市场西门进场。")
    with acting_in(operator.scope):
        chosen = _scales(operator, today)
        if not chosen:
            return 0
        made = apply_for_verification(instrument_ids=chosen, wish=wish, by=operator, at=at)
    with acting_in(clerk.scope):
        lines = lines_for(clerk).filter(application__in=made).order_by("pk")
        ids = list(lines.values_list("pk", flat=True))
        third = len(ids) // 3
        accept_applications(line_ids=ids[third:], first_day=wish.wanted_on, by=clerk, at=at)
        if third:
            reason = "铭牌上的出厂编号与台账不一致，请核对后重新申请。"
            return_application(line_id=ids[0], reason=reason, by=clerk, at=at)
    _examine(ids[2 * third :], at)
    return len(ids)


def _scales(operator: Actor, today: date) -> list[int]:
    """Return scales of the market: those that are due first, then others that are in use."""
    scales = {"item__category": "scale", "e_g__isnull": False}
    due = due_by(operator, today).filter(**scales).exclude(seal_broken=True)
    others = ledger(operator).filter(state=InstrumentState.IN_USE, seal_broken=False, **scales)
    ids = [*due.values_list("pk", flat=True)[:APPLIED_FOR], *others.values_list("pk", flat=True)[:50]]
    return list(dict.fromkeys(ids))[:APPLIED_FOR]


def _examine(line_ids: Sequence[int], at: datetime) -> None:
    """The first waits for the checker, the second for the approver; the others get their certificates."""
    people = {duty: actor(username) for username, duty in DUTIES.items()}
    verifier, checker, approver = people.values()
    for place, line_id in enumerate(line_ids):
        with acting_in(verifier.scope):
            record_examination(line_id=line_id, findings=_findings(line_id, verifier, at), by=verifier, at=at)
        if place > 0:
            with acting_in(checker.scope):
                check_examination(line_id=line_id, by=checker, at=at)
        if place > 1:
            with acting_in(approver.scope):
                issue_certificate(line_id=line_id, by=approver, at=at)


def _findings(line_id: int, verifier: Actor, at: datetime) -> Findings:
    line = institute_line(line_id, verifier)
    if line is None:
        raise LookupError(line_id)
    scale = line.instrument
    return Findings(
        timezone.localdate(at), VerificationKind.SUBSEQUENT, standards_for(line).earliest("pk").pk,
        _readings(lay(scale, VerificationKind.SUBSEQUENT, timezone.localdate(at))),
    )  # fmt: skip


def _readings(laid: Laid) -> dict[str, Any]:
    """Weigh every load that the regulation asks for; the scale is a good one."""
    points: dict[str, list[dict[str, str]]] = {}
    for test in laid.template.required(laid.frame.kind):
        for one in proposed_rows(test, laid.frame):
            load = format(one.nominal or 0, "f")
            point = {"load_g": load, "indication_g": load, "position": one.position}
            points.setdefault(test.name, []).append(point)
    e = laid.given["e_g"]
    small = [
        {"load_g": point["load_g"], "indication_g": point["indication_g"], "added_g": str(e),
         "changed_g": format(Decimal(point["load_g"]) + e, "f")}
        for point in points.pop("discrimination")
    ]  # fmt: skip
    zero = points.pop("zero")[0]
    checks = {check.name: True for check in laid.template.checks}
    return {"kind": "scale", **points, "zero": zero, "discrimination": small, "checks": checks}
