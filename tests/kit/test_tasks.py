"""A long task: which state follows which, its tries, its resume, its end before its time, its file's end."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import closing, suppress
from datetime import datetime, timedelta
from importlib import import_module
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.utils import timezone

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.accounts.enums import Role
from quanheng.apps.accounts.my_tasks import tasks_of, tasks_to_tell
from quanheng.apps.accounts.services.cancel_task import cancel
from quanheng.apps.audit.models import Act
from quanheng.apps.instruments.models import LabelPrint
from quanheng.apps.instruments.tasks import LABELS
from quanheng.jobs.tasks import pick_up
from quanheng.kit import refusals
from quanheng.kit.advisory_locks import holding
from quanheng.kit.scope import EVERYTHING, acting_in
from quanheng.kit.tasks import OVER, Kind, TaskCancelled, TaskState, advance, declare, finish, kinds
from quanheng.kit.tasks import running as engine
from quanheng.kit.tasks.files import end_overdue, new_result
from quanheng.kit.tasks.running import Work, resume_task, waiting_tasks
from quanheng.kit.tasks.states import FOLLOWS
from tests.factories import make_actor, make_area
from tests.factories.acts import refused

pytestmark = pytest.mark.django_db

Do = Callable[[LabelPrint, datetime], object]


@pytest.fixture(autouse=True)
def _data(settings: Any, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path


@pytest.fixture
def officer() -> Actor:
    return make_actor(Role.COUNTY_OFFICER, area=make_area("锦江区"))


@pytest.fixture
def does(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Say what a worker does, for the time of a test.

    What it really does is said first: the first thing that is queued would load it, and say it again.
    """
    import_module("quanheng.jobs.labels")
    monkeypatch.setattr(engine, "_WORK", dict(engine._WORK))

    def say(do: Do, **more: Any) -> None:
        engine._WORK[LABELS.key] = Work(do, **more)

    return say


def asked(by: Actor, at: datetime, **facts: Any) -> LabelPrint:
    with acting_in(EVERYTHING):
        return LabelPrint.objects.unscoped().create(
            selection={}, layout="a4", total=300, requested_by_id=by.user_id,
            appointment_id=by.appointment_id, requested_at=at, **facts,
        )  # fmt: skip


def stands(task: LabelPrint) -> LabelPrint:
    with acting_in(EVERYTHING):
        return LabelPrint.objects.unscoped().get(pk=task.pk)


def end_it(by: Actor, task: LabelPrint, at: datetime) -> None:
    with acting_in(by.scope):
        cancel(kind=LABELS, task_id=task.pk, by=by, at=at)


def minute(task: LabelPrint, at: datetime) -> None:
    """What a worker does once a minute, whatever comes of it."""
    with suppress(Exception):
        resume_task(LABELS, task.pk, at=at)


def fails(fault: BaseException) -> Do:
    def failing(*_: Any) -> None:
        raise fault

    return failing


def test_every_state_is_reached_and_what_is_over_stays_over() -> None:
    reached = {state for then in FOLLOWS.values() for state in then}
    assert reached | {TaskState.WAITING} == set(TaskState)
    assert all(not FOLLOWS[state] for state in OVER - {TaskState.DONE})
    assert FOLLOWS[TaskState.DONE] == {TaskState.WAITING, TaskState.EXPIRED}


@pytest.mark.parametrize(("first", "then"), list(product(TaskState, TaskState)))
def test_a_task_moves_only_to_a_state_that_may_follow(
    officer: Actor, at: datetime, first: TaskState, then: TaskState
) -> None:
    task = asked(officer, at, state=first)
    assert advance(task, then) == (then in FOLLOWS[first])
    assert stands(task).state == (then if then in FOLLOWS[first] else first)


def test_two_kinds_share_neither_key_nor_lock() -> None:
    for twin in (Kind("labels", "", LabelPrint, lock=1), Kind("other", "", LabelPrint, lock=LABELS.lock)):
        with pytest.raises(ValueError, match="share a key or a lock"):
            declare(twin)
    assert len({kind.lock for kind in kinds()}) == len(kinds())


