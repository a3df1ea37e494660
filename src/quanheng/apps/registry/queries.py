"""What the registry of entities can be asked."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from operator import itemgetter
from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet, Value

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.registry import refusals
from quanheng.apps.registry.enums import ContactDuty, EntityKind, EntityState, PremisesKind
from quanheng.apps.registry.models import Contact, Entity, EntityWord
from quanheng.kit.columns import choices_of, labels_of
from quanheng.kit.lists.filters import after_prefix
from quanheng.kit.scope import InLedger, ScopedQuerySet
from quanheng.kit.tones import Text
from quanheng.regulation.identifiers import LENGTH
from quanheng.regulation.search_terms import Term, read_term


@dataclass(frozen=True, slots=True)
class PlaceOfUse(InLedger):
    """What the ledger needs to know of an entity to put an instrument there."""

    entity_id: int
    root_id: int
    area_id: int
    premises: str
    name: str


def place_of_use(entity: Entity) -> PlaceOfUse:
    """Read an entity as a place of use; the root of a top entity is itself."""
    return PlaceOfUse(entity.pk, entity.root_id or entity.pk, entity.area_id, entity.premises, entity.name)


@dataclass(frozen=True, slots=True)
class PlaceOnFile(PlaceOfUse):
    """A place of use and how its file stands."""

    state: str


def place_on_file(entity_id: int) -> PlaceOnFile:
    """Return where an entity is now and how its file stands. The scope must let everything through."""
    entity = Entity.objects.unscoped().get(pk=entity_id)
    place = place_of_use(entity)
    return PlaceOnFile(
        place.entity_id, place.root_id, place.area_id, place.premises, place.name, entity.state
    )


def people_of_places(entity_ids: Collection[int]) -> dict[int, set[str]]:
    """Return entity → the names of its people, for comparing only; whoever asks, they are shown to nobody."""
    found: dict[int, set[str]] = {}
    for contact in Contact.objects.unscoped().filter(entity_id__in=entity_ids):
        found.setdefault(contact.entity_id, set()).add(contact.name)
    return found


def open_entity(entity_id: int) -> PlaceOfUse:
    """Return an entity that instruments may be placed at.

    Raises:
        RuleBroken: entity_not_found when it is unknown or closed.
    """
    entity = Entity.objects.unscoped().filter(pk=entity_id).exclude(state=EntityState.CLOSED).first()
    if entity is None:
        raise refusals.ENTITY_OF_USE_NOT_FOUND()
    return place_of_use(entity)


def entity_file(entity_id: int, by: Actor) -> Entity | None:
    """Return an entity that the actor sees with what its file shows, None otherwise."""
    rows = entities(by).select_related("parent", "root", "area")
    return rows.filter(pk=entity_id).first()


def children_of(entity: Entity, by: Actor) -> QuerySet[Entity]:
    """Return the stalls of a market or the stations of a company, in the order of their numbers."""
    return entities(by).filter(parent=entity).order_by("stall_number", "name", "id")


def entity_labels() -> Mapping[str, Text]:
    """Return column of an entity → its name in words."""
    return labels_of(Entity)


def entity_choices() -> Mapping[str, dict[str, Text]]:
    """Return column of an entity → value → the value in words."""
    return choices_of(Entity)


def contacts_of(entity: Entity, by: Actor) -> QuerySet[Contact]:
    """Return the people of an entity that the actor sees; show them through `mask_name`."""
    return Contact.objects.visible_to(by).filter(entity=entity).order_by("duty", "id")


@dataclass(frozen=True, slots=True)
class FiledRepairer:
    """What anybody may know of a repairer whose file is confirmed."""

    id: int
    name: str
    place: str


def filed_repairers(named: str = "") -> list[FiledRepairer]:
    """Return repairers and makers with a confirmed file, whose name holds a text; at most twenty."""
    return _repairers(named.strip(), None)


def filed_repairer(entity_id: int) -> FiledRepairer | None:
    """Return one of them."""
    return next(iter(_repairers("", entity_id)), None)


def _repairers(named: str, chosen: int | None) -> list[FiledRepairer]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, name, place FROM filed_repairers(%s, %s)", [named, chosen])
        return [FiledRepairer(*row) for row in cursor.fetchall()]


def has_metrology_manager(entity_id: int, by: Actor) -> bool:
    """Say whether the file of an entity that the actor sees names somebody who answers for metrology."""
    rows = Contact.objects.visible_to(by).filter(entity=entity_id, duty=ContactDuty.METROLOGY_MANAGER)
    return any(contact.name for contact in rows)


def hospitals_on_file(until: date) -> QuerySet[Entity]:
    """Return the hospitals with a confirmed file that was opened by a day; a part of one is not another."""
    rows = Entity.objects.unscoped().filter(
        premises=PremisesKind.HOSPITAL, state=EntityState.CONFIRMED,
        registered_at__date__lte=until,
    )  # fmt: skip
    return rows.filter(~Q(parent__premises=PremisesKind.HOSPITAL) | Q(parent=None)).order_by("pk")


WRITTEN_TO = (
    ContactDuty.METROLOGY_MANAGER, ContactDuty.CONTACT, ContactDuty.STALL_KEEPER,
    ContactDuty.LEGAL_REPRESENTATIVE,
)  # fmt: skip


def entity_names(entity_ids: Iterable[int]) -> dict[int, str]:
    """Return the names of entities."""
    rows = Entity.objects.unscoped().filter(pk__in=list(entity_ids))
    return dict(rows.values_list("pk", "name"))


def reachable(entity_ids: Collection[int]) -> dict[int, int]:
    """Return whom to write to: entity → contact with a telephone; who answers for metrology comes first."""
    rows = Contact.objects.unscoped().filter(entity__in=list(entity_ids)).exclude(phone_hash="")
    found = rows.order_by("-pk").values_list("entity_id", "duty", "pk")
    last_wins = sorted(found, key=lambda row: WRITTEN_TO.index(ContactDuty(row[1])), reverse=True)
    return {entity: contact for entity, _duty, contact in last_wins}


def telephone_of(contact_id: int) -> str:
    """Return a contact's number for whoever delivers a message; empty when there is none any more."""
    contact = Contact.objects.unscoped().filter(pk=contact_id).first()
    return contact.phone if contact else ""


