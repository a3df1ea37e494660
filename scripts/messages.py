"""The translations: `collect` the Chinese texts of templates and code into django.po, `compile` the .mo file.

Babel reads and writes both. Chinese is the source language: a msgid is the text as it stands in the template.
"""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Any, TypeGuard

from babel.messages.catalog import Catalog
from babel.messages.catalog import Message as Entry
from babel.messages.extract import extract_python
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "src" / "quanheng"
CATALOGUE = PACKAGE / "locale" / "en" / "LC_MESSAGES" / "django.po"
HEADER = (
    "Project-Id-Version: Quanheng\nLanguage: en\nMIME-Version: 1.0\n"
    "Content-Type: text/plain; charset=UTF-8\nContent-Transfer-Encoding: 8bit\n"
    "Plural-Forms: nplurals=2; plural=(n != 1);\n"
)
SINGULAR = {"_", "gettext", "gettext_lazy", "gettext_noop"}
PLURAL = {"ngettext", "ngettext_lazy"}
KEYWORDS = dict.fromkeys(SINGULAR | PLURAL)
STRING = r"""u?(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")"""
# Django's templatize makes of a template what a tokenizer of Python stumbles over.
TEMPLATE_CALL = re.compile(rf"\b(_|gettext|ngettext)\(\s*({STRING})(?:\s*,\s*({STRING}))?", re.S)
# Rooms whose every Chinese text somebody reads: what fields mean, worked examples, words of results.
SPOKEN = ("calculations", "api/schemas")
# Rooms that know no Django: their sentences, and what they give to `tell`.
PURE = ("metrology", "packs", "regulation")
# The rule packs whose words stand in results, and the keys of those words.
CITED = (
    "calibration-interval", "conformity", "control-chart", "deadline", "energy", "enterprise-support",
    "net-content", "statutory-holidays", "work-calendar",
)  # fmt: skip
TOLD = {"clause", "name", "starts_with", "title", "words"}
CHINESE = re.compile(r"[\u3400-\u9fff（），：；。、“”]")
WITHOUT_BREAKS = 1_000_000  # characters of a line: a changed text is one changed line


@dataclass
class Message:
    """A text and its translation.

    Args:
        plural: the second form of the source, None where there is one form.
        translations: one, or singular and plural.
        places: files in which it stands.
    """

    text: str
    plural: str | None = None
    translations: list[str] = field(default_factory=list)
    places: set[str] = field(default_factory=set)

    @property
    def is_translated(self) -> bool:
        return len(self.translations) == (2 if self.plural else 1) and all(self.translations)


def found() -> dict[str, Message]:
    """Return every text that is marked for translation, by itself."""
    messages: dict[str, Message] = {}
    for file in sorted([*PACKAGE.rglob("*.py"), *PACKAGE.rglob("*.html")]):
        if "migrations" in file.parts or "static" in file.parts:
            continue
        texts = _in_code(file) if file.suffix == ".py" else _in_template(file)
        for text, plural in (*texts, *((text, None) for text in _unmarked(file))):
            message = messages.setdefault(text, Message(text))
            message.plural = message.plural or plural
            message.places.add(str(file.relative_to(PACKAGE)))
    for file in sorted((PACKAGE / "packs" / "data").glob("*.toml")):
        for text in _in_pack(file):
            messages.setdefault(text, Message(text)).places.add(str(file.relative_to(PACKAGE)))
    return messages


def _in_pack(file: Path) -> Iterator[str]:
    """Yield what results tell of a rule pack: its edition, its clauses, and the names of what it holds."""
    pack = tomllib.loads(file.read_text("utf-8"))
    if pack["rule"].startswith(CITED):
        yield from filter(CHINESE.search, (pack["edition"], *_named(pack["tables"])))


def _named(part: Any) -> Iterator[str]:
    for key, value in part.items() if isinstance(part, dict) else ():
        if isinstance(value, str) and key in TOLD:
            yield value
        for inner in value if isinstance(value, list) else [value]:
            yield from _named(inner)


def _in_code(file: Path) -> Iterator[tuple[str, str | None]]:
    """Yield text and plural of every call that marks one; what is no text of its own is a variable."""
    with file.open("rb") as code:
        calls: Any = extract_python(code, KEYWORDS, (), {"encoding": "utf-8"})
        for _line, name, texts, _comments in calls:
            said = texts if isinstance(texts, tuple) else (texts,)
            if name in PLURAL and len(said) > 1 and said[0] and said[1]:
                yield said[0], said[1]
            elif name in SINGULAR and said and said[0]:
                yield said[0], None


