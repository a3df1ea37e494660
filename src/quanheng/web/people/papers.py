"""The paper of an invitation: its address as a QR code, its number, and the code that is shown this once."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from quanheng.apps.instruments.labels.qr import qr_code, svg
from quanheng.apps.people.one_time_codes import in_fours
from quanheng.web.access import OfficeRequest
from quanheng.web.people.lists import unit_name

if TYPE_CHECKING:
    from quanheng.apps.people.models import Invitation
    from quanheng.apps.people.services.invitations import Issued

SIDE_MM = 40


@dataclass(frozen=True, slots=True)
class Paper:
    """One sheet. `picture` is the QR code as a data address."""

    invitation: Invitation
    unit: str
    code: str
    address: str
    picture: str
    is_to_entity: bool


def paper_of(issued: Issued) -> Paper:
    """Put a sheet together."""
    invitation = issued.invitation
    address = f"{settings.OFFICE_URL}{reverse('join', args=[invitation.number])}".rstrip("/")
    drawn = base64.b64encode(svg(qr_code(address, SIDE_MM))).decode()
    return Paper(
        invitation, unit_name(invitation), in_fours(issued.code), address,
        f"data:image/svg+xml;base64,{drawn}", invitation.is_to_entity,
    )  # fmt: skip


def papers_page(request: OfficeRequest, issued: list[Issued], back: str, back_text: str) -> HttpResponse:
    """Show the sheets, this once: no browser keeps the page."""
    context = {"papers": [paper_of(each) for each in issued], "back": back, "back_text": back_text}
    response = render(request, "people/papers.html", context)
    response["Cache-Control"] = "no-store"
    return response
