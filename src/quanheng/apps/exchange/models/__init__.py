"""What went out, what came in, and what the office has to look at."""

from quanheng.apps.exchange.models.events import ExchangeLink, PlatformEvent, TamperAlarm
from quanheng.apps.exchange.models.runs import ExchangeRun, ExportedRow, ResultRow

__all__ = ["ExchangeLink", "ExchangeRun", "ExportedRow", "PlatformEvent", "ResultRow", "TamperAlarm"]
