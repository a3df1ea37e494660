"""The forms of the bench."""

from __future__ import annotations

import json
import uuid
from collections.abc import Sequence
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django import forms
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.certificates.queries.lines import standards_for
from quanheng.apps.certificates.services.completing import Laid, lay, regulations_for
from quanheng.apps.certificates.services.limits_beside import as_data, limits_beside, words_beside
from quanheng.apps.certificates.services.new_seals import NewSeal
from quanheng.apps.certificates.services.record_examination import Findings
from quanheng.apps.instruments.enums import SealPosition, VerificationKind
from quanheng.apps.instruments.queries.ledger import parts_in_service
from quanheng.apps.instruments.queries.records import verified_before
from quanheng.apps.instruments.queries.seals import fitting_positions
from quanheng.kit.tones import Text
from quanheng.web.examinations.pasting import rows_of
from quanheng.web.examinations.readings import (
    Column,
    Row,
    columns_of,
    filled,
    nominal_of,
    proposed,
    readings_of,
    rows_in,
    test_of,
)
from quanheng.web.fields import day_input
from quanheng.web.instruments.facts_form import weight_text

if TYPE_CHECKING:
    from quanheng.apps.certificates.models import ApplicationLine, MeasurementStandard

SEAL_ROWS = 3
MORE_ROWS = 5
ANSWERS = (("", "—"), ("yes", _("符合")), ("no", _("不符合")))


