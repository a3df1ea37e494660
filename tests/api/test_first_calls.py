"""The first quarter of an hour as the how-to tells it: its lines are run as they stand."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

import pytest

from quanheng.api.openapi import document
from quanheng.apps.accounts.enums import Role
from quanheng.apps.instruments.models import Instrument
from quanheng.kit.scope import EVERYTHING, acting_in
from tests.factories import make_actor, make_api_key, make_entity, make_instrument, make_item
from tests.serving import serving

DOCS = Path(__file__).parents[2] / "docs"
HOW_TO = (DOCS / "how-to" / "first-calls.md").read_text("utf-8")
LINES = "\n".join(re.findall(r"^```sh\n(.*?)^```", HOW_TO, re.S | re.M))


@pytest.mark.django_db(transaction=True)
def test_the_lines_lead_from_a_key_to_the_first_write() -> None:
    make_item()
    entity = make_entity()
    scale = make_instrument(entity)
    key = make_api_key(make_actor(Role.INSTRUMENT_USER, entity=entity))
    with serving() as address:
        ran = subprocess.run(
            ["bash", "-eu", "-c", LINES], capture_output=True, text=True, check=False, timeout=120,
            env={"PATH": os.environ["PATH"], "KEY": key, "API": address},
        )  # fmt: skip
    assert (ran.returncode, ran.stderr) == (0, "")
    assert '"role": "instrument_user"' in ran.stdout
    assert '"total": {"number": 1, "at_least": false}' in ran.stdout
    assert '"model": "ACS-15"' in ran.stdout
    assert '"field": "name"' in ran.stdout
    assert '{"deleted": ' in ran.stdout
    with acting_in(EVERYTHING):
        assert list(Instrument.objects.unscoped().values_list("pk", flat=True)) == [scale.pk]


def test_the_changelog_begins_with_the_version_that_is_described() -> None:
    versions = re.findall(r"^## (\S+)$", (DOCS / "reference" / "api-changelog.md").read_text("utf-8"), re.M)
    assert versions[0] == document()["info"]["version"]
    assert versions == sorted(
        versions, key=lambda each: [int(part) for part in each.split(".")], reverse=True
    )
