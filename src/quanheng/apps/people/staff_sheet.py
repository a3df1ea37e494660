"""A sheet of staff as its clerk wrote it: which column is which, what each row says."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from django.utils import translation
from django.utils.translation import gettext as _

from quanheng.apps.accounts.enums import Role
from quanheng.apps.people import refusals
from quanheng.apps.people.enums import InvitationWay
from quanheng.apps.people.services.invite_many import Wanted
from quanheng.kit.sheets import SheetRow, read_rows, write_xlsx

MOST: Final = 100  # people of one sheet: as many as a page holds
WORDS: Final[dict[str, tuple[str, ...]]] = {
    "name": ("姓名", "受邀人", "人员", "name"),
    "phone": ("手机号", "手机号码", "手机", "电话", "联系电话", "mobilenumber", "phone"),
    "role": ("岗位", "角色", "职务", "role"),
    "agency": ("机构", "单位", "辖区机构", "agency"),
    "way": ("送达方式", "送达", "delivery"),
}


def read_staff(path: Path) -> list[Wanted]:
    """Return the people of a sheet, in its order; titles above the heading and empty rows are passed over.

    Raises:
        SheetRefused: it cannot be read.
        RuleBroken: no_staff_heading, too_many_staff.
    """
    columns: dict[str, int] = {}
    found: list[Wanted] = []
    sheet = ""
    for row in read_rows(path):
        if not columns:
            columns, sheet = _heading(row.cells), row.sheet
        elif row.sheet != sheet:  # notes, or an older list: people are on the sheet that has the heading
            break
        elif said := _said(row, columns):
            found.append(said)
        if len(found) > MOST:
            raise refusals.TOO_MANY_STAFF(most=MOST)
    if not found:
        raise refusals.NO_STAFF_HEADING()
    return found


def write_template(roles: Sequence[Role], path: Path) -> None:
    """Write an empty sheet with one example row."""
    example = ["张三", "13800000000", str(roles[0].label) if roles else "", "", _("纸质")]
    write_xlsx(path, [words[0] for words in WORDS.values()], [example], sheet=_("本单位人员"))


def _heading(cells: Sequence[Any]) -> dict[str, int]:
    texts = ["".join(_text(cell).split()).casefold() for cell in cells]
    found = {
        field: place
        for field, words in WORDS.items()
        for place in [next((texts.index(word) for word in words if word in texts), None)]
        if place is not None
    }
    return found if "name" in found else {}


def _said(row: SheetRow, columns: dict[str, int]) -> Wanted | None:
    said = {
        field: _text(row.cells[place]) if place < len(row.cells) else "" for field, place in columns.items()
    }
    if not any(said.values()):
        return None
    way = InvitationWay.TEXT if said.pop("way", "") in _names(InvitationWay.TEXT) else InvitationWay.PAPER
    return Wanted(**said | {"role": _role(said.get("role", ""))}, way=way)


def _role(text: str) -> str:
    """Return the key of a role by its name; what is none of them stays as it was written, and is refused."""
    names = {text, f"{text}人员"}  # 县局计量股 is as good as 县局计量股人员
    return next((role.value for role in Role if names & _names(role)), text)


def _names(value: Role | InvitationWay) -> set[str]:
    """What a value is called: in the reader's language, in Chinese, and by its key."""
    with translation.override("zh-hans"):
        chinese = str(value.label)
    return {chinese, str(value.label), value.value}


def _text(cell: Any) -> str:
    if cell is None:
        return ""
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell).strip()
