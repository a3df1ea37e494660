"""Nothing that an office asks reads a million rows to show fifty, or is planned as if for a hundred."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

ROWS = int(os.environ.get("QUANHENG_WALK_ROWS", "1000000"))
pytestmark = [pytest.mark.long, pytest.mark.xdist_group("a million"), pytest.mark.timeout(5400)]


def test_no_page_order_filter_act_or_export_reads_what_it_does_not_show() -> None:
    """In processes of its own: the province has its own database (var/bench, built once)."""
    environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    for module in ("benchmarks.provinces", "tests.cost.walk"):
        command = [sys.executable, "-m", module, str(ROWS)]
        ran = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, check=True)
    found = json.loads(ran.stdout.splitlines()[-1])
    assert found["statements"] > 1_000
    assert found["faults"] == {}
