"""How fast a key may ask (generic cell rate algorithm); addresses without a key: `kit.pace`.

Every request keeps the caller busy for one interval; a caller may be busy at most one minute ahead, which is
the burst. One number says it all, so one statement in PostgreSQL counts exactly over any number of processes.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db import connection

WINDOW_SECONDS = 60.0

SPEND = """
INSERT INTO api_keypace AS pace (key_id, busy_until)
VALUES (%(key)s, now() + %(step)s * interval '1 second')
ON CONFLICT (key_id) DO UPDATE
  SET busy_until = greatest(pace.busy_until, now()) + %(step)s * interval '1 second'
  WHERE pace.busy_until <= now() + %(ahead)s * interval '1 second'
RETURNING extract(epoch FROM busy_until - now())::float
"""
WAIT = "SELECT extract(epoch FROM busy_until - now())::float FROM api_keypace WHERE key_id = %s"


@dataclass(frozen=True, slots=True)
class Pace:
    """Where a caller stands: requests left, seconds until all (refused: one) are back."""

    limit: int
    left: int
    reset_seconds: int
    refused: bool = False

    def headers(self) -> dict[str, str]:
        """Return the RateLimit fields (draft-ietf-httpapi-ratelimit-headers); Retry-After when refused."""
        fields = {
            "RateLimit-Policy": f'"key";q={self.limit};w={WINDOW_SECONDS:.0f}',
            "RateLimit": f'"key";r={self.left};t={self.reset_seconds}',
        }
        return fields | ({"Retry-After": str(self.reset_seconds)} if self.refused else {})


def pace_of(limit: int, busy_seconds: float, *, refused: bool = False) -> Pace:
    """Say where a caller stands who is busy for so many seconds from now."""
    step = WINDOW_SECONDS / limit
    left = max(0, int((WINDOW_SECONDS - busy_seconds) / step + 1e-6))
    seconds = busy_seconds - WINDOW_SECONDS + step if refused else busy_seconds
    return Pace(limit, 0 if refused else left, max(1, round(seconds + 0.5)) if seconds > 0 else 0, refused)


def spend(key_id: int, per_minute: int) -> Pace:
    """Charge a key for one request, if it may ask at all."""
    step = WINDOW_SECONDS / per_minute
    with connection.cursor() as cursor:
        cursor.execute(SPEND, {"key": key_id, "step": step, "ahead": WINDOW_SECONDS - step})
        row = cursor.fetchone()
        if row is not None:
            return pace_of(per_minute, row[0])
        cursor.execute(WAIT, [key_id])
        return pace_of(per_minute, cursor.fetchone()[0], refused=True)