def has_telephone(entity_id: int, phone_hash: str, by: Actor) -> bool:
    """Say whether a telephone, by its hash, stands in the file of an entity that the actor sees."""
    contacts = Contact.objects.visible_to(by).filter(entity=entity_id)
    return bool(phone_hash) and contacts.filter(phone_hash=phone_hash).exists()


@dataclass(frozen=True, slots=True)
class Invitee(InLedger):
    """What an invitation needs to know of an entity."""

    entity_id: int
    root_id: int
    area_id: int
    name: str
    kind: str
    premises: str
    state: str
    credit_code: str
    code: str

    @property
    def short_name(self) -> str:
        """The name as a text message has room for it."""
        return self.name if len(self.name) <= 20 else f"{self.name[:19]}…"


def invitee(entity: Entity) -> Invitee:
    """Read an entity as somebody to invite."""
    return Invitee(
        entity.pk, entity.root_id or entity.pk, entity.area_id, entity.name, entity.kind, entity.premises,
        entity.state, entity.credit_code or "", entity.code or "",
    )  # fmt: skip


def invitee_with_code(code: str) -> Invitee | None:
    """Return the entity with a credit code or a code of its label; for the office, never for whoever asks."""
    rows = Entity.objects.unscoped()
    found = rows.filter(credit_code=code).first() or rows.filter(code=code).first()
    return invitee(found) if found else None


def entities(by: Actor) -> ScopedQuerySet[Entity]:
    """Return the entities that an actor sees."""
    return Entity.objects.visible_to(by)


def credit_code_and_name(entity_id: int) -> tuple[str, str]:
    """Return how an import finds an entity again: its credit code ('' when it has none) and its name."""
    entity = Entity.objects.unscoped().get(pk=entity_id)
    return entity.credit_code or "", entity.name


def entity_with_code(credit_code: str) -> int:
    """Return the entity that bears a credit code.

    Raises:
        RuleBroken: entity_not_found.
    """
    entity = Entity.objects.unscoped().filter(credit_code=credit_code.strip().upper()).first()
    if entity is None:
        raise refusals.CREDIT_CODE_NOT_FOUND(credit_code=credit_code)
    return entity.pk


EXACT, IN_MARKET, BEGINS, HOLDS = range(4)  # how well a row fits what was typed, the best first


def with_name(rows: QuerySet[Entity], typed: str, by: Actor) -> QuerySet[Entity]:
    """Keep the entities that `found_entities` finds, all of them."""
    first, *others = (ids.order_by() for ids in _sides(read_term(typed), by).values())
    return rows.filter(pk__in=first.union(*others))


def found_entities(term: Term, by: Actor, at_most: int) -> dict[int, int]:
    """Return the entities that somebody means who typed this, the best first.

    By code, credit code, whole name or stall number; by market and stall; names that begin so; that hold it.
    """
    first, *others = (ids.annotate(fit=Value(fit))[:at_most] for fit, ids in _sides(term, by).items())
    found: dict[int, int] = {}
    for pk, fit in sorted(first.union(*others, all=True), key=itemgetter(1)):
        found.setdefault(pk, fit)
    return dict(list(found.items())[:at_most])


def entity_with_printed_code(code: str, by: Actor) -> int | None:
    """Return the entity whose door bears a code, if the actor sees it."""
    return entities(by).filter(code=code).values_list("pk", flat=True).first()


def entities_in_words(ids: list[int], by: Actor) -> list[Entity]:
    """Return entities in the order of the ids, with the names of what they belong to."""
    rows = entities(by).filter(pk__in=ids).select_related("parent", "area")
    return sorted(rows, key=lambda row: ids.index(row.pk))


def _sides(term: Term, by: Actor) -> dict[int, QuerySet[Any, Any]]:
    """Return the ids by each way to find an entity, which has its own index: an OR would read every name."""
    rows = entities(by)
    whole = Q(name=term.text) | Q(stall_number__in={term.text, term.key}, kind=EntityKind.STALL)
    if term.code:
        whole = Q(code=term.code)
    elif len(term.key) == LENGTH:
        whole |= Q(credit_code=term.key)
    begins = rows.filter(name__gte=term.text, name__lt=after_prefix(term.text)).order_by("name")
    sides: dict[int, QuerySet[Any, Any]] = {
        EXACT: rows.filter(whole).values_list("pk"), BEGINS: begins.values_list("pk")
    }  # fmt: skip
    if term.market_and_stall:
        market, stall = term.market_and_stall
        inside = rows.filter(kind=EntityKind.STALL, stall_number=stall, parent__in=_worded(market, by))
        sides[IN_MARKET] = inside.values_list("pk")
    if term.name:
        sides[HOLDS] = _worded(term.name, by).order_by("word")
    return sides


def _worded(name: str, by: Actor) -> QuerySet[EntityWord, Any]:
    """Return the entities, as ids, in whose name a part begins so."""
    rows = EntityWord.objects.visible_to(by).filter(word__gte=name, word__lt=after_prefix(name))
    return rows.values_list("entity_id")
