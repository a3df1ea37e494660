"""Which inspectors go where."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quanheng.packs.case_fault import CaseFault
from quanheng.regulation.draw.frame import INSPECTOR_COLUMNS, freeze
from quanheng.regulation.draw.matching import Inspector, Task, inspectors_of, match, tasks_of
from quanheng.regulation.draw.tickets import draw
from tests.regulation.draw.frames import COLUMNS, SEED, frame

NAMES = "abcdefgh"
TASKS = [Task(f"T{number}", "甲", frozenset({f"T{number}", "甲"})) for number in range(20)]
INSPECTORS = st.lists(
    st.builds(
        Inspector,
        id=st.sampled_from(NAMES),
        strata=st.sampled_from([frozenset(), frozenset({"甲"}), frozenset({"乙"})]),
        conflicts=st.frozensets(st.sampled_from([task.id for task in TASKS]), max_size=5),
    ),
    unique_by=lambda one: one.id,
    max_size=8,
)


@given(INSPECTORS)
def test_two_go_nobody_in_conflict_and_what_cannot_be_is_told(inspectors: list[Inspector]) -> None:
    matching = match(TASKS, inspectors, SEED, "x", 2)
    by_id = {one.id: one for one in inspectors}
    able = {task.id: {one.id for one in inspectors if one.can_take(task)} for task in TASKS}
    for one in matching.assigned:
        assert len(set(one.inspectors)) == 2
        assert all(one.task not in by_id[name].conflicts for name in one.inspectors)
        assert all(by_id[name].strata <= {"甲"} for name in one.inspectors)
    for left in matching.unassigned:
        assert left.candidates == len(able[left.task]) < 2
        assert f"可派 {left.candidates} 人" in left.reason
    assert len(matching.assigned) + len(matching.unassigned) == len(TASKS)
    assert match(TASKS[::-1], inspectors[::-1], SEED, "x", 2) == matching


@given(st.integers(2, 8), st.integers(1, 3), st.text(NAMES, min_size=1))
def test_without_conflicts_the_load_is_even(count: int, per_task: int, draw_id: str) -> None:
    loads = match(
        TASKS, [Inspector(name) for name in NAMES[:count]], SEED, draw_id, min(per_task, count)
    ).loads
    assert max(loads.values()) - min(loads.values()) <= 1
    assert sum(loads.values()) == 20 * min(per_task, count)


def test_the_hardest_task_is_served_first() -> None:
    others = [Inspector(name, conflicts=frozenset({"T0"})) for name in NAMES[2:]]
    inspectors = [Inspector("a"), Inspector("b"), *others]
    matching = match(TASKS, inspectors, SEED, "x", 2)
    assert {one.task: set(one.inspectors) for one in matching.assigned}["T0"] == {"a", "b"}
    assert set(matching.loads.values()) == {5}


def test_the_seed_decides_who_goes() -> None:
    inspectors = [Inspector(name) for name in NAMES]
    assert match(TASKS, inspectors, SEED, "x", 2) != match(TASKS, inspectors, SEED, "y", 2)


def test_no_tasks_need_nobody_and_no_task_goes_without() -> None:
    assert match([], [], SEED, "x", 2).loads == {}
    with pytest.raises(CaseFault, match="至少一名"):
        match(TASKS, [], SEED, "x", 0)


def test_inspectors_are_read_from_their_frame() -> None:
    rows = [["王", "甲;乙", "", ""], ["李", "", "甲-S1; 甲-0004", ""], ["张", "", "", "休假"]]
    assert inspectors_of(freeze(INSPECTOR_COLUMNS, rows, INSPECTOR_COLUMNS)) == [
        Inspector("李", frozenset(), frozenset({"甲-S1", "甲-0004"})),
        Inspector("王", frozenset({"甲", "乙"}), frozenset()),
    ]


def test_a_visit_is_a_station_with_its_units() -> None:
    held = frame({"甲": 8})
    tasks = tasks_of(held, draw(held, {"甲": 8}, seed=SEED, draw_id="x"))
    assert [task.id for task in tasks] == ["甲-S0", "甲-S1"]
    assert tasks[1].marks == {"甲", "甲-S1", "甲-0004", "甲-0005", "甲-0006", "甲-0007"}
    assert not Inspector("李", conflicts=frozenset({"甲-0004"})).can_take(tasks[1])


def test_without_stations_every_unit_is_a_visit() -> None:
    bare = freeze(("id", "stratum", "excluded"), [["A", "甲", ""], ["B", "甲", ""]])
    assert [task.id for task in tasks_of(bare, draw(bare, {"甲": 2}, seed=SEED, draw_id="x"))] == ["A", "B"]
    half = freeze(COLUMNS, [["A", "甲", "", ""], ["B", "甲", "S", ""]])
    assert [task.id for task in tasks_of(half, draw(half, {"甲": 2}, seed=SEED, draw_id="x"))] == ["A", "S"]
