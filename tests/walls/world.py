"""A world with two of everything: every row carries a canary that tells whose it is.

Two cities, four counties, one functional zone; in each county a market with two stalls and a company with a
station, and whatever hangs on them. The oracle (`may_know`) knows who may read a canary from what was built
here, not from the code that it checks.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

from django.db import connection
from django.utils import timezone

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.accounts.api_keys import ApiKey
from quanheng.apps.accounts.enums import ENTITY_ROLES, INSTITUTE_STAFF, OFFICERS, AgencyKind, AreaLevel, Role
from quanheng.apps.accounts.models import Agency, Area
from quanheng.apps.audit.services import record
from quanheng.apps.certificates.models import Certificate, CertificateVersion, Reminder
from quanheng.apps.certificates.services.ask_change import CORRECTABLE
from quanheng.apps.exchange.enums import Direction, EventState, RowOutcome
from quanheng.apps.exchange.models import ResultRow
from quanheng.apps.exchange.services.runs import files_dir
from quanheng.apps.instruments import acts
from quanheng.apps.instruments.enums import ImportStage, RowAction
from quanheng.apps.instruments.models import (
    ImportRow,
    Instrument,
    LabelPrint,
    VerificationPeriod,
)
from quanheng.apps.registry.models import Contact, Entity
from quanheng.kit.models import ExportJob, SavedView
from quanheng.kit.scope import EVERYTHING, acting_in
from quanheng.kit.uploads import uploads_dir
from tests import factories as make
from tests.factories.exchange import make_alarm, make_event, make_run
from tests.factories.inspections import make_inspections
from tests.factories.invitations import make_newcomers
from tests.factories.receiver import make_delivery, make_webhook
from tests.factories.subjects import mark_rows
from tests.factories.verification import make_authorisation, make_line

CANARY = re.compile(r"Q(\d{4})Z\d{4}K")
KEEPERS = frozenset({Role.SYSTEM_ADMINISTRATOR, Role.SECURITY_ADMINISTRATOR})
LOG_READERS = frozenset({Role.AUDITOR, Role.AUDIT_ADMINISTRATOR})


@dataclass(frozen=True)
class Canary:
    """A mark in the fields of one row.

    Args:
        area_id: where the row belongs; entity_ids: the entities that reach it (itself, its parents).
        user_id: the one person whose row it is (an export), otherwise None.
        public: a fact that the scan page shows to whoever has the code.
        log: stands in the log of acts, which its readers see for the whole province.
        keepers: the system and the security administrator keep it (the names of keys).
        report: stands in a shopper's report, which the hotline of the place reads.
        lent_to: the entity whose repairers know it, for the row was assigned to them.
    """

    text: str
    area_id: int
    entity_ids: frozenset[int] = frozenset()
    user_id: int | None = None
    public: bool = False
    log: bool = False
    keepers: bool = False
    lent_to: int = 0
    report: bool = False


@dataclass
class Place:
    """A county with one of everything, and its officers' and operators' actors by role."""

    county: Area
    city: Area
    ids: dict[str, Any] = field(default_factory=dict)
    actors: dict[Role, Actor] = field(default_factory=dict)
    rows: str = ""  # fingerprint of its rows when the world was built


@dataclass
class World:
    """All places and all canaries."""

    places: list[Place] = field(default_factory=list)
    lent: Place = field(default_factory=lambda: Place(Area(), Area()))  # an instrument at the home's repairer
    canaries: list[Canary] = field(default_factory=list)
    parents: dict[int, int] = field(default_factory=dict)  # entity → its parent
    above: dict[int, set[int]] = field(default_factory=dict)  # an area, and itself with all above it

    def mark(self, area: Area, *entities: Entity, **kind: Any) -> str:
        """Return a new canary for a row of these entities (children first)."""
        self.above.setdefault(area.id, set(_itself_and_above(area)))
        text = f"Q{len(self.canaries):04d}Z{area.id % 9973:04d}K"
        reached = {e.pk for e in entities} | {e.root_id for e in entities if e.root_id}
        self.canaries.append(Canary(text, area.id, frozenset(reached), **kind))
        return text

    def lend(self, table: str, row: str, to: int) -> None:
        """Let an entity's repairers know the canaries of some rows."""
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT string_agg(t::text, ' ') FROM {table} t WHERE {row}")
            for number in set(CANARY.findall(cursor.fetchone()[0])):
                self.canaries[int(number)] = replace(self.canaries[int(number)], lent_to=to)

    def foreign_to(self, actor: Actor | None) -> list[Canary]:
        """Return the canaries that this actor must never meet."""
        return [canary for canary in self.canaries if not self.may_know(actor, canary)]

    def reaches(self, actor: Actor | None, place: Place) -> bool:
        """Say whether the place's ledger is the actor's to write in."""
        return (
            actor is not None
            and actor.role in OFFICERS | INSTITUTE_STAFF
            and actor.area_id in self.above[place.county.id]
        )

    def may_know(self, actor: Actor | None, canary: Canary) -> bool:
        """The oracle: who may read the row that carries this canary."""
        if actor is None or actor.role is None:
            return False
        if canary.user_id is not None:
            return canary.user_id == actor.user_id or (canary.keepers and actor.role in KEEPERS)
        if actor.role in LOG_READERS:
            return canary.log
        if actor.role in ENTITY_ROLES:
            lent = actor.role == Role.REPAIRER and actor.entity_id == canary.lent_to
            above = self.parents.get(actor.entity_id or 0)  # a station may know the name of its company
            own = actor.entity_id in canary.entity_ids
            return lent or own or (canary.public and above in canary.entity_ids)
        of_hotline = actor.role == Role.HOTLINE_AGENT and (canary.report or canary.public)
        mine = of_hotline or actor.role in OFFICERS | INSTITUTE_STAFF
        return mine and actor.area_id in self.above[canary.area_id]


