"""Invented values that show every component in every state. Nothing here is read from the database."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.accounts.enums import Role
from quanheng.apps.instruments.enums import InstrumentState
from quanheng.kit.lists import BulkAct, Choice, Column, DateRange, Flag, List, Outcome, Pick, Search
from quanheng.kit.lists.pages import Count, RowPage
from quanheng.kit.lists.request import read_request
from quanheng.kit.models import SavedView
from quanheng.kit.scope import NOTHING
from quanheng.web.fields import day_input
from quanheng.web.lists.fields import PickField
from quanheng.web.lists.page import ShownList
from quanheng.web.parts import DetailHead, Entry, Fact, Link, Progress, State, Tile, Tone

OFFICER = Actor(
    user_id=0,
    name="示例",
    role=Role.COUNTY_OFFICER,
    scope=NOTHING,
    agency_id=0,
    agency_name="锦江区市场监督管理局",
)
ABOVE = "#list"


@dataclass(frozen=True, slots=True)
class Scale:
    """One row of the sample list."""

    pk: int
    serial_number: str
    name: str
    holder: str
    place: str
    capacity: str
    valid_until: date | None
    standing: State


SCALES = (
    Scale(
        1,
        "CD-2024-000117",
        "电子计价秤",
        "春熙路农贸市场 张记水产",
        "A-012",
        "15 kg",
        date(2027, 5, 30),
        State(_("有效"), Tone.OK),
    ),
    Scale(
        2,
        "CD-2024-000118",
        "电子计价秤",
        "春熙路农贸市场 李记干货",
        "A-013",
        "30 kg",
        date(2026, 12, 8),
        State(_("即将到期"), Tone.DUE),
    ),
    Scale(
        3,
        "YB-93-4471",
        "非自行指示秤（度盘秤）",
        "春熙路农贸市场 王记蔬菜",
        "B-002",
        "10 kg",
        date(2026, 8, 1),
        State(_("已超期"), Tone.BAD),
    ),
    Scale(
        4,
        "JD-0000000000000000000000092-LONG-SERIAL",
        "电子台秤",
        "锦江区一个名称很长以至于需要换行才能放下的粮油经营部（个体工商户）",
        "仓库",
        "300 kg",
        None,
        State(_("待备案审核"), Tone.INFO),
    ),
    Scale(5, "CD-2019-771", "电子计价秤", "春熙路农贸市场", "", "15 kg", None, State(_("报废"), Tone.QUIET)),
)


class SampleList(List[SavedView]):
    """A declaration to draw; it gets its key below, so that it is not known as a list of the product."""

    title = _("计量器具（示例）")
    intro = _("筛选、列、视图、批量办理和导出都在一处。")
    model = SavedView
    columns = (
        Column("serial_number", _("出厂编号"), sort="name", lead=True, code=True),
        Column("name", _("器具名称"), sort="name"),
        Column("standing", _("状态")),
        Column("holder", _("使用单位")),
        Column("place", _("安装位置")),
        Column("capacity", _("最大秤量"), numeric=True),
        Column("valid_until", _("有效期至"), sort="saved_at"),
    )
    filters = (
        Search(label=_("编号或单位"), starts=("name",)),
        Choice(key="state", label=_("状态"), choices=InstrumentState.choices),
        Pick(key="area", label=_("区划"), source="areas"),
        DateRange(key="valid_until", label=_("有效期至")),
        Flag(key="seal_broken", label=_("铅封破损"), first=False),
        Choice(key="use", label=_("用途"), choices=InstrumentState.choices[:4], many=True, first=False),
    )
    bulk_acts = (
        BulkAct(key="accept", label=_("通过备案"), run=lambda *_a: Outcome(0), icon="check"),
        BulkAct(key="return", label=_("退回"), run=lambda *_a: Outcome(0), icon="arrow-left", danger=True),
    )
    default_sort = "valid_until"

    def row_url(self, row: object) -> str:
        return ABOVE


SampleList.key = "sample"


class SampleForm(forms.Form):
    """One field of every kind."""

    serial_number = forms.CharField(
        label=_("出厂编号"), max_length=20, help_text=_("铭牌上的编号，按原样填写。")
    )
    state = forms.ChoiceField(label=_("状态"), choices=InstrumentState.choices[:5])
    verified_on = forms.DateField(label=_("检定日期"), required=False, widget=day_input())
    area = PickField(label=_("区划"), source="areas", help_text=_("输入几个字查找。"))
    result = forms.ChoiceField(
        label=_("结论"), choices=[("passed", _("合格")), ("failed", _("不合格"))], widget=forms.RadioSelect
    )
    reason = forms.CharField(label=_("原因"), required=False, widget=forms.Textarea(attrs={"rows": 3}))
    photo = forms.FileField(label=_("照片"), required=False, help_text=_("JPEG 或 PNG，不超过 5 MB。"))
    pledge = forms.BooleanField(label=_("我确认以上内容真实"))


def refused_form() -> SampleForm:
    """Return a form that was sent with faults and keeps what was typed."""
    return SampleForm(
        {
            "serial_number": "CD-2024-000117-太长的编号超过二十个字符",
            "state": "draft",
            "verified_on": "2026-13-40",
            "area_text": "不存在的地方",
        }
    )


def sample_list(kind: str, path: str) -> ShownList:
    """Return the list as it is with rows, without rows, filtered to nothing, or with too much."""
    typed = QueryDict(
        {"filtered": "q=没有这个编号&state=in_use&nonsense=1", "too_much": "q=电"}.get(kind, ""), mutable=True
    )
    asked = read_request(SampleList(), typed, OFFICER)
    if kind == "too_much":
        return ShownList(asked, typed, path, (), None, None)
    if kind in {"empty", "filtered"}:
        return ShownList(asked, typed, path, (), RowPage((), "", ""), Count(0, capped=False))
    view = SavedView(pk=1, name="本周到期", query="state=in_use", owner_id=0, shared=True)
    return ShownList(asked, typed, path, (view,), RowPage(SCALES, "x", "y"), Count(1_000, capped=True))


BADGES = (
    State(_("有效"), Tone.OK),
    State(_("即将到期"), Tone.DUE),
    State(_("铅封破损，不得使用"), Tone.BAD),
    State(_("待备案审核"), Tone.INFO),
    State(_("报废"), Tone.QUIET),
)
HEADS = (
    DetailHead(
        title="电子计价秤 CD-2024-000118",
        state=BADGES[1],
        code="QH1-7K3M-9XPA-4T2R-W8",
        due=_("2026-12-08 前检定"),
        duty=_("使用单位申请，成都市计量检定测试院检定"),
        acts=(
            Link(_("登记检定"), ABOVE, "certificate", primary=True),
            Link(_("打印标签"), ABOVE, "printer"),
            Link(_("停用"), ABOVE, "ban", danger=True),
        ),
    ),
    DetailHead(title="电子计价秤 CD-2019-771", state=BADGES[4], code="QH1-2B7N-0CDE-9F4G-H1"),
)
FACTS = (
    Fact(_("器具名称"), "电子计价秤"),
    Fact(_("出厂编号"), "CD-2024-000118", code=True),
    Fact(_("使用单位"), "春熙路农贸市场 李记干货", url=ABOVE),
    Fact(_("有效期至"), date(2026, 12, 8), state=BADGES[1]),
    Fact(_("型式批准证书编号"), ""),
)
ENTRIES = (
    Entry(
        datetime(2026, 11, 23, 1, 40, tzinfo=UTC),
        _("铅封破损"),
        "王执法",
        _("秤体封号 CD0001 断裂，自即日起检定失效"),
        Tone.BAD,
        ABOVE,
    ),
    Entry(
        datetime(2025, 12, 9, 2, 5, tzinfo=UTC),
        _("检定登记"),
        "李检定",
        _("合格，有效期至 2026-12-08"),
        Tone.OK,
    ),
    Entry(datetime(2025, 12, 1, 6, 30, tzinfo=UTC), _("备案通过"), "锦江区局", "", Tone.INFO),
    Entry(date(2025, 11, 28), _("器具登记"), "春熙路农贸市场"),
)
TILES = (
    Tile("17", _("备案待审核"), ABOVE, _("最早一件已等 2 天"), Tone.INFO),
    Tile("1,000+", _("30 日内到期"), ABOVE, tone=Tone.DUE),
    Tile("3", _("铅封破损"), ABOVE, _("不得使用，须尽快处理"), Tone.BAD),
    Tile("0", _("导入待确认"), ABOVE),
)


def progress_bars(url: str) -> tuple[Progress, ...]:
    """Return a task under way, one that cannot say how far, one done, one failed."""
    return (
        Progress(_("台账导入.xlsx"), 1_240, 3_000, url, text=_("正在核对")),
        Progress(_("生成标签"), 0, None, url, text=_("排队中")),
        Progress(
            _("计量器具导出"),
            5_231,
            5_231,
            url,
            running=False,
            text=_("文件保留 48 小时"),
            tone=Tone.OK,
            act=Link(_("下载"), ABOVE, "download", primary=True),
        ),
        Progress(
            _("计量器具导出"), 120, 3_000, url, running=False, text=_("生成文件时出错，请重试"), tone=Tone.BAD
        ),
    )