def test_a_task_is_done_once_with_its_start_and_its_end(
    officer: Actor, at: datetime, does: Callable[..., None]
) -> None:
    task, done = asked(officer, at), []

    def do(task: LabelPrint, at: datetime) -> None:
        done.append(task.state)
        finish(task, at, done=300)

    does(do)
    for _ in range(2):
        minute(task, at)
    task = stands(task)
    assert (task.state, done, task.finished_at is None, task.started_at is None) == (
        TaskState.DONE, [TaskState.RUNNING], False, False,
    )  # fmt: skip
    assert task.expires_at is not None


def test_a_task_that_another_process_holds_is_left_alone(
    officer: Actor, at: datetime, does: Callable[..., None]
) -> None:
    task = asked(officer, at)
    does(fails(AssertionError("it was done twice")))
    with closing(connection.copy()) as other, other.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s, %s)", [LABELS.lock, task.pk])
        assert resume_task(LABELS, task.pk, at=at) is not None
        cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [LABELS.lock, task.pk])
    with holding(LABELS.lock, task.pk) as held:
        assert held
    assert stands(task).tries == 0


def test_a_fault_is_tried_five_times_and_then_told(
    officer: Actor, at: datetime, does: Callable[..., None]
) -> None:
    task, other = asked(officer, at), asked(officer, at)
    does(fails(ValueError("a fault of ours")))
    for turn in range(engine.MOST_FAULTS):
        assert waiting_tasks(LABELS)[0] == (other.pk if turn else task.pk), (
            "who gave least trouble comes first"
        )
        minute(task, at)
    task = stands(task)
    assert (task.state, task.tries) == (TaskState.FAILED, engine.MOST_FAULTS)
    assert "处理 5 次未成功" in task.message
    assert "ValueError" not in task.message  # the log has it
    assert waiting_tasks(LABELS) == [other.pk]


def test_a_refusal_ends_a_task_at_once_with_its_sentence(
    officer: Actor, at: datetime, does: Callable[..., None]
) -> None:
    task = asked(officer, at)
    does(fails(refusals.EXPORT_TOO_LONG()))
    minute(task, at)
    task = stands(task)
    assert (task.state, task.message, task.tries) == (TaskState.FAILED, refusals.EXPORT_TOO_LONG().message, 1)


class Killed(BaseException):
    """The process is gone: no handler runs."""


def test_a_killed_workers_task_is_taken_up_and_its_half_file_goes(
    officer: Actor, at: datetime, does: Callable[..., None], tmp_path: Path
) -> None:
    task = asked(officer, at)

    def dies(task: LabelPrint, _at: datetime) -> None:
        new_result(LABELS, task, "zip").write_bytes(b"half")
        raise Killed

    does(dies)
    with pytest.raises(Killed):
        resume_task(LABELS, task.pk, at=at)
    assert (stands(task).state, waiting_tasks(LABELS)) == (TaskState.RUNNING, [task.pk])

    def does_it(task: LabelPrint, at: datetime) -> None:
        new_result(LABELS, task, "zip").write_bytes(b"whole")
        finish(task, at)

    does(does_it)
    minute(task, at)
    assert [file.read_bytes() for file in (tmp_path / "labels").iterdir()] == [b"whole"]
    assert stands(task).tries == 0


def test_a_task_that_kills_its_worker_each_time_is_given_up(
    officer: Actor, at: datetime, does: Callable[..., None]
) -> None:
    task = asked(officer, at, state=TaskState.RUNNING, tries=engine.MOST_STARTS)
    does(fails(AssertionError("it was tried again")))
    minute(task, at)
    assert stands(task).state == TaskState.FAILED
    assert "中途停止" in stands(task).message


def test_a_database_that_goes_away_is_no_fault_of_the_task(
    officer: Actor, at: datetime, does: Callable[..., None]
) -> None:
    task = asked(officer, at)
    does(fails(OperationalError("server closed the connection")))
    for _ in range(engine.MOST_FAULTS + 1):
        minute(task, at)
    assert stands(task).state == TaskState.RUNNING


