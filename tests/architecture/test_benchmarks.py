"""A figure says of which code it is, and shows as old once that code has changed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from benchmarks import common
from scripts.write_figures import table, without_marks

BENCHMARK = 'MEASURES = ("src/rule.py", "src/pages")\n'


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with one benchmark of a rule and of some pages."""
    for name, content in {
        "benchmarks/speed.py": BENCHMARK,
        "src/rule.py": "1",
        "src/pages/a.py": "2",
    }.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(content)
    monkeypatch.setattr(common, "ROOT", tmp_path)
    monkeypatch.setattr(common, "HERE", tmp_path / "benchmarks")
    monkeypatch.setattr(common, "RESULTS", tmp_path / "benchmarks" / "results.json")
    return tmp_path


def test_a_figure_carries_commit_day_rows_and_load(project: Path) -> None:
    common.report("speed", instruments=7, ratio=2)
    taken = json.loads((project / "benchmarks" / "results.json").read_text())["speed"]["taken"]
    assert set(taken) == {"commit", "date", "rows", "load_average", "code"}
    assert taken["rows"] == 7
    assert set(taken["load_average"]) == {"before", "after"}


@pytest.mark.parametrize(
    "changed", ["benchmarks/speed.py", "src/rule.py", "src/pages/a.py", "src/pages/new.py"]
)
def test_a_figure_is_old_once_its_code_has_changed(project: Path, changed: str) -> None:
    common.report("speed", ratio=2)
    figures = json.loads((project / "benchmarks" / "results.json").read_text())["speed"]
    assert not common.is_old("speed", figures)
    (project / "src" / "elsewhere.py").write_text("not measured")
    assert not common.is_old("speed", figures)
    (project / changed).write_text(BENCHMARK + "# changed")
    assert common.is_old("speed", figures)


def test_a_figure_that_does_not_say_of_which_code_it_is_counts_as_old(project: Path) -> None:
    assert common.is_old("speed", {"ratio": 2})


def test_the_readme_marks_what_is_old_and_its_check_does_not_mind() -> None:
    results = {"draw": {}, "lists": json.loads(common.RESULTS.read_text("utf-8"))["lists"]}
    plain = table(results, "README.md")
    marked = table(results, "README.md", {"lists"})
    assert "old" not in plain
    assert "old" in marked
    assert without_marks(marked) == plain


@pytest.mark.parametrize("file", sorted(Path(common.HERE).glob("*.py")), ids=lambda file: file.stem)
def test_what_a_benchmark_measures_is_there(file: Path) -> None:
    assert [place for place in common.measured(file) if not (common.ROOT / place).exists()] == []