def _itself_and_above(area: Area | None) -> Iterator[int]:
    while area is not None:
        yield area.id
        area = area.parent


ROWS_OF_A_PLACE = (
    "registry_entity", "registry_contact", "instruments_instrument", "instruments_verification",
    "instruments_seal", "instruments_placement", "instruments_instrumentcode", "instruments_importrun",
    "instruments_shopperreport", "instruments_proposedchange", "people_invitation", "people_accountrequest",
    "hospitals_halfyearreport", "focus_focuslisting",
)  # fmt: skip


def fingerprint(place: Place) -> str:
    """Return a hash of every row of a place: it changes when anybody changes, adds or removes one."""
    each = " || ".join(
        f"(SELECT coalesce(md5(string_agg(t::text, '' ORDER BY t::text)), '') FROM {table} t"
        f" WHERE area_id BETWEEN {place.county.id} AND {place.county.last})"
        for table in ROWS_OF_A_PLACE
    )
    with acting_in(EVERYTHING), connection.cursor() as cursor:
        cursor.execute(f"SELECT {each}")
        return str(cursor.fetchone()[0])


def build_world() -> World:
    world = World()  # of about 150 rows
    with acting_in(EVERYTHING):
        for _city in range(2):
            city = make.make_area(level=AreaLevel.CITY)
            for _county in range(2):
                world.places.append(_build_place(world, make.make_area(parent=city), city))
        zone = make.make_area("高新技术产业开发区", parent=world.places[0].city, code="510171")
        world.places.append(_build_place(world, zone, world.places[0].city))
        world.lent = _lend(world, world.places[0], world.places[1])
        for place in [*world.places, world.lent]:
            place.rows = fingerprint(place)
    return world


