"""The ticket rule: whoever's SHA-256 comes first in the stratum is drawn.

`ticket = SHA-256(seed + "," + draw id + "," + key)` in hexadecimal. The key is the unit's id, or its
cluster's where whole clusters are drawn. A larger quota keeps all earlier picks; a replacement is the next
ticket.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256

from quanheng.packs.case_fault import CaseFault
from quanheng.packs.sentence import tell
from quanheng.regulation.draw.frame import CLUSTER, Frame
from quanheng.regulation.draw.quotas import check_feasible, eligible_sizes, sizes

UNIT = "unit"
Members = dict[str, tuple[str, ...]]  # what is drawn -> its units; nothing where it is itself the unit


@dataclass(frozen=True, slots=True)
class Drawn:
    """One pick: its ticket, and the units that it brings (one, unless clusters are drawn)."""

    key: str
    ticket: str
    units: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Replacement:
    """Somebody drawn cannot be inspected."""

    out: str
    reason: str


@dataclass(frozen=True, slots=True)
class Replaced:
    """A replacement and who came in for it."""

    out: str
    reason: str
    brought: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class StratumDraw:
    """What was drawn in one stratum, in the order of the tickets."""

    stratum: str
    size: int
    eligible: int
    quota: int
    drawn: tuple[Drawn, ...]


@dataclass(frozen=True, slots=True)
class Draw:
    """A draw as it stands, and the replacements that led there."""

    strata: tuple[StratumDraw, ...]
    replaced: tuple[Replaced, ...] = ()

    @property
    def picks(self) -> list[Drawn]:
        """Every pick, stratum by stratum."""
        return [pick for stratum in self.strata for pick in stratum.drawn]

    @property
    def units(self) -> list[str]:
        """Ids of the units to inspect."""
        return [unit for pick in self.picks for unit in pick.units]


def ticket(seed: str, draw_id: str, key: str) -> str:
    """Return one ticket."""
    return sha256(f"{seed},{draw_id},{key}".encode()).hexdigest()


def ordered(seed: str, draw_id: str, keys: Iterable[str]) -> dict[bytes, str]:
    """Return every key by its ticket (as bytes), the smallest ticket first."""
    prefix = f"{seed},{draw_id},".encode()
    tickets = {sha256(prefix + key.encode()).digest(): key for key in keys}
    return {number: tickets[number] for number in sorted(tickets)}


def check_draw_id(draw_id: str) -> None:
    """Raise CaseFault unless the id can stand in a ticket."""
    if not draw_id or "," in draw_id or draw_id != draw_id.strip() or not draw_id.isprintable():
        raise CaseFault("draw_id", "not_an_id", "抽取编号不能为空，不能含逗号、控制字符或前后空白。")


def draw(
    frame: Frame,
    quotas: Mapping[str, int],
    *,
    seed: str,
    draw_id: str,
    selection: str = UNIT,
    replacements: Sequence[Replacement] = (),
) -> Draw:
    """Draw from a frozen frame.

    Args:
        quotas: number of units to draw in each stratum; a stratum that is not named is not drawn from.
        seed: 64 hexadecimal digits.
        selection: ``"unit"``, or ``"cluster"`` to draw clusters until their units fill the quota.
        replacements: in the order in which they were found necessary.

    Raises:
        CaseFault: a quota that cannot be met, a cluster in two strata, a replacement of what was not drawn or
            without a reason, or no ticket left.
    """
    check_draw_id(draw_id)
    there = eligible_sizes(frame)
    check_feasible(quotas, there)
    members = _members(frame, selection)
    walks = {
        stratum: _Walk(stratum, ordered(seed, draw_id, members[stratum]), members[stratum], quota)
        for stratum, quota in sorted(quotas.items())
        if quota
    }
    for walk in walks.values():
        walk.fill()
    replaced = tuple(_replace(walks, number, one) for number, one in enumerate(replacements))
    size = sizes(frame)
    strata = (
        StratumDraw(name, size[name], there[name], walk.quota, walk.drawn()) for name, walk in walks.items()
    )
    return Draw(tuple(strata), replaced)


def _members(frame: Frame, selection: str) -> dict[str, Members]:
    """Return, by stratum, what can be drawn and the units that each brings."""
    members: dict[str, Members] = {stratum: {} for stratum in sizes(frame)}
    columns = zip(frame.column("stratum"), frame.column("excluded"), frame.column("id"), strict=True)
    if selection == UNIT:
        for stratum, reason, unit in columns:
            if not reason:
                members[stratum][unit] = ()
        return members
    home: dict[str, str] = {}
    for (stratum, reason, unit), cluster in zip(columns, frame.column(CLUSTER), strict=True):
        if not cluster:
            raise CaseFault(CLUSTER, "empty", tell("{unit} 没有所属群（如加油站）。", unit=unit), id=unit)
        if home.setdefault(cluster, stratum) != stratum:
            raise CaseFault(
                CLUSTER,
                "two_strata",
                tell("{cluster} 分属两层，一个群只能在一层。", cluster=cluster),
                cluster=cluster,
            )
        if not reason:
            members[stratum][cluster] = (*members[stratum].get(cluster, ()), unit)
    return members


class _Walk:
    """Goes along the tickets of one stratum and takes what is still needed."""

    def __init__(self, stratum: str, order: dict[bytes, str], members: Members, quota: int) -> None:
        self.stratum = stratum
        self.quota = quota
        self.taken: dict[str, str] = {}
        self._order = iter(order.items())
        self._members = members
        self._units = 0

    def fill(self) -> tuple[str, ...]:
        """Take the next tickets until the quota is met; return what was taken. Raises CaseFault."""
        brought = []
        while self._units < self.quota:
            found = next(self._order, None)
            if found is None:
                raise CaseFault(
                    "",
                    "no_ticket_left",
                    tell("{stratum} 已没有可以递补的。", stratum=self.stratum),
                    stratum=self.stratum,
                )
            number, key = found
            self.taken[key] = number.hex()
            self._units += len(self._members[key]) or 1
            brought.append(key)
        return tuple(brought)

    def drop(self, key: str) -> None:
        del self.taken[key]
        self._units -= len(self._members[key]) or 1

    def drawn(self) -> tuple[Drawn, ...]:
        return tuple(Drawn(key, number, self._members[key] or (key,)) for key, number in self.taken.items())


def _replace(walks: Mapping[str, _Walk], number: int, one: Replacement) -> Replaced:
    field = f"replacements[{number}]"
    if not one.reason.strip():
        raise CaseFault(f"{field}.reason", "empty", "递补必须写明原因。")
    walk = next((walk for walk in walks.values() if one.out in walk.taken), None)
    if walk is None:
        raise CaseFault(
            f"{field}.out",
            "not_drawn",
            tell("{out} 不在已抽中的名单里，不能替换。", out=one.out),
            out=one.out,
        )
    walk.drop(one.out)
    try:
        return Replaced(one.out, one.reason, walk.fill())
    except CaseFault as fault:
        raise fault.within(field) from None
