"""The packs of these tests, as they are shipped."""

from __future__ import annotations

from datetime import date

from quanheng.packs.shipped import shipped

DAY = date(2026, 6, 30)
COAL = shipped().in_force("energy/standard-coal", DAY)
FITTING = shipped().in_force("energy/fitting-rate", DAY)
ONLINE = shipped().in_force("energy/online-rate", DAY)
