"""The examples of the description keep to the description, in both languages, and name what there is."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from openapi_schema_validator import OAS31Validator

import quanheng.apps.instruments
from quanheng.api.openapi import document

DESCRIBED = {language: document(language) for language in ("zh-hans", "en")}
SCHEMAS = DESCRIBED["zh-hans"]["components"]["schemas"]
EXAMPLES = sorted(name for name, schema in SCHEMAS.items() if "example" in schema)
CATALOGUE = Path(quanheng.apps.instruments.__file__).parent / "data" / "catalogue.csv"


@pytest.mark.parametrize("language", DESCRIBED)
@pytest.mark.parametrize("name", EXAMPLES)
def test_an_example_keeps_to_its_schema(name: str, language: str) -> None:
    described = DESCRIBED[language]
    schema = {"$ref": f"#/components/schemas/{name}", "components": described["components"]}
    example = described["components"]["schemas"][name]["example"]
    faults = OAS31Validator(schema, format_checker=OAS31Validator.FORMAT_CHECKER).iter_errors(example)
    assert [f"{fault.json_path}: {fault.message}" for fault in faults] == []


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_example_writes_instants_and_quantities_as_answers_do(name: str) -> None:
    """The document once showed +08:00 and 30000, and the platform answered Z and 30000.000."""
    for path, value in texts_of(SCHEMAS[name]["example"], name):
        if re.fullmatch(r"\d{4}-\d\d-\d\dT.*", value) and not name.endswith(("Case", "Result")):
            assert value.endswith("+08:00"), path
        if path.endswith("_g"):
            assert re.fullmatch(r"\d+(\.\d*[1-9])?", value), path


def test_an_example_names_items_of_the_catalogue() -> None:
    with CATALOGUE.open(encoding="utf-8", newline="") as rows:
        known = {row["slug"] for row in csv.DictReader(rows)}
    named = {
        value
        for name in EXAMPLES
        for path, value in texts_of(SCHEMAS[name]["example"], name)
        if path.endswith((".item", ".slug"))
    }
    assert named
    assert named <= known, "the price scale of the first examples was in no catalogue"


def texts_of(example: Any, path: str) -> Iterator[tuple[str, str]]:
    if isinstance(example, dict):
        for name, value in example.items():
            yield from texts_of(value, f"{path}.{name}")
    elif isinstance(example, list):
        for value in example:
            yield from texts_of(value, path)
    elif isinstance(example, str):
        yield path, example
