"""What the pure rooms say in Chinese has its English, and knows the words and facts it was made of."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.utils.translation import override

from quanheng.kit.speaking import spoken
from quanheng.packs.case_fault import CaseFault
from quanheng.packs.sentence import Sentence, tell
from scripts.messages import CHINESE, read
from tests.architecture.source import modules, name

ROOMS = [file for file in modules("calculations", "metrology", "regulation") if file.name != "evaluating.py"]
OF_DOCUMENTS = {"re.compile"}  # patterns are no sentences


def _chinese_f_strings(file: Path) -> Iterator[int]:
    tree = ast.parse(file.read_text("utf-8"))
    patterns = {
        id(part)
        for call in ast.walk(tree)
        if isinstance(call, ast.Call) and ast.unparse(call.func) in OF_DOCUMENTS
        for part in ast.walk(call)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr) and id(node) not in patterns:
            words = "".join(str(part.value) for part in node.values if isinstance(part, ast.Constant))
            if CHINESE.search(words):
                yield node.lineno


def _faults(file: Path) -> Iterator[str]:
    """Yield the sentences of `CaseFault(field, code, "...")` and of `tell("...")`."""
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            place = {"CaseFault": 2, "tell": 0}.get(node.func.id)
            said = node.args[place] if place is not None and len(node.args) > place else None
            if isinstance(said, ast.Constant) and CHINESE.search(str(said.value)):
                yield str(said.value)


@pytest.mark.parametrize("file", ROOMS, ids=name)
def test_a_sentence_with_facts_is_told_not_formatted(file: Path) -> None:
    assert list(_chinese_f_strings(file)) == [], "use tell() of quanheng.packs.sentence"


def test_every_sentence_of_the_pure_rooms_has_its_english() -> None:
    catalogue = read()
    said = {sentence for file in ROOMS for sentence in _faults(file)}
    assert len(said) > 300
    assert {one for one in said if one not in catalogue or not catalogue[one].is_translated} == set()


def test_a_sentence_is_said_in_english_with_its_facts_and_those_within() -> None:
    inner = tell("第 {number} 次 E", number=2)
    sentence = tell("没有“{kind}”的允差表，现有：{known}。", kind=inner, known=["a", "b"])
    assert sentence == "没有“第 2 次 E”的允差表，现有：a、b。"
    with override("en"):
        assert (
            spoken(sentence) == "There is no table of permissible errors for “E of run 2”; there are: a, b."
        )


def test_what_somebody_sent_is_never_translated_within_a_sentence() -> None:
    with override("en"):
        assert "“零点”" in spoken(tell("输出量“{name}”写了两次。", name="零点"))


def test_a_plain_sentence_of_a_fault_is_said_too_and_braces_stay() -> None:
    fault = CaseFault("case", "not_an_object", "应为 JSON 对象，即写在 { } 里。").within("outer")
    assert isinstance(fault.message, Sentence)
    with override("en"):
        assert spoken(fault.message) == "It must be a JSON object, written in { }."
