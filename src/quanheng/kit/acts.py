"""Acts, each declared once: in `apps/<app>/acts.py`, with who may do it and who may hear of it.

    act = acts_of("instruments", beyond=_("该器具不在您的管辖范围内"))
    SEAL_APPLIED = act("seal_applied", _("施封"), who=OFFICERS | INSTITUTE_STAFF, tone=Tone.OK)

`may` and `check` are the one question after the right, asked by pages, API, imports and batches alike. The
column of the log takes its choices from here, and the functions of the database ask `acts_on_scan_page()` and
`acts_without_instrument()`, which every run of the migrations writes anew: a new act needs no migration.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Protocol, Self

from django.db import connection
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext as _

from quanheng.kit import refusals
from quanheng.kit.assignments import is_assigned
from quanheng.kit.tones import Text, Tone

if TYPE_CHECKING:
    from quanheng.kit.scope import Scope


class InPublicLog(StrEnum):
    """What the public log says of an act. Entries are recomputed: for an act it never changes."""

    NAMED = "named"  # the act, the instrument and the facts that anybody may know
    WITHOUT_INSTRUMENT = "without_instrument"  # a suspicion is nobody's business before it is cleared up
    HASH_ALONE = "hash_alone"  # what an office does about itself and its people


@dataclass(frozen=True, slots=True)
class Final:
    """Of an act that nobody takes back: what a page says when it asks once before it is done.

    Args:
        follows: what it brings about, in a sentence.
        amends: how it is put right where it was done by mistake, or that it cannot be.
    """

    follows: Text
    amends: Text


class Verb(str):
    """What was done: a kind of act. As a string it is its key, which the log keeps.

    Args:
        key: snake case, past tense; never used again for another act.
        label: what the timeline shows.
        app: the app that declares it.
        meaning: in English, where the label does not say it; for the reference.
        who: the roles that may; empty where no role is asked (the system itself, a person about themself).
        tone: the colour of its line in a timeline.
        in_public_log: what the public log says of it.
        public_facts: names in `after` of its own facts that the public log tells, on an instrument or not;
            empty for what the scan page shows of any act on one (`audit.log.entries.PUBLIC_FACTS`).
        on_scan_page: the colour of its line in the history that a shopper reads; None for no line.
        enforcement: 执法行为, what an office does to somebody: refused while the public log stands still.
            What is found (a broken seal), what is given back and what institutes and entities do goes on:
            refusing it would hide a danger, or hold somebody up for our fault.
        withheld: recorded, and named in the public log, before it was seen to be a suspicion: no page tells
            it to an entity or to the public any more.
        assigned_as: the capacities in which it is done to a row that was assigned (`kit.assignments`).
        beyond: the end of the refusal, where the row is out of reach.
        final: nobody takes it back: every page asks once before it is done (`web.asking`); a program, which
            has nobody to ask, is not asked.
    """

    __slots__ = (
        "app",
        "assigned_as",
        "beyond",
        "enforcement",
        "final",
        "in_public_log",
        "label",
        "meaning",
        "on_scan_page",
        "public_facts",
        "tone",
        "who",
        "withheld",
    )

    def __new__(
        cls,
        key: str,
        label: Text,
        *,
        app: str,
        meaning: str = "",
        who: frozenset[Any] = frozenset(),
        tone: Tone = Tone.QUIET,
        in_public_log: InPublicLog = InPublicLog.NAMED,
        public_facts: tuple[str, ...] = (),
        on_scan_page: Tone | None = None,
        enforcement: bool = False,
        withheld: bool = False,
        assigned_as: frozenset[str] = frozenset(),
        beyond: Text = "",
        final: Final | None = None,
    ) -> Self:
        verb = super().__new__(cls, key)
        verb.label, verb.app, verb.meaning, verb.who, verb.tone = label, app, meaning, who, tone
        verb.in_public_log, verb.on_scan_page = in_public_log, on_scan_page
        verb.public_facts, verb.withheld = public_facts, withheld
        verb.enforcement, verb.assigned_as, verb.beyond = enforcement, assigned_as, beyond
        verb.final = final
        return verb

    label: Text
    app: str
    meaning: str
    who: frozenset[Any]
    tone: Tone
    in_public_log: InPublicLog
    public_facts: tuple[str, ...]
    on_scan_page: Tone | None
    enforcement: bool
    withheld: bool
    assigned_as: frozenset[str]
    beyond: Text
    final: Final | None

    def __reduce__(self) -> tuple[Callable[[str], Verb], tuple[str]]:
        return verb_of, (str(self),)


class Role(Protocol):
    """A role, as far as a refusal names it."""

    @property
    def label(self) -> Any: ...


class Doer(Protocol):
    """Whoever acts (`accounts.actors.Actor` fits)."""

    @property
    def role(self) -> Role | None: ...
    @property
    def scope(self) -> Scope: ...
    @property
    def agency_id(self) -> int | None: ...


class Reachable(Protocol):
    """A row that says who reaches it (the mixins of `kit.scope` do)."""

    def reached_by(self, by: Any, /) -> bool: ...


_DECLARED: dict[str, Verb] = {}


def acts_of(app: str, **defaults: Any) -> Callable[..., Verb]:
    """Return the function by which an app declares its acts; `defaults` are arguments of `Verb`."""

    def declare(key: str, label: Text, **more: Any) -> Verb:
        if key in _DECLARED:
            raise ValueError(f"The act {key!r} is declared twice: by {_DECLARED[key].app} and by {app}.")
        _DECLARED[key] = Verb(key, label, app=app, **{**defaults, **more})
        return _DECLARED[key]

    return declare


def discover() -> None:
    """Load every app's `acts.py`. Django must know its apps."""
    autodiscover_modules("acts")


