"""The glossary and the code use one word for one thing, in both directions."""

from __future__ import annotations

import enum
import pkgutil
import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.utils.translation import override

import quanheng

GLOSSARY = Path(__file__).parents[2] / "docs" / "reference" / "glossary.md"
CHINESE = re.compile(r"[\u4e00-\u9fff]")
LATIN_LABELS = {"CSV", "Excel (xlsx)"}  # a format's name is the same in every language
NOT_IMPORTED = re.compile(r"\.migrations(\.|$)|__main__$|\.wsgi$")


def rows_below(heading: str) -> dict[str, str]:
    """Return identifier → Chinese name of the table below a heading."""
    text = GLOSSARY.read_text("utf-8").partition(f"\n{heading}\n")[2]
    text = re.split(r"\n#{2,3} ", text)[0]
    return dict(re.findall(r"^\| `([^`]+)` \| ([^|]+?) \|", text, re.M))


def enum_headings() -> dict[str, str]:
    """Return heading by the identifier in it."""
    headings = re.findall(r"^(### `([^`]+)` .+)$", GLOSSARY.read_text("utf-8"), re.M)
    return {name: heading for heading, name in headings}


def our_enums() -> dict[str, type[enum.Enum]]:
    for module in pkgutil.walk_packages(quanheng.__path__, "quanheng."):
        if not NOT_IMPORTED.search(module.name):
            import_module(module.name)
    ours = (kind for kind in subclasses(enum.Enum) if kind.__module__.startswith("quanheng."))
    found = [kind for kind in ours if kind.__members__]
    return {f"{kind.__module__.removeprefix('quanheng.')}.{kind.__name__}": kind for kind in found}


def subclasses(kind: type[Any]) -> Iterator[type[Any]]:
    for child in kind.__subclasses__():
        yield child
        yield from subclasses(child)


def our_models() -> dict[str, str]:
    with override("zh-hans"):
        return {
            f"{config.label}.{model.__name__}": str(model._meta.verbose_name)
            for config in apps.get_app_configs()
            if config.name.startswith("quanheng.")
            for model in config.get_models()
        }


def test_every_model_has_its_word_and_every_word_its_model() -> None:
    assert rows_below("## Models") == our_models()


def test_every_enum_has_its_table_and_every_table_its_enum() -> None:
    assert sorted(enum_headings()) == sorted(our_enums())


@pytest.mark.parametrize("name", sorted(enum_headings()))
def test_every_member_has_its_word_and_every_word_its_member(name: str) -> None:
    kind = our_enums().get(name)
    assert kind is not None, f"{name} is gone from the code"
    written = rows_below(enum_headings()[name])
    assert list(written) == [member.name for member in kind]
    with override("zh-hans"):
        for member in kind:
            label = getattr(member, "label", None)
            if label:
                assert written[member.name] == str(label)


def test_every_word_is_chinese() -> None:
    words = [*rows_below("## Models").values()]
    for heading in enum_headings().values():
        words += rows_below(heading).values()
    assert [
        word for word in words if not CHINESE.search(word) and word.split()[0] not in {*LATIN_LABELS, "Excel"}
    ] == []


def test_an_english_term_stands_once() -> None:
    text = GLOSSARY.read_text("utf-8").partition("\n## Terms\n")[2].partition("\n## ")[0]
    terms = re.findall(r"^\| ([^|]+?) \| ([^|]+?) \| [^|]{10,} \|$", text, re.M)[1:]
    assert len(terms) >= 25
    assert len({english for english, _ in terms}) == len(terms)
