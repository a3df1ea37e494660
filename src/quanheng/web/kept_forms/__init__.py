"""Nothing typed is lost: what was sent and not taken in stands in its form again, unsent (ADR 0036)."""
