"""What a process does every few seconds beside its work."""

from __future__ import annotations

import atexit
import threading

from quanheng.kit.ticking import Ticking


def test_it_is_done_again_and_again_and_once_more_at_the_end() -> None:
    done, thrice = [], threading.Event()

    def do() -> None:
        done.append(threading.current_thread().name)
        if len(done) == 3:
            thrice.set()

    ticking = Ticking("beside", 0.01, do)
    ticking.start()
    ticking.start()
    assert thrice.wait(60)
    before = len(done)
    ticking.stop()
    atexit.unregister(ticking.stop)
    assert len(done) > before
    assert set(done) == {"beside"}


def test_what_never_came_to_its_first_turn_is_done_at_the_end() -> None:
    done: list[int] = []
    ticking = Ticking("rare", 3600, lambda: done.append(1))
    ticking.start()
    ticking.stop()
    atexit.unregister(ticking.stop)
    assert done == [1]
