"""Kinds of notices, each declared once, in `apps/<app>/notices.py`.

FILING_RETURNED = kind(
    "filing_returned", _("备案被退回"), who=ENTITY_ROLES, told_by=(acts.FILING_RETURNED,), to=to_keepers,
    text=_("备案被退回：%(subject)s"), many=_("%(count)s 台器具的备案被退回"),
    of="instruments", among="state=returned",
)
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.module_loading import autodiscover_modules

from quanheng.apps.notices.addresses import Acts, Letters
from quanheng.kit.acts import Verb
from quanheng.kit.tones import Text, Tone


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeKind:
    """What a notice says, to whom, and where it leads.

    Args:
        key: snake case; never used again for another kind.
        label: what it is called among the settings.
        who: the roles that are told; others at the same address are not.
        text: in one row, with %(subject)s and %(act)s; never a person's name.
        many: for several at once, with %(count)s.
        of: the key of the list whose row it leads to.
        among: the filter of that list where it leads for several.
        told_by: the acts that tell it; none where a service tells it by itself.
        to: who is told of which acts.
        settled_by: the acts after which nobody has to do anything about it any more.
        rows_of: the rows that such acts settle; the instruments, unless said.
        tone: how it looks.
    """

    key: str
    label: Text
    who: frozenset[Any]
    text: Text
    many: Text
    of: str
    among: str = ""
    told_by: tuple[Verb, ...] = ()
    to: Callable[[Acts], Letters] = lambda _acts: ()
    settled_by: tuple[Verb, ...] = ()
    rows_of: Callable[[Acts], Iterable[int | None]] = lambda acts: (act.instrument_id for act in acts)
    tone: Tone = Tone.INFO


_DECLARED: dict[str, NoticeKind] = {}
_TOLD_BY: dict[str, list[NoticeKind]] = {}
_SETTLED_BY: dict[str, list[NoticeKind]] = {}


def kind(key: str, label: Text, **more: Any) -> NoticeKind:
    """Declare a kind; `more` are arguments of `NoticeKind`.

    Raises:
        ValueError: it is declared twice.
    """
    if key in _DECLARED:
        raise ValueError(f"The notice {key!r} is declared twice.")
    declared = NoticeKind(key=key, label=label, **more)
    _DECLARED[key] = declared
    for verbs, table in ((declared.told_by, _TOLD_BY), (declared.settled_by, _SETTLED_BY)):
        for verb in verbs:
            table.setdefault(verb, []).append(declared)
    return declared


def discover() -> None:
    """Load every app's `notices.py`. Django must know its apps."""
    autodiscover_modules("notices")


def kinds() -> tuple[NoticeKind, ...]:
    """Return every kind that is declared, app by app."""
    return tuple(_DECLARED.values())


def kind_of(key: str) -> NoticeKind | None:
    """Return a kind by its key; None for one that is declared no more."""
    return _DECLARED.get(key)


def kinds_for(role: Any) -> list[NoticeKind]:
    """Return the kinds that a role is told."""
    return [each for each in _DECLARED.values() if role in each.who]


def told_by(verbs: Iterable[str]) -> dict[str, NoticeKind]:
    """Return the kinds that some acts tell, by key."""
    return {each.key: each for verb in verbs for each in _TOLD_BY.get(verb, ())}


def settled_by(verbs: Iterable[str]) -> dict[str, NoticeKind]:
    """Return the kinds that some acts settle, by key."""
    return {each.key: each for verb in verbs for each in _SETTLED_BY.get(verb, ())}


def choices() -> list[tuple[str, Text]]:
    """Return key and label of every kind: the choices of the column."""
    return [(each.key, each.label) for each in kinds()]