def test_a_waiting_task_that_is_cancelled_is_never_begun(
    officer: Actor, at: datetime, does: Callable[..., None]
) -> None:
    task = asked(officer, at)
    does(fails(AssertionError("it was begun")))
    end_it(officer, task, at)
    assert waiting_tasks(LABELS) == [task.pk], "a worker clears up"
    minute(task, at)
    task = stands(task)
    assert (task.state, task.message, task.finished_at is None) == (TaskState.CANCELLED, "已取消。", False)
    assert waiting_tasks(LABELS) == []
    with acting_in(EVERYTHING):
        act = Act.objects.unscoped().get(verb="task_cancelled")
    assert (act.actor_id, act.before, act.after) == (
        officer.user_id, {"state": "waiting"}, {"kind": "labels", "task": task.pk},
    )  # fmt: skip


def test_a_task_that_is_cancelled_while_a_worker_is_at_it_ends_without_a_result(
    officer: Actor, at: datetime, does: Callable[..., None], tmp_path: Path
) -> None:
    task = asked(officer, at)

    def is_cancelled_meanwhile(task: LabelPrint, at: datetime) -> None:
        new_result(LABELS, task, "zip").write_bytes(b"half")
        end_it(officer, task, at)
        finish(task, at)

    does(is_cancelled_meanwhile, drop=None)
    minute(task, at)
    task = stands(task)
    assert (task.state, task.finished_at is None) == (TaskState.CANCELLED, False)
    assert list((tmp_path / "labels").iterdir()) == []


def test_what_stays_of_a_cancelled_task_is_said(
    officer: Actor, at: datetime, does: Callable[..., None]
) -> None:
    task = asked(officer, at)
    does(fails(TaskCancelled()), drop=lambda _task: "前 3 行已经处理。")
    end_it(officer, task, at)
    minute(task, at)
    assert stands(task).message == "已取消。前 3 行已经处理。"


def test_nobody_cancels_what_is_over_or_is_anothers(officer: Actor, at: datetime) -> None:
    over, running = asked(officer, at, state=TaskState.DONE), asked(officer, at, state=TaskState.RUNNING)
    with refused("too_late_to_cancel"):
        end_it(officer, over, at)
    colleague = make_actor(Role.COUNTY_OFFICER, area=make_area("青羊区"))
    with refused("task_not_found"):
        end_it(colleague, running, at)
    assert stands(running).state == TaskState.RUNNING


def test_a_result_goes_when_its_term_is_over(officer: Actor, at: datetime, tmp_path: Path) -> None:
    task = asked(officer, at, state=TaskState.DONE, file_path="1.zip", expires_at=at, finished_at=at)
    (tmp_path / "labels").mkdir()
    (tmp_path / "labels" / "1.zip").write_bytes(b"")
    end_overdue(at=at - timedelta(seconds=1))
    assert stands(task).state == TaskState.DONE
    end_overdue(at=at)
    assert (stands(task).state, list((tmp_path / "labels").iterdir())) == (TaskState.EXPIRED, [])


def test_a_person_finds_their_own_tasks_newest_first_and_the_desk_those_that_matter_now(
    officer: Actor, at: datetime
) -> None:
    now = timezone.now()
    old = asked(officer, now - timedelta(days=9), state=TaskState.FAILED, finished_at=now - timedelta(days=8))
    new = asked(officer, now, state=TaskState.RUNNING)
    asked(officer, now, state=TaskState.DONE, finished_at=now)  # a small print, handed out at once: no task
    asked(make_actor(Role.COUNTY_OFFICER, area=make_area("青羊区")), now)
    with acting_in(officer.scope):
        assert [mine.task.pk for mine in tasks_of(officer, 50)] == [new.pk, old.pk]
        assert [mine.task.pk for mine in tasks_of(officer, 1)] == [new.pk]
        assert [mine.task.pk for mine in tasks_to_tell(officer, 50, now=now)] == [new.pk]


def test_what_waits_is_queued_once_however_often_a_worker_looks(officer: Actor, at: datetime) -> None:
    task = asked(officer, at)
    for _ in range(2):
        pick_up(timestamp=0)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT args FROM procrastinate_jobs"
            " WHERE task_name = 'quanheng.jobs.tasks.work' AND status = 'todo'"
        )
        queued = [args if isinstance(args, dict) else json.loads(args) for (args,) in cursor.fetchall()]
    assert queued == [{"kind": "labels", "task_id": task.pk}]
