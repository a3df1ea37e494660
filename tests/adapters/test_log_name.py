"""The public log is called what it was called first, wherever it runs."""

from __future__ import annotations

from pathlib import Path

import pytest

from quanheng.adapters.log_name import contradiction, kept_name, name_of_log
from quanheng.adapters.public_log.folder import LogFolder
from quanheng.adapters.public_log.key import LogKey
from quanheng.regulation.transparency.checkpoints import Checkpoint
from quanheng.regulation.transparency.frontier import Frontier

OLD = "127.0.0.1:8000/log"


@pytest.fixture
def signed(tmp_path: Path) -> Path:
    """A log from before names were kept: a key, and a checkpoint under the name of its port."""
    key = LogKey(tmp_path / "keys" / "public-log.key", OLD)
    LogFolder(tmp_path / "public-log").publish(key.sign(Checkpoint(OLD, 0, Frontier().root)))
    return tmp_path


def test_a_log_keeps_the_name_it_was_given_first(tmp_path: Path) -> None:
    assert name_of_log(tmp_path, "check.example/log") == "check.example/log"
    assert name_of_log(tmp_path, "other.example/log") == "check.example/log"
    assert name_of_log(tmp_path, "") == kept_name(tmp_path) == "check.example/log"


def test_a_log_without_an_address_gets_a_name_that_nobody_else_has(tmp_path: Path) -> None:
    one, other = (name_of_log(tmp_path / place, "") for place in ("one", "other"))
    assert one != other
    assert one.endswith(".quanheng.invalid/log")
    assert name_of_log(tmp_path / "one", "") == one


def test_a_log_from_before_names_were_kept_is_called_what_its_checkpoint_says(signed: Path) -> None:
    assert name_of_log(signed, "127.0.0.1:9000/log") == OLD
    (signed / "public-log" / "checkpoint").unlink()
    assert kept_name(signed) == OLD


def test_a_checkpoint_that_cannot_be_read_names_nothing(tmp_path: Path) -> None:
    LogFolder(tmp_path / "public-log").publish("nonsense")
    assert kept_name(tmp_path) == ""
    assert name_of_log(tmp_path, "check.example/log") == "check.example/log"


def test_an_operator_who_names_a_log_otherwise_is_told_what_it_is_called(signed: Path) -> None:
    assert OLD in contradiction(signed, "new.example/log")
    assert contradiction(signed, OLD) == contradiction(signed, "") == ""
    assert contradiction(signed / "empty", "new.example/log") == ""