def _lend(world: World, home: Place, neighbour: Place) -> Place:
    """Instruments of the neighbour's that were sent to the home's repairer: one now, others before and later.

    Known are the instrument that is there, its seal and whose it is; of the others nothing at all.
    """
    repairer = home.actors[Role.REPAIRER].entity_id or 0
    lent = Place(neighbour.county, neighbour.city, ids=dict(neighbour.ids), actors=neighbour.actors)
    yesterday, tomorrow = (timezone.localdate() + timedelta(days=days) for days in (-1, 1))
    for terms in (
        {"ended_at": timezone.now()}, {"valid_to": yesterday}, {"valid_from": tomorrow}, {},
    ):  # fmt: skip
        customer = _entity(world, make.make_area(level=AreaLevel.STREET, parent=neighbour.county))
        it = _hang(world, lent, customer)
        Instrument.objects.unscoped().filter(pk=it.pk).update(state="under_repair", result="")
        make.make_assignment(it, repairer, reason=world.mark(customer.area, customer), **terms)
    lent.ids |= {"entity_id": customer.pk, "instrument_id": it.pk, "code": it.code}
    for table, row in (
        ("instruments_instrument", f"id = {it.pk}"), ("instruments_seal", f"instrument_id = {it.pk}"),
        ("registry_entity", f"id = {customer.pk}"), ("accounts_assignment", f"row_id = {it.pk}"),
    ):  # fmt: skip
        world.lend(table, row, repairer)
    return lent


def _build_place(world: World, county: Area, city: Area) -> Place:
    place = Place(county, city)
    area = make.make_area(level=AreaLevel.STREET, parent=county)
    market = _entity(world, area, kind="market_operator")
    stalls = [_entity(world, area, kind="stall", parent=market) for _ in range(2)]
    company = _entity(world, area, kind="company")
    station = _entity(world, area, kind="company", parent=company)
    scales = [_hang(world, place, entity) for entity in (*stalls, market, station, company)]
    place.ids |= {"entity_id": stalls[0].pk, "instrument_id": scales[0].pk, "code": scales[0].code}
    place.ids |= {"area_id": county.pk, "entity_code": market.code}
    _appoint(world, place, market, station)
    _import(world, place, area, market)
    _files(world, place, area)
    _office_things(world, place)
    place.ids |= make_newcomers(market, area, world.mark) | mark_rows(station, world.mark)
    make.make_notice(office_id=county.pk, subject=world.mark(county), kind="filing_submitted")
    notice = make.make_notice(entity_id=market.pk, subject=world.mark(area, market), row_id=scales[2].pk)
    place.ids |= {"notice_id": notice.pk} | make_inspections(scales[3], world.mark)
    return place


def _entity(world: World, area: Area, **fields: Any) -> Entity:
    entity: Entity = make.make_entity(area=area, name="待命名", code=make.make_code_value(), **fields)
    parents = [entity.parent] if entity.parent else []
    if entity.parent:
        world.parents[entity.pk] = entity.parent.pk
    entity.name = "单位" + world.mark(area, entity, *parents, public=True)
    entity.address = world.mark(area, entity, *parents, public=True)
    entity.save()
    make.make_contact(
        entity, name=world.mark(area, entity, *parents), phone="139" + world.mark(area, entity, *parents)
    )
    return entity


