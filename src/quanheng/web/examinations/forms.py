"""The forms of the bench."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.certificates.models import ApplicationLine, MeasurementStandard
from quanheng.apps.certificates.services.record_examination import Findings, NewSeal
from quanheng.apps.instruments.enums import SealPosition, VerificationKind
from quanheng.apps.instruments.models import Instrument
from quanheng.apps.instruments.queries.ledger import part_name
from quanheng.web.examinations.readings import COLUMNS, Row, kind_of, readings_of, rows_in

SEAL_ROWS = 3
EMPTY_ROWS = {"scale": 6, "fuel_dispenser": 6}


class ExaminationForm(forms.Form):
    """What stands around the points: day, kind, standard, conditions."""

    verified_on = forms.DateField(
        label=_("检定日期"), initial=timezone.localdate,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )  # fmt: skip
    kind = forms.ChoiceField(
        label=_("检定类别"), choices=VerificationKind.choices, initial=VerificationKind.SUBSEQUENT
    )
    standard = forms.ModelChoiceField(label=_("计量标准"), queryset=MeasurementStandard.objects.none())
    temperature_c = forms.DecimalField(
        label=_("环境温度（℃）"), required=False, min_value=-60, max_value=80, decimal_places=1
    )
    humidity_percent = forms.DecimalField(
        label=_("相对湿度（%）"), required=False, min_value=0, max_value=100, decimal_places=1
    )
    remarks = forms.CharField(label=_("说明"), max_length=300, required=False)
    entry_key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)

    def __init__(self, data: QueryDict | None = None, *, line: ApplicationLine, actor: Actor) -> None:
        super().__init__(data, auto_id=f"l{line.pk}_%s")
        self.line, self.actor = line, actor
        self.table = kind_of(line.instrument)
        field: Any = self.fields["standard"]
        field.queryset = standards_for(line)
        field.initial = field.queryset.first()
        self.typed = rows_in(data, self.table) if data is not None else []
        self.seals_typed = _seals_in(data) if data is not None else []

    @property
    def columns(self) -> Any:
        return COLUMNS[self.table]

    @property
    def rows(self) -> list[Row]:
        """The rows to draw: what was typed, then empty ones."""
        empty = {column.key: "" for column in self.columns}
        if self.table == "fuel_dispenser" and not self.typed:
            return [empty | {"nozzle": nozzle} for nozzle in self._nozzles() for _ in range(3)]
        return [*self.typed, *[empty] * max(1, EMPTY_ROWS[self.table] - len(self.typed))]

    @property
    def seal_rows(self) -> list[dict[str, str]]:
        empty = {"number": "", "position": ""}
        return [*self.seals_typed, *[empty] * max(1, SEAL_ROWS - len(self.seals_typed))]

    @property
    def positions(self) -> Any:
        return SealPosition.choices

    def _nozzles(self) -> list[str]:
        parts = Instrument.objects.visible_to(self.actor).filter(parent_id=self.line.instrument_id)
        return [part_name(part) for part in parts.order_by("pk")[:16]] or ["1", "2"]

    def findings(self) -> Findings:
        """Return what was entered.

        Raises:
            RuleBroken: no_rows, row_incomplete.
        """
        data = self.cleaned_data
        return Findings(
            verified_on=data["verified_on"], kind=VerificationKind(data["kind"]),
            standard_id=data["standard"].pk, readings=readings_of(self.table, self.typed),
            temperature_c=data["temperature_c"], humidity_percent=data["humidity_percent"],
            seals=tuple(NewSeal(one["number"], SealPosition(one["position"])) for one in self.seals_typed),
            remarks=data["remarks"], entry_key=data["entry_key"],
        )  # fmt: skip


class SendBackForm(forms.Form):
    """Why a record goes back to the bench."""

    reason = forms.CharField(label=_("退回原因"), max_length=300, widget=forms.Textarea(attrs={"rows": 2}))


def standards_for(line: ApplicationLine) -> QuerySet[MeasurementStandard]:
    """Return the institute's standards for this item."""
    rows = MeasurementStandard.objects.filter(institute=line.institute_id, items=line.instrument.item_id)
    return rows.order_by("name", "pk")


def _seals_in(posted: QueryDict) -> list[dict[str, str]]:
    numbers, positions = posted.getlist("seal_number"), posted.getlist("seal_position")
    return [
        {"number": number.strip(), "position": position}
        for number, position in zip(numbers, positions, strict=False)
        if number.strip() and position in SealPosition.values
    ]
