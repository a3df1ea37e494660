"""Turns are given in the order in which they were asked for."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from quanheng.kit.first_come import FirstCome


def until(said: Callable[[], bool]) -> None:
    end = time.monotonic() + 10
    while not said():
        assert time.monotonic() < end
        time.sleep(0.001)


def wait_one_after_another(turns: FirstCome, count: int, came: list[int]) -> list[threading.Thread]:
    """Have threads ask for a turn, each after the one before it waits; they note when they got it."""

    def ask(number: int) -> None:
        assert turns.take(30)
        came.append(number)
        turns.give_back()

    threads = []
    for number in range(count):
        threads.append(threading.Thread(target=ask, args=[number]))
        threads[-1].start()
        until(lambda: len(turns._waiting) == len(threads))
    return threads


def test_whoever_asked_first_is_first_and_a_newcomer_overtakes_nobody() -> None:
    turns, came = FirstCome(1), list[int]()
    assert turns.take(0)
    threads = wait_one_after_another(turns, 5, came)
    assert not turns.take(0), "others wait already"
    turns.give_back()
    for thread in threads:
        thread.join(10)
    assert came == [0, 1, 2, 3, 4]
    assert turns.take(0)


def test_whoever_ran_out_of_patience_leaves_no_place_behind() -> None:
    turns = FirstCome(2)
    assert turns.take(0)
    assert turns.take(0)
    assert not turns.take(0.01)
    assert not turns._waiting
    turns.give_back()
    assert turns.take(0)
    assert not turns.take(0)


def test_a_turn_given_in_the_last_moment_is_taken() -> None:
    turns = FirstCome(1)
    assert turns.take(0)
    mine = threading.Lock()
    mine.acquire()
    turns._waiting.append(mine)
    turns.give_back()
    assert not turns._leave(mine), "it was given"
