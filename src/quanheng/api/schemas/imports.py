"""Imports of ledger spreadsheets."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_noop
from ninja import Field, Schema

from quanheng.api.schemas.common import CHANGED_AT, Instant, PageOut, shown, strict
from quanheng.apps.accounts.enums import KeyScope
from quanheng.apps.instruments.enums import ImportStage, RowAction
from quanheng.apps.registry.enums import PremisesKind

if TYPE_CHECKING:
    from quanheng.apps.instruments.models import ImportRun

RUN = {
    "id": 12,
    "file_name": "青羊农贸市场电子秤台账.xlsx",
    "file_hash": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "entity_id": 7,
    "premises": "market",
    "state": "preview",
    "message": "",
    "questions": [],
    "columns": {"serial_number": ["出厂编号"], "manufacturer": ["制造厂"]},
    "notices": [],
    "rows_read": 120,
    "rows_new": 112,
    "rows_updated": 4,
    "rows_proposed": 0,
    "rows_unchanged": 1,
    "rows_rejected": 3,
    "rows_committed": 0,
    "uploaded_at": "2026-11-23T10:00:00+08:00",
    "finished_at": None,
    "changed_at": "2026-11-23T10:01:00+08:00",
}


QUESTION = {"header": "库房位置", "suggestions": ["place"], "example": "二楼"}


class QuestionOut(Schema):
    """A column that could not be placed."""

    model_config = shown(QUESTION)
    header: str = Field(description=gettext_noop("表头，回答时原样使用"))
    suggestions: list[str] = Field(description=gettext_noop("可能的字段，最可能的在前"))
    example: str | None = Field(
        description=gettext_noop("该列的一个值；可能涉及个人信息，只对有 read:personal 权限的密钥显示")
    )


class FileNoticeOut(Schema):
    """What is odd about a file as a whole."""

    model_config = shown({"fields": ["serial_number"], "text": "出厂编号列有 3 个空白。"})
    fields: list[str]
    text: str


class ImportFields(Schema):
    """What goes with the file."""

    model_config = strict({"entity_id": 7, "commit_without_asking": True})
    entity_id: int | None = Field(None, description=gettext_noop("整份表属于该主体；表中有主体列的不填"))
    premises: PremisesKind | None = Field(None, description=gettext_noop("场所类型，表中看不出时填"))
    commit_without_asking: bool = Field(
        False, description=gettext_noop("读完即写入台账，不等 confirm；有误的行不写入")
    )


class ImportOut(Schema):
    """How far an import has got."""

    model_config = shown(RUN)
    id: int
    file_name: str
    file_hash: str = Field(description=gettext_noop("文件内容的 SHA-256"))
    entity_id: int | None
    premises: str
    state: ImportStage = Field(
        description=gettext_noop("preview 等待 confirm；needs_columns 等待 columns，回答见 questions")
    )
    message: str = Field(description=gettext_noop("文件被拒的原因等"))
    questions: list[QuestionOut] = Field(description=gettext_noop("无法识别的列"))
    columns: dict[str, list[str]] = Field(
        description=gettext_noop("各字段对应的列；ignored 为不导入的列，other 为原样留存的列")
    )
    notices: list[FileNoticeOut] = Field(description=gettext_noop("对整个文件的提示"))
    rows_read: int
    rows_new: int
    rows_updated: int
    rows_proposed: int = Field(description=gettext_noop("须由监管部门审核的行；审核前台账不变"))
    rows_unchanged: int
    rows_rejected: int
    rows_committed: int
    uploaded_at: Instant
    finished_at: Instant | None
    changed_at: Instant = Field(description=CHANGED_AT)

    @staticmethod
    def resolve_state(run: ImportRun) -> str:
        return run.stage

    @staticmethod
    def resolve_questions(run: ImportRun, context: dict[str, Any]) -> list[dict[str, Any]]:
        holder = context["request"].holder
        if KeyScope.READ_PERSONAL in holder.scopes:
            return list(run.questions)
        return [question | {"example": None} for question in run.questions]

    @staticmethod
    def resolve_uploaded_at(run: ImportRun) -> datetime:
        return run.requested_at


class ImportPage(PageOut):
    """Imports, oldest first."""

    model_config = shown({"items": [RUN], "next": None, "next_cursor": None})
    items: list[ImportOut]


class ColumnsIn(Schema):
    """What each column is; with the columns that were not asked about, where the answer should be another."""

    model_config = strict({"columns": {"库房位置": "place", "备注二": None}})
    columns: dict[str, str | None] = Field(
        max_length=200, description=gettext_noop("表头 → 字段；null 为不导入这一列。没有回答的列不导入")
    )


class UndoIn(Schema):
    """Why a whole import is taken back."""

    model_config = strict({"reason": "传错文件"})
    reason: str = Field(min_length=1, max_length=300)


ROW = {
    "id": 900,
    "sheet": "台账",
    "number": 17,
    "action": "rejected",
    "faulty_fields": ["serial_number"],
    "reason": "出厂编号与第 9 行重复。",
    "notice": "",
}


class ImportRowOut(Schema):
    """A row that needs telling."""

    model_config = shown(ROW)
    id: int
    sheet: str
    number: int = Field(description=gettext_noop("表中的行号，与 Excel 左侧一致"))
    action: RowAction
    faulty_fields: list[str] = Field(description=gettext_noop("有问题的项"))
    reason: str | None = Field(
        description=gettext_noop("涉及个人信息的，只对有 read:personal 权限的密钥显示")
    )
    notice: str | None


class ImportRowPage(PageOut):
    """Rows that were rejected or updated, or carry a notice."""

    model_config = shown({"items": [ROW], "next": None, "next_cursor": None})
    items: list[ImportRowOut]