def _unmarked(file: Path) -> Iterator[str]:
    """Yield the Chinese texts of a room in which nothing needs a mark."""
    room = file.relative_to(PACKAGE).as_posix()
    spoken, pure = (any(room.startswith(f"{one}/") for one in rooms) for rooms in (SPOKEN, PURE))
    if file.suffix != ".py" or not (spoken or pure):
        return
    tree = ast.parse(file.read_text("utf-8"))
    told = {id(part) for call in ast.walk(tree) if _tells(call) for part in ast.walk(call.args[0])}
    for text in _constants(tree):
        if CHINESE.search(text.value) and (spoken or id(text) in told or text.value.endswith("。")):
            yield text.value


def _tells(node: ast.AST) -> TypeGuard[ast.Call]:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "tell"


def _constants(tree: ast.AST) -> Iterator[Any]:
    """Yield the texts of code; neither docstrings nor parts of f-strings."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node
        elif not isinstance(node, ast.JoinedStr) and not _is_docstring(node):
            yield from _constants(node)


def _is_docstring(node: ast.AST) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _in_template(file: Path) -> Iterator[tuple[str, str | None]]:
    from django.utils.translation.template import templatize  # noqa: PLC0415 - compiling needs no Django

    for call, text, plural in TEMPLATE_CALL.findall(templatize(file.read_text("utf-8"), origin=str(file))):
        second = ast.literal_eval(plural) if call == "ngettext" else None
        yield ast.literal_eval(text), second


def read(file: Path = CATALOGUE) -> dict[str, Message]:
    """Return the messages of a catalogue."""
    if not file.exists():
        return {}
    with file.open("rb") as text:
        catalogue = read_po(text)
    return {message.text: message for message in map(_message, catalogue) if message.text}


def _message(entry: Entry) -> Message:
    if isinstance(entry.id, tuple | list):
        return Message(entry.id[0], entry.id[1], list(entry.string or ()))
    return Message(entry.id, None, [str(entry.string)])


def write(messages: dict[str, Message], file: Path = CATALOGUE) -> None:
    """Write a catalogue, ordered by place and text."""
    ordered = sorted(messages.values(), key=lambda one: (min(one.places), one.text))
    text = BytesIO()
    write_po(text, _catalogue(ordered), width=WITHOUT_BREAKS, omit_header=True)
    head = "\n".join(f'"{line}\\n"' for line in HEADER.splitlines())
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(f'msgid ""\nmsgstr ""\n{head}\n\n'.encode() + text.getvalue().strip() + b"\n")


def _headers(_catalogue: Catalog) -> list[tuple[str, str]]:
    """Return name and value of each line of our header; the last one ends its line."""
    lines = [line.partition(": ") for line in HEADER.splitlines()]
    return [(name, value + "\n" * (name == lines[-1][0])) for name, _, value in lines]


class Plain(Catalog):
    """A catalogue with our header: neither a day nor a person changes it."""

    mime_headers = property(_headers, Catalog._set_mime_headers)


def _catalogue(messages: Iterable[Message]) -> Any:
    made: Any = Plain(locale="en", fuzzy=False)  # a place is a file for us, without a line
    for one in messages:
        key = one.text if one.plural is None else (one.text, one.plural)
        forms = [*one.translations, "", ""]
        string = forms[0] if one.plural is None else tuple(forms[:2])
        made.add(key, string, locations=[(place, None) for place in sorted(one.places)])
    return made


def collect() -> dict[str, Message]:
    """Bring the catalogue in step with the code, keeping the translations of what is still there."""
    known, messages = read(), found()
    for text, message in messages.items():
        before = known.get(text)
        if before is not None and bool(before.plural) == bool(message.plural):
            message.translations = before.translations
    write(messages)
    return messages


def compiled(messages: dict[str, Message]) -> bytes:
    """Return the catalogue as GNU gettext's binary format (.mo), untranslated texts left out."""
    binary = BytesIO()
    write_mo(binary, _catalogue(one for one in messages.values() if one.is_translated))
    return binary.getvalue()


def main(words: list[str]) -> int:
    if words not in (["collect"], ["compile"]):
        print("usage: messages.py collect|compile", file=sys.stderr)
        return 2
    if words == ["compile"]:
        CATALOGUE.with_suffix(".mo").write_bytes(compiled(read()))
        return 0
    missing = [message.text for message in collect().values() if not message.is_translated]
    print(f"{len(missing)} texts wait for a translation in {CATALOGUE.relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
