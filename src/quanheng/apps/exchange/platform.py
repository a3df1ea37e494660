"""The national platform for scales as somebody who acts: the log names it where it told us of a lock."""

from __future__ import annotations

from dataclasses import replace

from quanheng.apps.accounts.actors import SYSTEM

PLATFORM = replace(SYSTEM, name="全国电子计价秤平台")
