"""The translations: `collect` the Chinese texts of templates and code into django.po, `compile` the .mo file.

Both without GNU gettext. Chinese is the source language: a msgid is the text as it stands in the template.
"""

from __future__ import annotations

import ast
import re
import struct
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

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
STRING = r"""u?(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")"""
TEMPLATE_CALL = re.compile(rf"\b(_|gettext|ngettext)\(\s*({STRING})(?:\s*,\s*({STRING}))?", re.S)


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
        for text, plural in texts:
            message = messages.setdefault(text, Message(text))
            message.plural = message.plural or plural
            message.places.add(str(file.relative_to(PACKAGE)))
    return messages


def _in_code(file: Path) -> Iterator[tuple[str, str | None]]:
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
            continue
        texts = [part.value for part in node.args[:2] if isinstance(part, ast.Constant)]
        if node.func.id in SINGULAR and texts and isinstance(texts[0], str) and texts[0]:
            yield texts[0], None
        elif node.func.id in PLURAL and len(texts) == 2:
            yield str(texts[0]), str(texts[1])


def _in_template(file: Path) -> Iterator[tuple[str, str | None]]:
    from django.utils.translation.template import templatize  # noqa: PLC0415 - compiling needs no Django

    for call, text, plural in TEMPLATE_CALL.findall(templatize(file.read_text("utf-8"), origin=str(file))):
        second = ast.literal_eval(plural) if call == "ngettext" else None
        yield ast.literal_eval(text), second


def read(file: Path = CATALOGUE) -> dict[str, Message]:
    """Return the messages of a catalogue."""
    messages: dict[str, Message] = {}
    for block in re.split(r"\n\s*\n", file.read_text("utf-8")) if file.exists() else []:
        parts = re.findall(r'^(msg\w+(?:\[\d\])?) ((?:".*"\n?)+)', block, re.M)
        texts = {
            name: "".join(ast.literal_eval(line) for line in lines.split("\n") if line)
            for name, lines in parts
        }
        if texts.get("msgid"):
            translations = [texts[name] for name in ("msgstr", "msgstr[0]", "msgstr[1]") if name in texts]
            messages[texts["msgid"]] = Message(texts["msgid"], texts.get("msgid_plural"), translations)
    return messages


def write(messages: dict[str, Message], file: Path = CATALOGUE) -> None:
    """Write a catalogue, ordered by place and text."""
    blocks = [f'msgid ""\nmsgstr {_quoted(HEADER)}']
    for message in sorted(messages.values(), key=lambda one: (min(one.places), one.text)):
        lines = [f"#: {' '.join(sorted(message.places))}"]
        if "%(" in message.text:
            lines.append("#, python-format")
        lines.append(f"msgid {_quoted(message.text)}")
        if message.plural is None:
            lines.append(f"msgstr {_quoted(''.join(message.translations[:1]))}")
        else:
            singular, plural = [*message.translations, "", ""][:2]
            lines += [f"msgid_plural {_quoted(message.plural)}", f"msgstr[0] {_quoted(singular)}"]
            lines.append(f"msgstr[1] {_quoted(plural)}")
        blocks.append("\n".join(lines))
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("\n\n".join(blocks) + "\n", "utf-8")


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\t", "\\t")
    if "\n" not in escaped:
        return f'"{escaped}"'
    return '""\n' + "\n".join(f'"{line}"' for line in escaped.replace("\n", "\\n\n").split("\n") if line)


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
    pairs = {"": HEADER}
    for message in messages.values():
        if message.is_translated:
            key = message.text if message.plural is None else f"{message.text}\0{message.plural}"
            pairs[key] = "\0".join(message.translations)
    rows = [
        (key.encode(), value.encode())
        for key, value in sorted(pairs.items(), key=lambda pair: pair[0].encode())
    ]
    start = 28 + 16 * len(rows)
    keys: list[tuple[int, int]] = []
    values: list[tuple[int, int]] = []
    body, position = b"", start
    for index in (0, 1):
        for row in rows:
            (keys if index == 0 else values).append((len(row[index]), position + len(body)))
            body += row[index] + b"\0"
    head = struct.pack("<7I", 0x950412DE, 0, len(rows), 28, 28 + 8 * len(rows), 0, start)
    return head + b"".join(struct.pack("<2I", *pair) for pair in keys + values) + body


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
