"""A write that is sent twice happens once (Idempotency-Key, draft-ietf-httpapi-idempotency-key-header).

The answer is stored in the act's own transaction: there is no moment at which the act stands and the answer
does not. Refused writes left nothing behind and are simply tried again.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from datetime import timedelta

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone

from quanheng.api import refusals
from quanheng.api.models import IdempotentAnswer
from quanheng.api.problems import Problem
from quanheng.apps.accounts.key_queries import KeyHolder

HEADER = "Idempotency-Key"
LONGEST_NAME = 80
KEPT = timedelta(hours=48)
KEPT_HEADERS = ("Content-Type", "ETag", "Location")
SWEEP = """
DELETE FROM api_idempotentanswer WHERE id IN (
  SELECT id FROM api_idempotentanswer WHERE key_id = %s AND answered_at < %s ORDER BY answered_at LIMIT 20)
"""


def once(request: HttpRequest, holder: KeyHolder, act: Callable[[], HttpResponseBase]) -> HttpResponseBase:
    """Run the act, or repeat the answer that the same request got before.

    Raises:
        Problem: idempotency_key_missing 400, idempotency_key_in_use 409, idempotency_key_reused 422.
    """
    name = _name(request)
    wanted = _fingerprint(request)
    if not _claim(holder.key_id, name):
        raise Problem(refusals.IDEMPOTENCY_KEY_IN_USE(), headers={"Retry-After": "1"})
    earlier = IdempotentAnswer.objects.filter(key_id=holder.key_id, name=name).first()
    if earlier is not None:
        return _repeat(earlier, wanted)
    response = act()
    if response.status_code < 400 and isinstance(response, HttpResponse):
        _keep(holder.key_id, name, wanted, response)
    return response


def _name(request: HttpRequest) -> str:
    name = request.headers.get(HEADER, "").strip().strip('"')
    if not name or len(name) > LONGEST_NAME or not name.isprintable():
        raise Problem(refusals.IDEMPOTENCY_KEY_MISSING())
    return name


def _claim(key_id: int, name: str) -> bool:
    """Lock the name until the end of the transaction, if nobody else has it."""
    digest = hashlib.blake2b(f"{key_id}:{name}".encode(), digest_size=8).digest()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [int.from_bytes(digest, signed=True)])
        return bool(cursor.fetchone()[0])


def _fingerprint(request: HttpRequest) -> str:
    """Hash what is asked: method, address, body (of an upload: its fields and files, not its boundaries)."""
    digest = hashlib.sha256(f"{request.method} {request.get_full_path()}\n".encode())
    digest.update(request.headers.get("If-Match", "").encode())
    if request.content_type == "multipart/form-data":
        digest.update(json.dumps(sorted(request.POST.lists()), ensure_ascii=False).encode())
        for name, file in sorted(request.FILES.items()):
            digest.update(f"\n{name} {getattr(file, 'name', '')}\n".encode())
            for chunk in file.chunks():  # type: ignore[union-attr]
                digest.update(chunk)
            file.seek(0)  # type: ignore[union-attr]
    else:
        digest.update(request.body)
    return digest.hexdigest()


def _repeat(earlier: IdempotentAnswer, wanted: str) -> HttpResponse:
    if earlier.request_hash != wanted:
        raise Problem(refusals.IDEMPOTENCY_KEY_REUSED())
    response = HttpResponse(earlier.body, status=earlier.status, headers=earlier.headers)
    response["Idempotency-Replayed"] = "true"
    return response


def _keep(key_id: int, name: str, wanted: str, response: HttpResponse) -> None:
    now = timezone.now()
    with connection.cursor() as cursor:
        cursor.execute(SWEEP, [key_id, now - KEPT])
    IdempotentAnswer.objects.create(
        key_id=key_id,
        name=name,
        request_hash=wanted,
        status=response.status_code,
        answered_at=now,
        headers={header: response[header] for header in KEPT_HEADERS if header in response},
        body=response.content.decode(),
    )