class ExaminationForm(forms.Form):
    """What stands around the points: day, kind, standard, conditions."""

    verified_on = forms.DateField(
        label=_("检定日期"), initial=timezone.localdate,
        widget=day_input(),
    )  # fmt: skip
    kind = forms.ChoiceField(label=_("检定类别"), choices=VerificationKind.choices)
    standard: forms.ModelChoiceField[MeasurementStandard] = forms.ModelChoiceField(
        label=_("计量标准"), queryset=None
    )
    temperature_c = forms.DecimalField(
        label=_("环境温度（℃）"), required=False, min_value=-60, max_value=80, decimal_places=1
    )
    humidity_percent = forms.DecimalField(
        label=_("相对湿度（%）"), required=False, min_value=0, max_value=100, decimal_places=1
    )
    regulation = forms.ChoiceField(label=_("检定依据"), required=False)
    allowance = forms.ChoiceField(
        label=_("少检条款"), required=False,
        help_text=_("检定项目不全的，选用规程中允许少检的条款，并在“说明”中写明原因。"),
    )  # fmt: skip
    remarks = forms.CharField(label=_("说明"), max_length=300, required=False)
    entry_key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)

    def __init__(
        self, data: QueryDict | None = None, *, line: ApplicationLine, actor: Actor,
        kept: QueryDict | None = None,
    ) -> None:  # fmt: skip
        """Args: kept: what was typed so far, where rows are only added and nothing is submitted."""
        initial = None if kept is None else {name: value for name, value in kept.items() if value}
        super().__init__(data, auto_id=f"l{line.pk}_%s", initial=initial)
        self.line, self.actor = line, actor
        said = data if data is not None else kept
        self.first_kind = (
            VerificationKind.SUBSEQUENT if verified_before(line.instrument) else VerificationKind.INITIAL
        )
        self.fields["kind"].initial = self.first_kind
        self._parts = tuple(parts_in_service([line.instrument_id], actor).get(line.instrument_id, {}))
        self.laid = self._lay(said)
        self._choose()
        self.sent = rows_in(said, self.columns) if said is not None else []
        self.seals_typed = _seals_in(said) if said is not None else []
        self._said = said
        self.rows = self._rows(kept)

    @cached_property
    def columns(self) -> tuple[Column, ...]:
        return columns_of(self.laid.template)

    @property
    def drawn(self) -> list[tuple[Row, str]]:
        """The rows to draw, each with its limits of error in words."""
        beside = limits_beside(self.laid, self._day(self._said))
        return [(row, words_beside(beside.get(test_of(row), ()), nominal_of(row))) for row in self.rows]

    @property
    def limits(self) -> str:
        """The limits of every test, for each way of looking: the page shows them while somebody types."""
        day = self._day(self._said)
        kinds = {"": VerificationKind.SUBSEQUENT, "in_service": VerificationKind.IN_SERVICE}
        return json.dumps({
            name: as_data(limits_beside(self._laid_for(kind, day), day)) for name, kind in kinds.items()
        })  # fmt: skip

    @property
    def checks(self) -> list[tuple[str, str, str]]:
        """Name, title and answer of what is looked at."""
        said = self._said
        return [
            (check.name, check.title, said.get(f"check_{check.name}", "") if said is not None else "")
            for check in self.laid.template.checks
        ]

    @property
    def plate(self) -> list[tuple[Text, str]]:
        """What the nameplate says of range and class, for the head of the table."""
        it = self.line.instrument
        said: list[tuple[Text, str]] = [
            (_("最大秤量 Max"), weight_text(it.max_capacity_g)), (_("检定分度值 e"), weight_text(it.e_g)),
            (_("测量范围"), it.measuring_range), (_("准确度等级"), it.accuracy_class),
        ]  # fmt: skip
        return [(label, value) for label, value in said if value and value != "—"]

    @property
    def answers(self) -> Sequence[tuple[str, Text]]:
        return ANSWERS

    @property
    def is_unverified(self) -> bool:
        return not self.laid.template.is_verified

    @property
    def seal_rows(self) -> list[dict[str, str]]:
        empty = {"number": "", "position": ""}
        return [*self.seals_typed, *[empty] * max(1, SEAL_ROWS - len(self.seals_typed))]

    @property
    def positions(self) -> Any:
        fitting = fitting_positions(self.line.instrument.item, timezone.localdate())
        return [(one.value, one.label) for one in fitting]

    def findings(self) -> Findings:
        """Return what was entered.

        Raises:
            RuleBroken: no_rows, row_incomplete, row_not_number.
        """
        data = self.cleaned_data
        checks = {name: answer for name, _title, answer in self.checks}
        return Findings(
            verified_on=data["verified_on"], kind=VerificationKind(data["kind"]),
            standard_id=data["standard"].pk,
            readings=readings_of(self.laid.template, self.sent, checks),
            temperature_c=data["temperature_c"], humidity_percent=data["humidity_percent"],
            seals=tuple(NewSeal(one["number"], SealPosition(one["position"])) for one in self.seals_typed),
            remarks=data["remarks"], regulation=data["regulation"], allowance=data["allowance"],
            entry_key=data["entry_key"],
        )  # fmt: skip

    def _rows(self, kept: QueryDict | None) -> list[Row]:
        empty = {column.key: "" for column in self.columns}
        if kept is None:
            return self.sent or proposed(self.laid, dict.fromkeys(self._parts or ("1", "2"), "petrol"))
        if pasted := rows_of(kept.get("pasted", ""), self.columns, self.laid.template):
            return [*filled(self.sent, self.columns), *pasted]
        return [*self.sent, *[empty] * MORE_ROWS]

    def _lay(self, said: QueryDict | None) -> Laid:
        kind = said.get("kind", "") if said is not None else ""
        day = self._day(said)
        chosen = VerificationKind(kind) if kind in VerificationKind.values else self.first_kind
        regulation = said.get("regulation", "") if said is not None else ""
        known = regulations_for(self.line.instrument, day)
        return self._laid_for(chosen, day, regulation if regulation in known else "")

    def _laid_for(self, kind: VerificationKind, day: date, regulation: str = "") -> Laid:
        instrument = self.line.instrument
        return lay(instrument, kind, day, regulation=regulation, parts=self._parts)

    def _choose(self) -> None:
        """Offer what this institute and this instrument may choose from."""
        standard: Any = self.fields["standard"]
        standard.queryset = standards_for(self.line)
        standard.initial = standard.queryset.first()
        known = regulations_for(self.line.instrument, self._day(None))
        regulation: Any = self.fields["regulation"]
        regulation.choices = [
            (edition, edition) for edition in dict.fromkeys([*known, self.laid.template.edition])
        ]
        allowance: Any = self.fields["allowance"]
        allowance.choices = [
            ("", _("按规程做全")),
            *((one.name, one.title) for one in self.laid.template.allowances),
        ]

    def _day(self, said: QueryDict | None) -> date:
        """The day whose regulation applies: as typed, today while it is no day."""
        try:
            return date.fromisoformat(said.get("verified_on", "") if said is not None else "")
        except ValueError:
            return timezone.localdate()


class SendBackForm(forms.Form):
    """Why a record goes back to the bench."""

    reason = forms.CharField(label=_("退回原因"), max_length=300, widget=forms.Textarea(attrs={"rows": 2}))


def _seals_in(posted: QueryDict) -> list[dict[str, str]]:
    numbers, positions = posted.getlist("seal_number"), posted.getlist("seal_position")
    return [
        {"number": number.strip(), "position": position}
        for number, position in zip(numbers, positions, strict=False)
        if number.strip() and position in SealPosition.values
    ]