def _hang(world: World, place: Place, entity: Entity) -> Instrument:
    """Make an instrument of an entity with everything that can hang on it."""

    def mark(**kind: Any) -> str:
        return world.mark(entity.area, entity, **kind)

    scale = make.make_instrument(
        entity, name=mark(public=True), model=mark(public=True), serial_number=mark(public=True),
        manufacturer=mark(public=True), place=mark(public=True), certificate_number=mark(public=True),
        institute=mark(public=True), return_reason=mark(), details={"备注": mark()}, repair_code=mark(),
    )  # fmt: skip
    verification = make.make_verification(
        scale, certificate_number=mark(public=True), institute=mark(public=True), dispute=mark()
    )
    place.ids |= {"verification_id": verification.pk}
    seal = make.make_seal(scale, number=mark(public=True), applied_by=mark(), applied_witness=mark())
    make.make_placement(scale, place=mark(public=True))
    make.make_code(scale)
    make.make_code(area=entity.area, batch=world.mark(entity.area))
    Reminder.objects.unscoped().create(
        instrument=scale, root=scale.root, area=scale.area, due_on=timezone.localdate(),
        days_before=7, at=timezone.now(),
    )  # fmt: skip
    waiting = make_event(scale, state=EventState.QUARANTINED, reason=world.mark(scale.area))
    alarm = make_alarm(scale, detail=world.mark(scale.area))
    place.ids |= {"event_id": waiting.pk, "alarm_id": alarm.pk}
    proposal = make.make_proposal(scale, facts={"model": mark()}, asked_because=mark())
    place.ids |= {"proposal_id": proposal.pk}
    report = make.make_report(
        scale, words=mark(report=True), place=mark(report=True), note=mark(report=True),
        about=f"{scale.name} {scale.place}", code=scale.code,
    )  # fmt: skip
    attached = make.make_attachment(scale, title=mark(), attached_by_name=mark(), data=mark().encode())
    place.ids |= {"file_id": attached.pk}
    act = record(
        acts.SEAL_APPLIED, by=make.make_actor(area=entity.area), at=timezone.now(), area_id=entity.area_id,
        entity_id=entity.pk, root_id=entity.root_id, instrument_id=scale.pk, subject=mark(log=True),
        reason=mark(log=True), after={"number": mark(log=True)},
    )  # fmt: skip
    place.ids |= {"seal_id": seal.pk, "number": report.number, "report_id": report.pk, "act_id": act.pk}
    return scale


def _appoint(world: World, place: Place, market: Entity, station: Entity) -> None:
    agency = make.make_agency(area=place.county)
    institute = make.make_agency(area=place.county, kind=AgencyKind.INSTITUTE)
    entities = {Role.MARKET_OPERATOR: market, Role.INSTRUMENT_USER: station, Role.REPAIRER: station}
    seats = {Role.CITY_OFFICER: place.city, Role.PROVINCE_OFFICER: place.city.parent}
    for role in Role:
        area = seats.get(role) or place.county
        office = institute if role in INSTITUTE_STAFF else agency
        place.actors[role] = (
            make.make_actor(role, entity=entities[role])
            if role in ENTITY_ROLES
            else make.make_actor(role, agency=office, area=area)
        )
    officer = place.actors[Role.COUNTY_OFFICER]
    place.ids |= {
        "user_id": officer.user_id, "agency_id": agency.pk, "appointment_id": officer.appointment_id,
        "contact_id": Contact.objects.unscoped().get(entity=market).pk,
    }  # fmt: skip
    _bench_things(world, place, institute, market)


def _bench_things(world: World, place: Place, institute: Agency, market: Entity) -> None:
    """What lies at the institute: an instrument that waits to be verified, and one with a certificate."""
    waiting, done = (
        Instrument.objects.unscoped().get(pk=place.ids["instrument_id"]),
        Instrument.objects.unscoped().filter(entity=market).latest("pk"),
    )
    line = make_line(waiting, institute, return_reason=world.mark(waiting.area, waiting.entity))
    number = world.mark(done.area, done.entity)
    certificate = Certificate.objects.unscoped().create(
        institute=institute, number=number, number_key=number, public_code=f"{done.pk:024d}",
        kind="certificate", instrument=done, root=done.root, area=done.area, issued_at=timezone.now(),
    )  # fmt: skip
    people = (place.actors[Role.VERIFIER].user_id or 0, place.actors[Role.APPROVER].user_id or 0)
    content = {part: dict.fromkeys(names, "") for part, names in CORRECTABLE.items()}
    CertificateVersion.objects.unscoped().create(
        certificate=certificate, version=1, kind="issued", root=done.root, area=done.area, content=content,
        digest="0" * 64, made_by_id=people[0], approved_by_id=people[1], at=timezone.now(),
    )  # fmt: skip
    place.ids |= {
        "line_id": line.pk,
        "application_id": line.application_id,
        "slip": line.application.slip_token,
        "certificate_id": certificate.pk,
        "institute_id": institute.pk,
        "authorisation_id": make_authorisation(institute, waiting.item, waiting.area).pk,
    }


