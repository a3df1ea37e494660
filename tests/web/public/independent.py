"""The verifier of the public log written from the specifications alone: Node and its crypto."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

VERIFIER = Path(__file__).with_name("verify_log.mjs")


def independent(*arguments: object) -> dict[str, Any]:
    answer = subprocess.run(
        ["node", VERIFIER, *map(str, arguments)], capture_output=True, text=True, check=False
    )
    assert answer.stdout, answer.stderr
    said: dict[str, Any] = json.loads(answer.stdout)
    return said
