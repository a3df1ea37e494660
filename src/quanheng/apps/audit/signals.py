"""What an app above the log can listen to.

Receivers run in the act's transaction; one that fails undoes the act.
"""

from __future__ import annotations

from django.dispatch import Signal

acts_recorded = Signal()
"""Sent by `services` with `acts`, a list of what was appended, in the order of the log."""
