"""What the platform for scales sends."""

from __future__ import annotations

import json
from typing import Any


def delivery(*events: Any, **more: Any) -> bytes:
    """Return the body of a message with these events."""
    return json.dumps({"events": list(events)} | more, ensure_ascii=False).encode()
