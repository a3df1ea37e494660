"""Rows that somebody confirms as they are, many at once."""

from __future__ import annotations

from django.utils.translation import gettext_noop
from ninja import Field, Schema

from quanheng.api.schemas.common import shown, strict

REFUSED = {"id": 1025, "code": "not_to_be_confirmed", "detail": "“草稿”的器具不需要确认。"}


class RefusedRowOut(Schema):
    """A row that could not be done, and why; the others are done."""

    model_config = shown(REFUSED)
    id: int
    code: str = Field(description=gettext_noop("稳定的错误代码，供程序判断"))
    detail: str = Field(description=gettext_noop("错误所在和改正办法"))


class ConfirmedOut(Schema):
    """How many rows were confirmed, and which were not."""

    model_config = shown({"confirmed": 1, "refused": [REFUSED]})
    confirmed: int
    refused: list[RefusedRowOut]


class UnchangedInstrumentsIn(Schema):
    """Instruments that are there as the ledger has them."""

    model_config = strict({"instrument_ids": [1024, 1025]})
    instrument_ids: list[int] = Field(min_length=1, max_length=1000)


class UnchangedEntitiesIn(Schema):
    """Files of entities that are still so."""

    model_config = strict({"entity_ids": [7, 88]})
    entity_ids: list[int] = Field(min_length=1, max_length=1000)
