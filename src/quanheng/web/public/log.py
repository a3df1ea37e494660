"""The public log as anybody sees it: its files, the proof of an entry, and the entries of one instrument."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import override
from django.views.decorators.http import require_safe

from quanheng.adapters.public_log import log_folder, log_key, log_name, verify
from quanheng.apps.audit.log.proving import prove
from quanheng.apps.instruments.queries.scan import public_record, scan_card
from quanheng.kit.acts import verb_of
from quanheng.kit.clients import client_address
from quanheng.kit.speaking import spoken
from quanheng.packs.case_fault import CaseFault
from quanheng.regulation.instrument_code import CodeUnreadable, parse_code
from quanheng.regulation.transparency.checkpoints import open_checkpoint
from quanheng.regulation.transparency.evidence import Evidence
from quanheng.regulation.transparency.tiles import WIDTH, parse_path
from quanheng.web.access import public_page
from quanheng.web.public.limits import LIMITER
from quanheng.web.public.pages import respond
from quanheng.web.public.scan import unknown, unreadable
from quanheng.web.public.slowing import has_pass, slow_down

TEXT = "text/plain; charset=utf-8"
MOST_ENTRIES = 100  # of one instrument on one page
FOR_EVER = f"public, max-age={int(timedelta(days=365).total_seconds())}, immutable"
BRIEFLY = "public, max-age=5"


@public_page
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Say what the log is, how far it has got, and how anybody checks it."""
    return respond(request, "log.jinja", **_state(), key=log_key().public.to_text(), origin=log_name())


@public_page
@require_safe
def key(_request: HttpRequest) -> HttpResponse:
    """Publish the key that signs checkpoints, and the one that signs them with the time."""
    keys = (log_key().public, log_key().timed)
    return _file("".join(f"{one.to_text()}\n" for one in keys).encode(), BRIEFLY)


@public_page
@require_safe
def checkpoint(_request: HttpRequest) -> HttpResponse:
    """Publish the signed checkpoint."""
    text = log_folder().checkpoint()
    if text is None:
        raise Http404
    return _file(text.encode(), BRIEFLY)


@public_page
@require_safe
def tile(_request: HttpRequest, path: str) -> HttpResponse:
    """Publish a tile or a bundle of entries."""
    try:
        place = parse_path(f"tile/{path}")
        data = log_folder().fetch(place.path)
    except CaseFault:
        raise Http404 from None
    if data is None:
        raise Http404
    return _file(data, FOR_EVER if place.width == WIDTH else BRIEFLY, "application/octet-stream")


@public_page
@require_safe
def proof(_request: HttpRequest, index: int) -> HttpResponse:
    """Hand out one entry with its proof, as a file that is checked without us."""
    try:
        found = prove(index, log_folder())
    except CaseFault as fault:
        return HttpResponse(spoken(fault.message), status=404, content_type=TEXT)
    evidence = found.evidence
    whole = Evidence(evidence.index, evidence.proof, evidence.checkpoint, extra=found.entry)
    response = _file(whole.to_text().encode(), BRIEFLY)
    response.headers["Content-Disposition"] = f'attachment; filename="entry-{index}.tlog-proof"'
    return response


@public_page
@require_safe
def record(request: HttpRequest, code: str) -> HttpResponse:
    """List what the public log holds of one instrument."""
    client = client_address(request)
    try:
        value = parse_code(code)
    except CodeUnreadable as fault:
        return unreadable(request, code, fault)
    card = scan_card(value, timezone.localdate())
    if card is None or card.instrument is None:
        return unknown(request, client)
    wait = 0.0 if has_pass(request, client, value) else LIMITER.known(client, value, card.root_id)
    if wait:
        return slow_down(request, client, value, f"/s/{value}/record", wait)
    language = "en" if request.GET.get("lang") == "en" else "zh-hans"
    with override(language):
        rows = [
            {"what": str(verb_of(verb).label), "day": day, "index": index}
            for verb, day, index in public_record(card.instrument.id, MOST_ENTRIES)
        ]
    return respond(
        request, "record.jinja", **_state(), code=value, rows=rows, most=MOST_ENTRIES,
        number=card.instrument.id, name=card.instrument.name,
    )  # fmt: skip


def _state() -> dict[str, Any]:
    """Where the log stands: entries, and when its checkpoint was signed; nothing before the first."""
    nothing: dict[str, Any] = {"size": 0, "signed": "", "checkpoint": "", "foreign": False}
    text = log_folder().checkpoint()
    if text is None:
        return nothing
    try:
        head, note, signed = open_checkpoint(text, log_name(), [log_key().public, log_key().timed], verify)
    except CaseFault:  # said, not hidden: the files are another log's, or somebody wrote in them
        return nothing | {"foreign": True}
    times = [one.time for one in signed if one.time is not None]
    when = datetime.fromtimestamp(max(times), timezone.get_default_timezone()) if times else None
    return {
        "size": head.size,
        "signed": when.strftime("%Y-%m-%d %H:%M:%S") if when else "",
        "checkpoint": note.text,
        "foreign": False,
    }


def _file(data: bytes, cache: str, content_type: str = TEXT) -> HttpResponse:
    """Anybody's page may read the log: verifiers run in browsers too."""
    return HttpResponse(
        data,
        content_type=content_type,
        headers={
            "Cache-Control": cache,
            "Access-Control-Allow-Origin": "*",
            "Content-Length": str(len(data)),
        },
    )