def verbs() -> tuple[Verb, ...]:
    """Return every act that is declared, app by app."""
    return tuple(_DECLARED.values())


def verb_of(key: str) -> Verb:
    """Return an act by its key. Raises KeyError where no app declares it."""
    return _DECLARED[key]


def choices() -> list[tuple[str, Text]]:
    """Return key and label of every act: the choices of the log's column."""
    return [(str(verb), verb.label) for verb in verbs()]


def may(verb: Verb, by: Doer, row: Reachable | None = None) -> bool:
    """Answer a template: may this actor do this (to this row)?"""
    if by.scope.everything:
        return True  # the system itself
    if by.role not in verb.who:
        return False
    return row is None or row.reached_by(by) or is_assigned(row, by.scope.assigned, verb.assigned_as)


def check(verb: Verb, by: Doer, row: Reachable | None = None) -> None:
    """Raise where `may` would say no.

    Raises:
        NotYours: not_yours, with the act and the role.
    """
    if may(verb, by, row):
        return
    role = by.role.label if by.role else _("未登录")
    beyond = verb.beyond or _("该项不在您的管辖范围内")
    raise refusals.NOT_YOURS(role=role, act=verb.label, beyond=beyond, verb=str(verb))


def write_to_database() -> None:
    """Tell the functions of the database what they must know of acts. Only the owner of the schema may."""
    _write("acts_on_scan_page", (verb for verb in verbs() if verb.on_scan_page is not None))
    hidden = InPublicLog.WITHOUT_INSTRUMENT
    _write("acts_without_instrument", (v for v in verbs() if v.in_public_log == hidden or v.withheld))


def _write(function: str, chosen: Iterator[Verb]) -> None:
    keys = ", ".join(f"'{verb}'" for verb in sorted(chosen))
    with connection.cursor() as cursor:
        cursor.execute(
            f"CREATE OR REPLACE FUNCTION {function}() RETURNS text[]"
            f" LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT ARRAY[{keys}]::text[] $$"
        )
