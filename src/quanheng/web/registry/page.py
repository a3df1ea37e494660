"""The file of one entity, put together: who it is, its people, its parts, its instruments, what is due."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.audit.queries import acts_of_entities
from quanheng.apps.focus.acts import LISTED_ONES
from quanheng.apps.instruments import acts as instruments_acts
from quanheng.apps.instruments.enums import InstrumentState
from quanheng.apps.instruments.queries.attachments import of_entity
from quanheng.apps.instruments.queries.ledger import grade_counts, graded, ledger
from quanheng.apps.registry import acts as registry_acts
from quanheng.apps.registry.enums import EntityState
from quanheng.apps.registry.queries import children_of, contacts_of
from quanheng.apps.registry.staleness import is_unconfirmed
from quanheng.kit.acts import may
from quanheng.kit.fields import mask_name, mask_phone
from quanheng.regulation.instrument_states import WITH_THE_OWNER
from quanheng.regulation.trust import Grade
from quanheng.web.instruments.labels import (
    FOCUS,
    GRADE_WORDS,
    TO_SEE_TO,
    TONE_OF_GRADE,
    due_words,
    entry_of,
    verdict,
)
from quanheng.web.parts import DetailHead, Entry, Fact, Link, State, Text, Tile
from quanheng.web.registry.lists import entity_state

if TYPE_CHECKING:
    from quanheng.apps.audit.models import Act
    from quanheng.apps.instruments.models import Attachment, Instrument
    from quanheng.apps.registry.models import Contact, Entity

CHILDREN_SHOWN = 60
DUE_SHOWN = 12
GRADE_HINTS: dict[Grade, Text] = {
    Grade.GREEN: "",
    Grade.AMBER: gettext_lazy("即将到期、未核实或复核中"),
    Grade.RED: gettext_lazy("不得使用"),
    Grade.GREY: gettext_lazy("停用、封存、报废"),
}
WORST_FIRST = (Grade.RED, Grade.AMBER, Grade.GREEN, Grade.GREY)


@dataclass(frozen=True, slots=True)
class ShownContact:
    """A person, masked."""

    contact: Contact
    name: str
    phone: str
    reveal_url: str


@dataclass(frozen=True, slots=True)
class DueLine:
    """An instrument that something has to be done about."""

    instrument: Instrument
    url: str
    state: State
    what: str
    who: str


@dataclass(frozen=True, slots=True)
class ShownEntity:
    """What the template draws."""

    entity: Entity
    head: DetailHead
    unconfirmed_since: date | None
    identity: Sequence[Fact]
    contacts: Sequence[ShownContact]
    may_change: bool
    tiles: Sequence[Tile]
    due: Sequence[DueLine]
    due_url: str
    children: Sequence[Entity]
    more_children: int
    children_url: str
    certificates_url: str
    files: Sequence[Attachment]
    attach_url: str
    map_url: str
    timeline: Sequence[Entry]
    more_url: str
    others: Sequence[Link]


def shown_entity(entity: Entity, actor: Actor, today: date, *, acts: int) -> ShownEntity:
    """Put the file together for a person on a day; `acts` says how many lines of the history."""
    mine = of_file(entity, actor)
    children = children_of(entity, actor)
    total = children.count()
    told = _told(entity, actor, acts + 1)
    return ShownEntity(
        entity=entity,
        head=_head(entity, actor, mine),
        unconfirmed_since=_unconfirmed_since(entity, actor, today),
        identity=_identity(entity, actor),
        contacts=[_contact(each, actor, entity) for each in contacts_of(entity, actor)],
        may_change=may(registry_acts.ENTITY_CHANGED, actor, entity) and entity.state != EntityState.CLOSED,
        tiles=_tiles(entity, mine, today),
        due=_due(mine, today),
        due_url=_ledger_url(entity, grade=TO_SEE_TO),
        children=list(children[:CHILDREN_SHOWN]),
        more_children=max(0, total - CHILDREN_SHOWN),
        children_url=f"{reverse('entity_list')}?{urlencode({'inside': entity.pk})}",
        certificates_url=f"{reverse('certificate_list')}?{urlencode({'at': entity.pk})}",
        files=of_entity(entity.pk, actor),
        attach_url=_attach_url(entity, actor),
        map_url=_map_url(entity),
        timeline=[entry_of(act, _subject_url(act, entity)) for act in told[:acts]],
        more_url="?all=1" if len(told) > acts else "",
        others=_others(entity, actor),
    )


def _attach_url(entity: Entity, actor: Actor) -> str:
    allowed = may(instruments_acts.ATTACHED, actor, entity)
    return reverse("entity_attach", args=[entity.pk]) if allowed else ""


def of_file(entity: Entity, actor: Actor) -> QuerySet[Instrument]:
    """Return the instruments in a file: its own, and those of everything inside it when it is at the top."""
    rows = ledger(actor)
    return rows.filter(root_id=entity.pk) if entity.root_id == entity.pk else rows.filter(entity_id=entity.pk)


def _head(entity: Entity, actor: Actor, mine: QuerySet[Instrument]) -> DetailHead:
    due, duty = "", ""
    filing = mine.filter(state=InstrumentState.FILING).count()
    returned = mine.filter(state__in=WITH_THE_OWNER).count()
    if entity.state == EntityState.DRAFT:
        due, duty = _("核对后确认档案"), _("辖区市场监管部门")
    elif filing:
        due, duty = _("审核 %(count)d 台（件）器具的备案") % {"count": filing}, _("辖区市场监管部门")
    elif returned:
        due, duty = _("%(count)d 台（件）器具待补正或提交备案") % {"count": returned}, _("使用单位")
    acts = []
    if may(instruments_acts.INSTRUMENT_REGISTERED, actor) and entity.state != EntityState.CLOSED:
        acts.append(Link(_("登记器具"), f"{reverse('instrument_new')}?entity={entity.pk}", "plus"))
    if filing and may(instruments_acts.FILING_ACCEPTED, actor):
        acts.insert(
            0,
            Link(_("审核备案"), reverse("filing_review", args=[entity.root_id]), "file-check", primary=True),
        )
    return DetailHead(entity.name, entity_state(entity), entity.credit_code or "", due, duty, acts)


def _unconfirmed_since(entity: Entity, actor: Actor, today: date) -> date | None:
    asks = is_unconfirmed(entity, today) and may(registry_acts.ENTITY_UNCHANGED, actor, entity)
    return entity.confirmed_on if asks else None


def _identity(entity: Entity, actor: Actor) -> list[Fact]:
    focus = FOCUS if entity.under_focus else None
    lines = [
        Fact(_("主体类型"), entity.get_kind_display()),
        Fact(_("场所类型"), entity.get_premises_display()),
        Fact(_("统一社会信用代码"), entity.credit_code, code=True),
        Fact(_("行政区划"), entity.area.full_name),
        Fact(_("经营地址"), entity.address),
        Fact(_("行业代码"), entity.industry_code, code=True),
        Fact(_("信用等级"), entity.credit_grade),
        Fact(_("诚信计量承诺"), _("已承诺") if entity.integrity_pledge else ""),
        Fact(_("重点监管"), _("是") if focus else _("否"), _focus_url(entity, actor), state=focus),
    ]
    if entity.parent:
        lines.insert(
            2, Fact(_("上级主体"), entity.parent.name, reverse("entity_page", args=[entity.parent.pk]))
        )
        lines.insert(3, Fact(_("摊位号"), entity.stall_number))
    if entity.hospital_grade:
        lines.append(Fact(_("医院等级"), entity.hospital_grade))
    if entity.annual_energy_tce is not None:
        lines.append(Fact(_("年综合能耗（tce）"), entity.annual_energy_tce))
    return [
        *lines,
        Fact(_("建档时间"), localtime(entity.registered_at).date()),
        Fact(_("最近确认日期"), entity.confirmed_on),
    ]


def _focus_url(entity: Entity, actor: Actor) -> str:
    if not actor.is_officer and actor.role not in LISTED_ONES:
        return ""
    return f"{reverse('focus_list')}?{urlencode({'entity': entity.pk})}"


def _contact(contact: Contact, actor: Actor, entity: Entity) -> ShownContact:
    url = ""
    if may(registry_acts.PERSONAL_DATA_REVEALED, actor, entity):
        url = reverse("contact_reveal", args=[entity.pk, contact.pk])
    return ShownContact(contact, mask_name(contact.name), mask_phone(contact.phone), url)


def _tiles(entity: Entity, mine: QuerySet[Instrument], today: date) -> list[Tile]:
    counts = grade_counts(mine, today)
    tiles = [_grade_tile(entity, grade, counts[grade]) for grade in WORST_FIRST]
    return [Tile(str(sum(counts.values())), _("全部器具"), _ledger_url(entity)), *tiles]


def _grade_tile(entity: Entity, grade: Grade, count: int) -> Tile:
    url = _ledger_url(entity, grade=grade.value)
    return Tile(str(count), GRADE_WORDS[grade], url, GRADE_HINTS[grade], TONE_OF_GRADE[grade])


def _ledger_url(entity: Entity, *, grade: str = "") -> str:
    asked = {"at": str(entity.pk)} | ({"grade": grade} if grade else {})
    return f"{reverse('instrument_list')}?{urlencode(asked)}"


def _due(mine: QuerySet[Instrument], today: date) -> list[DueLine]:
    rows = mine.filter(graded(Grade.RED, today) | graded(Grade.AMBER, today)).order_by("valid_until", "id")
    lines = []
    for it in rows[:DUE_SHOWN]:
        what, who = due_words(it, today)
        lines.append(
            DueLine(it, reverse("instrument_page", args=[it.pk]), verdict(it, today), str(what), str(who))
        )
    return lines


def _map_url(entity: Entity) -> str:
    return f"geo:{entity.latitude},{entity.longitude}" if entity.latitude and entity.longitude else ""


def _told(entity: Entity, actor: Actor, at_most: int) -> list[Act]:
    """Return what happened in this file and in the files below it."""
    below = list(children_of(entity, actor).values_list("pk", flat=True))
    batches = [entity.batch_id] if entity.batch_id else []
    return acts_of_entities([entity.pk, *below], batches=batches, by=actor, at_most=at_most)


def _subject_url(act: Act, entity: Entity) -> str:
    if act.instrument_id:
        return reverse("instrument_page", args=[act.instrument_id])
    return reverse("entity_page", args=[act.entity_id]) if act.entity_id not in {None, entity.pk} else ""


def _others(entity: Entity, actor: Actor) -> list[Link]:
    if entity.state == EntityState.CLOSED:
        return []
    links = []
    if may(registry_acts.ENTITY_CHANGED, actor, entity):
        links += [
            Link(_("修改档案"), reverse("entity_edit", args=[entity.pk]), "pencil"),
            Link(_("登记联系人"), reverse("contact_edit", args=[entity.pk]), "user"),
        ]
    if may(registry_acts.ENTITY_REGISTERED, actor) and entity.parent_id is None:
        links.append(Link(_("新增摊位或站点"), f"{reverse('entity_new')}?parent={entity.pk}", "plus"))
    if entity.state == EntityState.CONFIRMED and may(registry_acts.ENTITY_CLOSED, actor, entity):
        links.append(Link(_("注销档案"), reverse("entity_close", args=[entity.pk]), "trash", danger=True))
    return links
