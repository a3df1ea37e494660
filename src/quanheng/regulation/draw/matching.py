"""Which inspectors go where: so many for each task, nobody in conflict, the load even, decided by the seed.

Conflicts stand in the inspectors' frame, which is frozen before the seed is known. The task with the fewest
inspectors to choose from is served first; of its candidates those with the fewest tasks go, of equal ones
those whose ticket `SHA-256(seed + "," + draw id + "," + task + "," + inspector)` is smaller.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from quanheng.packs.case_fault import CaseFault
from quanheng.packs.sentence import tell
from quanheng.regulation.draw.frame import CLUSTER, Frame
from quanheng.regulation.draw.tickets import Draw, ticket

SEPARATOR = ";"  # between several values of one cell


@dataclass(frozen=True, slots=True)
class Inspector:
    """Somebody who may be sent.

    Args:
        strata: where to; everywhere when empty.
        conflicts: units, clusters or strata that must not be this person's.
    """

    id: str
    strata: frozenset[str] = frozenset()
    conflicts: frozenset[str] = frozenset()

    def can_take(self, task: Task) -> bool:
        return (not self.strata or task.stratum in self.strata) and not self.conflicts & task.marks


@dataclass(frozen=True, slots=True)
class Task:
    """One visit: a cluster with the units drawn there, or a single unit.

    Args:
        marks: everything by which a conflict may name it.
    """

    id: str
    stratum: str
    marks: frozenset[str]


@dataclass(frozen=True, slots=True)
class Assigned:
    task: str
    inspectors: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Unassigned:
    """A task for which too few are left, and how many."""

    task: str
    reason: str
    candidates: int


@dataclass(frozen=True, slots=True)
class Matching:
    """Who goes where, sorted by task, and what nobody may take."""

    assigned: tuple[Assigned, ...]
    unassigned: tuple[Unassigned, ...]

    @property
    def loads(self) -> dict[str, int]:
        """Number of tasks of each inspector who has any."""
        loads: dict[str, int] = {}
        for one in self.assigned:
            for inspector in one.inspectors:
                loads[inspector] = loads.get(inspector, 0) + 1
        return loads


def inspectors_of(frame: Frame) -> list[Inspector]:
    """Return the inspectors of a frame (`frame.INSPECTOR_COLUMNS`) who are not excluded."""
    columns = (frame.column(name) for name in ("id", "strata", "conflicts", "excluded"))
    return [
        Inspector(inspector, _several(strata), _several(conflicts))
        for inspector, strata, conflicts, reason in zip(*columns, strict=True)
        if not reason
    ]


def _several(cell: str) -> frozenset[str]:
    return frozenset(filter(None, map(str.strip, cell.split(SEPARATOR))))


def tasks_of(frame: Frame, draw: Draw) -> list[Task]:
    """Return the visits of a draw, sorted by id: one for each cluster; a unit of no cluster is its own."""
    ids = frame.column("id")
    clusters = frame.column(CLUSTER) if CLUSTER in frame.columns else ids
    drawn = set(draw.units)
    visits: dict[str, tuple[str, set[str]]] = {}
    for unit, cluster, stratum in zip(ids, clusters, frame.column("stratum"), strict=True):
        if unit in drawn:
            visits.setdefault(cluster or unit, (stratum, set()))[1].update((unit, stratum))
    return [
        Task(task, stratum, frozenset({*marks, task})) for task, (stratum, marks) in sorted(visits.items())
    ]


def match(
    tasks: Sequence[Task], inspectors: Sequence[Inspector], seed: str, draw_id: str, per_task: int
) -> Matching:
    """Match inspectors to tasks; the order in which either comes does not matter.

    Args:
        per_task: inspectors for each task (rule packs `draw/…`, table `inspectors`).

    Raises:
        CaseFault: fewer than one inspector for each task.
    """
    if per_task < 1:
        raise CaseFault("per_task", "too_few", "每项任务至少一名检查人员。")
    candidates = {task.id: [one.id for one in inspectors if one.can_take(task)] for task in tasks}
    loads = dict.fromkeys((one.id for one in inspectors), 0)
    assigned, unassigned = [], []
    for task in sorted(candidates, key=lambda task: (len(candidates[task]), ticket(seed, draw_id, task))):
        able = candidates[task]
        if len(able) < per_task:
            # Part of the proof, which is Chinese for everybody and compared letter by letter.
            message = tell(
                "可派 {count} 人，应派 {per_task} 人：其余人员须回避、不在该区域或已排除。",
                count=len(able),
                per_task=per_task,
            )
            unassigned.append(Unassigned(task, str(message), len(able)))
            continue
        rank = {
            one: (loads[one], ticket(seed, draw_id, f"{task},{one}"))
            for one in _nearest(able, loads, per_task)
        }
        chosen = sorted(rank, key=lambda one: rank[one])[:per_task]
        for one in chosen:
            loads[one] += 1
        assigned.append(Assigned(task, tuple(chosen)))
    return Matching(
        tuple(sorted(assigned, key=lambda one: one.task)),
        tuple(sorted(unassigned, key=lambda one: one.task)),
    )


def _nearest(able: list[str], loads: dict[str, int], count: int) -> list[str]:
    """Return the only ones who can be chosen: it spares hashing the others."""
    limit = sorted(loads[one] for one in able)[count - 1]
    return [one for one in able if loads[one] <= limit]
