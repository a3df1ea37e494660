"""The documents hold: links lead somewhere, commands exist, languages agree, figures were measured."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from scripts.write_figures import table, without_marks, written

ROOT = Path(__file__).parents[2]
ENGLISH, CHINESE = ROOT / "README.md", ROOT / "README.zh-CN.md"
DOCUMENTS = [ENGLISH, CHINESE, *sorted((ROOT / "docs").rglob("*.md"))]
LINK = re.compile(r"\]\(([^)\s]+)\)")
CODE = re.compile(r"`([^`\n]+)`")


def text(file: Path) -> str:
    return file.read_text("utf-8")


def without_figures(file: Path) -> str:
    return re.sub(r"<!-- figures -->.*<!-- /figures -->", "", text(file), flags=re.S)


@pytest.mark.parametrize("file", DOCUMENTS, ids=[str(file.relative_to(ROOT)) for file in DOCUMENTS])
def test_every_link_leads_somewhere(file: Path) -> None:
    for target in LINK.findall(text(file)):
        if not target.startswith(("http://", "https://", "#")):
            assert (file.parent / target.partition("#")[0]).exists(), target


def test_both_languages_have_the_same_headings_commands_and_links() -> None:
    levels = [re.findall(r"^(#+) ", without_figures(file), re.M) for file in (ENGLISH, CHINESE)]
    blocks = [re.findall(r"^```.*?^```", without_figures(file), re.M | re.S) for file in (ENGLISH, CHINESE)]
    codes = [CODE.findall(without_figures(file)) for file in (ENGLISH, CHINESE)]
    links = [LINK.findall(without_figures(file))[1:] for file in (ENGLISH, CHINESE)]
    assert levels[0] == levels[1]
    assert blocks[0] == blocks[1]
    assert sorted(codes[0]) == sorted(codes[1])
    assert sorted(links[0]) == sorted(links[1])


@pytest.mark.parametrize("file", [ENGLISH, CHINESE], ids=["English", "Chinese"])
def test_every_make_target_that_is_named_exists(file: Path) -> None:
    targets = set(re.findall(r"^([a-z-]+):", text(ROOT / "Makefile"), re.M))
    named = set(re.findall(r"make ([a-z-]+)", text(file)))
    assert {"setup", "demo", "test", "check", "fix", "bench", "help"} <= named <= targets


@pytest.mark.parametrize("file", [ENGLISH, CHINESE], ids=["English", "Chinese"])
def test_the_figures_are_the_measured_ones(file: Path) -> None:
    results = json.loads(text(ROOT / "benchmarks" / "results.json"))
    message = "run .venv/bin/python scripts/write_figures.py"
    shown = without_marks(text(file))
    assert shown == written(shown, table(results, file.name)), message


def test_the_index_names_every_document() -> None:
    folder = ROOT / "docs"
    index = {(folder / target).resolve() for target in LINK.findall(text(folder / "README.md"))}
    documents = [file for file in folder.rglob("*.md") if file.parent.name != "decisions"]
    assert [file for file in documents if file.resolve() not in index and file.parent != folder] == []


def test_a_newcomer_finds_the_rule_of_the_broken_seal_and_its_test_from_the_readme() -> None:
    for file in (ENGLISH, CHINESE):
        line = next(line for line in text(file).splitlines() if "test_a_broken_seal_voids" in line)
        name = "test_a_broken_seal_voids_the_verification_even_inside_its_validity"
        assert name in line
        rule, act, *tests = LINK.findall(line)
        assert "broken seal voids the verification" in text(ROOT / rule)
        assert "void" in text(ROOT / act)
        assert tests
        assert all(f"def {name}" in text(ROOT / test) for test in tests)
