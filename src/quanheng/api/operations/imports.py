"""Importing a ledger spreadsheet: send the file, watch it, confirm it, read what was wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_noop
from ninja import File, Form, Query, Router, Status, UploadedFile

from quanheng.api.cursors import page_of
from quanheng.api.operations.declaring import Paging, holder_of, reads, writes
from quanheng.api.operations.fresh import fresh
from quanheng.api.schemas.imports import (
    ColumnsIn,
    ImportFields,
    ImportOut,
    ImportPage,
    ImportRowOut,
    ImportRowPage,
    UndoIn,
)
from quanheng.apps.accounts.enums import KeyScope
from quanheng.apps.instruments.enums import ImportStage, RowAction
from quanheng.apps.instruments.queries.imports import runs, told_rows
from quanheng.apps.instruments.services.imports.receive import receive_upload
from quanheng.apps.instruments.services.imports.runs import visible
from quanheng.apps.instruments.services.imports.undo import ask_to_undo
from quanheng.apps.instruments.services.imports.work import answer_columns, confirm, give_up
from quanheng.apps.instruments.tasks import IMPORT
from quanheng.kit.tasks import queue_task

if TYPE_CHECKING:
    from quanheng.apps.instruments.models import ImportRow

router = Router(tags=["imports"])

PERSONAL = ("holder", "phone", "contact", "keeper")


@router.post(
    "/imports",
    **writes(
        KeyScope.WRITE_LEDGER, ImportOut, gettext_noop("上传台账表格"),
        gettext_noop("上传 xlsx、xls 或 csv（UTF-8 或 GB 18030），最大 500 MB。读取在后台进行。"),
        status=202, headers=("Location",),
    ),
)  # fmt: skip
def upload_import(
    request: HttpRequest, file: File[UploadedFile], fields: Form[ImportFields], response: HttpResponse
) -> Any:
    facts = fields.dict(exclude={"premises"})
    holder = holder_of(request)
    run = receive_upload(
        name=file.name or "", chunks=file.chunks(), premises=fields.premises or "", **facts,
        key_id=holder.key_id, by=holder.actor, at=timezone.now(),
    )  # fmt: skip
    queue_task(IMPORT, run)
    response["Location"] = f"{request.path}/{run.pk}"
    return Status(202, fresh(run))


class ImportFilters(Paging):
    """Filters of the list."""

    state: ImportStage | None = None


@router.get(
    "/imports",
    **reads(
        KeyScope.READ_LEDGER, ImportPage, gettext_noop("导入列表"),
        gettext_noop("密钥范围内的导入批次，按编号顺序，网页上传的也在其中。"),
    ),
)  # fmt: skip
def list_imports(request: HttpRequest, filters: Query[ImportFilters]) -> dict[str, Any]:
    rows = runs(holder_of(request).actor)
    if filters.state is not None:
        rows = rows.filter(stage=filters.state)
    return page_of(request, rows, cursor=filters.cursor, limit=filters.limit)


@router.get(
    "/imports/{int:import_id}",
    **reads(
        KeyScope.READ_LEDGER, ImportOut, gettext_noop("导入进度"),
        gettext_noop("该批次的读取进度、写入进度，以及各类行数。"),
    ),
)  # fmt: skip
def get_import(request: HttpRequest, import_id: int) -> Any:
    return visible(import_id, holder_of(request).actor)


@router.get(
    "/imports/{int:import_id}/rows",
    **reads(
        KeyScope.READ_LEDGER, ImportRowPage, gettext_noop("导入中需要说明的行"),
        gettext_noop("有误、更新或有提示的行及原因；顺利新增的行不在其中。"),
    ),
)  # fmt: skip
def list_import_rows(
    request: HttpRequest, import_id: int, paging: Query[Paging], action: RowAction | None = None
) -> dict[str, Any]:
    holder = holder_of(request)
    rows = told_rows(visible(import_id, holder.actor))
    if action is not None:
        rows = rows.filter(action=action)
    page = page_of(request, rows, cursor=paging.cursor, limit=paging.limit)
    personal = KeyScope.READ_PERSONAL in holder.scopes
    return page | {"items": [row_out(row, personal=personal) for row in page["items"]]}


def row_out(row: ImportRow, *, personal: bool) -> ImportRowOut:
    """Show a row; a reason that may quote a person's name or phone only to keys that may see them."""
    told = personal or not any(word in name for name in row.fields for word in PERSONAL)
    return ImportRowOut(
        id=row.pk, sheet=row.sheet, number=row.number, action=RowAction(row.action), faulty_fields=row.fields,
        reason=row.reason if told else None, notice=row.notice if told else None,
    )  # fmt: skip


@router.post(
    "/imports/{int:import_id}/confirm",
    **writes(
        KeyScope.WRITE_LEDGER, ImportOut, gettext_noop("确认写入台账"),
        gettext_noop("预览无误后写入台账；有误的行不写入。"), status=202,
    ),
)  # fmt: skip
def confirm_import(request: HttpRequest, import_id: int) -> Any:
    holder = holder_of(request)
    run = confirm(run_id=import_id, by=holder.actor, key_id=holder.key_id, at=timezone.now())
    queue_task(IMPORT, run)
    return Status(202, fresh(run))


@router.post(
    "/imports/{int:import_id}/columns",
    operation_id="answer_import_columns",
    **writes(
        KeyScope.WRITE_LEDGER, ImportOut, gettext_noop("回答列的含义"),
        gettext_noop("needs_columns 时逐列回答，preview 时可以更正；随后按回答重新读取文件。"), status=202,
    ),
)  # fmt: skip
def answer_questions(request: HttpRequest, import_id: int, body: ColumnsIn) -> Any:
    mapping = {header: field or "" for header, field in body.columns.items()}
    run = answer_columns(run_id=import_id, mapping=mapping, by=holder_of(request).actor)
    queue_task(IMPORT, run)
    return Status(202, fresh(run))


@router.post(
    "/imports/{int:import_id}/undo",
    **writes(
        KeyScope.WRITE_LEDGER, ImportOut, gettext_noop("撤销导入"),
        gettext_noop("整批撤销：新增的器具删除，更新的恢复原值。已在其上办理其他事项的不能撤销。"),
        status=202,
    ),
)  # fmt: skip
def undo_import(request: HttpRequest, import_id: int, body: UndoIn) -> Any:
    run = ask_to_undo(run_id=import_id, reason=body.reason, by=holder_of(request).actor)
    queue_task(IMPORT, run)
    return Status(202, fresh(run))


@router.post(
    "/imports/{int:import_id}/cancel",
    **writes(
        KeyScope.WRITE_LEDGER, ImportOut, gettext_noop("放弃导入"),
        gettext_noop("尚未写入台账的批次不再导入，台账没有变化。"), status=200,
    ),
)  # fmt: skip
def cancel_import(request: HttpRequest, import_id: int) -> Any:
    actor = holder_of(request).actor
    give_up(run_id=import_id, by=actor, at=timezone.now())
    return visible(import_id, actor)