def _import(world: World, place: Place, area: Area, market: Entity) -> None:
    sheet = uploads_dir() / f"walls-{place.county.pk}.csv"
    sheet.write_text(f"器具名称,出厂编号\n电子秤,{world.mark(area, market)}\n", encoding="utf-8")
    run = make.make_import_run(
        area=area, entity=market, stage=ImportStage.PREVIEW, file_path=sheet.name,
        file_name=world.mark(area, market),
        message=world.mark(area, market), requested_by_id=place.actors[Role.COUNTY_OFFICER].user_id,
    )  # fmt: skip
    ImportRow.objects.create(
        run=run, position=1, number=2, action=RowAction.REJECTED, label=world.mark(area, market),
        reason=world.mark(area, market),
    )  # fmt: skip
    place.ids |= {"run_id": run.pk, "import_id": run.pk, "task_ids": [run.pk]}


def _files(world: World, place: Place, area: Area) -> None:
    """What went to e-CQS and what came from it."""
    sheet = uploads_dir() / f"walls-results-{place.county.pk}.csv"
    heads = "证书编号,检定日期,检定结论,检定机构,出厂编号"
    sheet.write_text(f"{heads}\n{world.mark(area)},,,,\n", encoding="utf-8")
    written = files_dir() / f"walls-{place.county.pk}.csv"
    written.write_text(world.mark(area), encoding="utf-8")
    taken = make_run(area, Direction.IN, file_path=sheet.name, file_name=world.mark(area), rejected=1)
    told = make_run(area, Direction.OUT, file_path=written.name, file_name=f"{world.mark(area)}.csv")
    ResultRow.objects.create(
        run=taken, position=1, number=2, sheet=sheet.name, outcome=RowOutcome.REJECTED,
        label=world.mark(area), reason=world.mark(area), certificate_number=world.mark(area),
    )  # fmt: skip
    place.ids |= {"imported_id": taken.pk, "exported_id": told.pk}
    place.ids["task_ids"] += [taken.pk, told.pk]


def _office_things(world: World, place: Place) -> None:
    """What people keep for themselves: an export, a saved view, a form that was not taken in."""
    owner = place.actors[Role.COUNTY_OFFICER]
    assert owner.user_id is not None
    job = ExportJob.objects.unscoped().create(
        list_key="instruments", title=world.mark(place.county, user_id=owner.user_id), format="csv",
        requested_by_id=owner.user_id, appointment_id=owner.appointment_id, requested_at=timezone.now(),
        expires_at=timezone.now() + timedelta(days=1),
    )  # fmt: skip
    view = SavedView.objects.create(
        list_key="instruments", name=world.mark(place.county, user_id=owner.user_id), owner_id=owner.user_id,
        saved_at=timezone.now(),
    )  # fmt: skip
    labels = LabelPrint.objects.unscoped().create(
        selection={"batch": world.mark(place.county, user_id=owner.user_id)}, layout="a4", total=1,
        requested_by_id=owner.user_id, appointment_id=owner.appointment_id, requested_at=timezone.now(),
    )  # fmt: skip
    make.make_api_key(owner)
    key = ApiKey.objects.latest("pk")
    key.name = world.mark(place.county, user_id=owner.user_id, keepers=True)
    key.save()
    kept = make.make_kept_form(owner, words=world.mark(place.county, user_id=owner.user_id))
    place.ids |= {"kept_form_id": kept.pk}
    webhook = make_webhook(key, world.mark(place.county, user_id=owner.user_id, keepers=True))
    place.ids |= {"webhook_id": webhook.pk, "delivery_id": make_delivery(webhook).pk}
    place.ids |= {"job_id": job.pk, "view_id": view.pk, "print_id": labels.pk, "key_id": key.pk}
    place.ids["task_ids"] += [job.pk, labels.pk]
    item = make.make_item()
    period = VerificationPeriod.objects.create(
        item=item, regulation=f"JJG {place.county.pk}", months=12, valid_from=date(2020, 1, 1), source="测试"
    )
    place.ids |= {"item_id": item.pk, "period_id": period.pk}
