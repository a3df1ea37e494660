"""Every Chinese text has its English, with the same values in it, and what is compiled is what is written."""

from __future__ import annotations

import gettext
import re
from io import BytesIO
from pathlib import Path

import quanheng
from scripts.messages import CATALOGUE, compiled, found, read

ALIAS = re.compile(r"\b(?:gettext|gettext_lazy|gettext_noop|ngettext|ngettext_lazy) as (?!_\b)(\w+)")
VALUES = re.compile(r"%\(\w+\)[sd]|%%")
SOURCE = Path(quanheng.__file__).parent
HOW = "run `make locale`, translate what it names in django.po, and run it again"


def test_every_text_of_pages_and_code_is_translated() -> None:
    catalogue = read()
    missing = [text for text in found() if text not in catalogue or not catalogue[text].is_translated]
    assert missing == [], HOW


def test_no_text_hides_behind_a_name_that_is_not_collected() -> None:
    """`gettext as now` once left seven texts Chinese for everybody."""
    code = sorted(SOURCE.rglob("*.py"))
    assert len(code) > 500
    assert [str(file) for file in code if ALIAS.search(file.read_text("utf-8"))] == []


def test_the_catalogue_holds_nothing_that_is_gone() -> None:
    assert sorted(set(read()) - set(found())) == [], HOW


def test_a_translation_holds_the_same_values() -> None:
    for message in read().values():
        for translation in message.translations:
            assert sorted(VALUES.findall(translation)) == sorted(VALUES.findall(message.text)), message.text


def test_the_compiled_catalogue_is_the_written_one() -> None:
    assert CATALOGUE.with_suffix(".mo").read_bytes() == compiled(read()), HOW


def test_what_we_compile_python_reads_back() -> None:
    messages = read()
    translations = gettext.GNUTranslations(BytesIO(compiled(messages)))
    for message in messages.values():
        if message.plural is None:
            assert translations.gettext(message.text) == message.translations[0]
        else:
            forms = [translations.ngettext(message.text, message.plural, count) for count in (1, 2)]
            assert forms == message.translations
