"""成批核验、批准: choose on the worklist, see what would become of each, confirm, read the result row by row.

The preview is the act itself, undone: what it says of each instrument is what the rules say at that moment.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.contrib import messages
from django.db import transaction
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from quanheng.apps.accounts.enums import Role
from quanheng.apps.certificates.acts import CERTIFICATE_ISSUED
from quanheng.apps.certificates.queries.lines import IN_ORDER, institute_lines, results_of
from quanheng.apps.certificates.services.check_examination import check_examinations
from quanheng.apps.certificates.services.issue_certificates import issue_certificates
from quanheng.kit.refusal import RuleBroken
from quanheng.web.access import OfficeRequest, office
from quanheng.web.asking import ask_once
from quanheng.web.examinations.duties import Words, words_for
from quanheng.web.kept_forms.answers import keep_step

if TYPE_CHECKING:
    from quanheng.apps.certificates.models import ApplicationLine, Certificate

AT_ONCE = 1_000


@dataclass(slots=True)
class Row:
    """One instrument and what became of it.

    Args:
        result: of its verification.
        refusal: why it was refused, and how to put it right; empty for one that went through.
    """

    line: ApplicationLine
    result: str
    refusal: str = ""
    certificate: Certificate | None = None


@dataclass(slots=True)
class Decided:
    """What a batch came to."""

    rows: list[Row] = field(default_factory=list)

    @property
    def good(self) -> list[Row]:
        return [row for row in self.rows if not row.refusal]

    @property
    def refused(self) -> list[Row]:
        return [row for row in self.rows if row.refusal]

    @property
    def by_item(self) -> list[tuple[str, str, int]]:
        """Item, result of the verification and how many, of those that go through."""
        counted = Counter((row.line.instrument.item.name, row.result) for row in self.good)
        return [(*what, count) for what, count in sorted(counted.items())]


@office(Role.CHECKER, Role.APPROVER)
@require_http_methods(["GET", "HEAD", "POST"])
def decide(request: OfficeRequest) -> HttpResponse:
    """Preview the chosen lines; decide them when they are confirmed."""
    words = words_for(request.actor)
    if words is None or request.method != "POST":
        return redirect("examination_list")
    chosen = _chosen(request, words)
    if not chosen or len(chosen) > AT_ONCE:
        text = gettext("一次最多办理 %(most)d 台（件），请分批办理。") % {"most": AT_ONCE}
        messages.error(request, text if chosen else gettext("请先勾选器具，再办理。"))
        return redirect("examination_list")
    sure = Form(request.POST if request.POST.get("step") == "confirm" else None)
    if request.actor.role == Role.APPROVER:
        ask_once(sure, CERTIFICATE_ISSUED)
    confirmed = sure.is_valid()
    if not confirmed:
        keep_step(request)
    with transaction.atomic():
        decided = _decided(request, chosen)
        transaction.set_rollback(not confirmed)
    template = "examinations/decided.html" if confirmed else "examinations/decide.html"
    return render(request, template, {"decided": decided, "words": words, "sure": sure})


def _chosen(request: OfficeRequest, words: Words) -> list[int]:
    if request.POST.get("reach") == "all":
        waiting = institute_lines(request.actor).filter(state=words.state).order_by("pk")
        return list(waiting.values_list("pk", flat=True)[: AT_ONCE + 1])
    return sorted({int(pk) for pk in request.POST.getlist("line") if pk.isdecimal() and len(pk) < 19})


def _decided(request: OfficeRequest, chosen: Collection[int]) -> Decided:
    by, at = request.actor, timezone.now()
    refused: Mapping[int, RuleBroken]
    certificates: dict[int, Certificate] = {}
    if by.role == Role.CHECKER:
        refused = check_examinations(line_ids=chosen, by=by, at=at).refused
    else:
        issued = issue_certificates(line_ids=chosen, by=by, at=at)
        refused = issued.refused
        certificates = {one.instrument_id: one for one in issued.certificates}
    found = institute_lines(by).filter(pk__in=chosen).order_by(*IN_ORDER)
    results = results_of(chosen, by)
    return Decided([
        Row(line, results.get(line.pk, ""), refused[line.pk].message)
        if line.pk in refused
        else Row(line, results[line.pk], certificate=certificates.get(line.instrument_id))
        for line in found
    ])  # fmt: skip
