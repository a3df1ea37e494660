# ruff: noqa: E501  (a table of words: Chinese letters count twice)
"""The columns of a ledger and the names under which offices, stations, hospitals and e-CQS write them."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache

SYNONYMS: dict[str, tuple[str, ...]] = {
    "ignored": ("序号", "行号", "编号序号", "no", "no.", "项次", "平台器具码", "原行号", "核对结果", "器具码", "场所类型", "检定记录来源", "铅封破损", "已启封", "复核起始日期", "导入批次", "登记时间", "最近确认日期"),
    "entity_name": (
        "市场名称", "集贸市场名称", "农贸市场名称", "加油站名称", "加油站", "单位名称", "使用单位", "使用单位名称", "器具使用单位",
        "企业名称", "医院名称", "医疗机构名称", "主体名称", "经营主体", "所属市场", "市场", "用户名称", "客户名称", "受检单位", "门店名称",
        "商户名称", "超市名称", "机构名称", "所属单位", "市场或上级", "填报单位", "被检单位", "送检单位", "持有单位", "站点名称", "油站名称",
    ),
    "credit_code": (
        "市场统一社会信用代码", "统一社会信用代码", "社会信用代码", "信用代码", "统一信用代码", "单位代码", "营业执照号", "组织机构代码",
        "使用单位统一社会信用代码", "统一社会信用代码证号", "信用代码证",
    ),
    "area": (
        "所属区县", "区县", "行政区划", "行政区划代码", "区划代码", "使用地点行政区划", "所在区县", "所属区域", "所属街道", "乡镇街道",
        "街道", "所在地区", "辖区", "县区", "县（市、区）", "市县", "所在地", "所属辖区",
    ),
    "stall": ("摊位号", "摊位", "摊位编号", "铺位号", "摊号", "档口号", "柜台号", "档口"),
    "holder_name": ("经营者姓名", "经营者", "摊主", "摊主姓名", "经营户", "负责人", "联系人", "使用人", "业主姓名", "姓名", "经营户姓名"),
    "phone": ("联系电话", "电话", "手机", "手机号", "手机号码", "联系方式", "电话号码", "联系手机", "联系人电话", "联系人手机", "负责人电话", "经营者电话", "摊主电话"),
    "name": ("器具名称", "设备名称", "量具名称", "衡器名称", "仪表名称", "计量器具名称", "仪器名称", "名称", "品名", "器具品种", "秤的种类", "计量器具", "种类"),
    "category": ("器具种别", "种别", "目录项", "目录名称", "强检项目", "强检目录"),
    "category_group": ("器具项别", "项别", "一级项目"),
    "model": ("规格型号", "型号规格", "型号", "规格", "器具型号", "型号/规格", "规格/型号"),
    "accuracy_class": ("准确度等级", "等级", "准确度", "精度等级", "精度", "准确度级别", "不确定度/准确度等级"),
    "max_capacity": ("最大秤量", "最大称量", "最大量程", "max", "秤量", "称量", "最大秤重"),
    "min_capacity": ("最小秤量", "最小称量", "min"),
    "e": ("检定分度值e", "检定分度值", "分度值", "e", "分度值e", "e值", "分度值e/d"),
    "d": ("实际分度值", "实际分度值d", "d", "分度值d"),
    "measuring_range": ("测量范围", "量程", "测量范围/量程"),
    "serial_number": (
        "出厂编号", "sn", "s/n", "序列号", "机身号", "出厂号", "器具编号", "秤号", "机身编号", "出厂序号", "产品编号", "仪器编号", "编号",
        "出厂编号/序列号", "器具出厂编号", "秤体编号", "表号",
    ),
    "manufacturer": (
        "生产厂家", "生产企业", "制造单位", "生产厂商", "厂家", "制造商", "制造厂", "生产单位", "制造企业", "制造厂家", "生产商", "品牌",
        "生产厂", "制造厂商", "厂商",
    ),
    "type_approval_number": ("型式批准证书编号", "型式批准号", "cpa编号", "cpa", "型批号", "型式批准证书号", "许可证编号", "cmc编号"),
    "verified_on": (
        "检定日期", "最近检定日期", "上次检定日期", "检定时间", "最近一次检定日期", "本次检定日期", "检定校准日期", "检定/校准日期",
        "上次检定时间", "最近检定时间", "检定日", "检验日期", "检测日期", "校准日期", "检定(校准)日期", "检验时间", "检测时间", "校准时间",
        "鉴定日期", "本次检定时间", "本次校准日期", "本次检验日期", "最近校准日期", "上次校准日期", "上次检验日期", "检校日期", "检定年月日",
    ),
    "valid_until": (
        "有效期至", "检定有效期", "下次检定日期", "有效期", "有效日期", "检定有效期至", "到期日期", "有效期限", "到期日", "下次检定时间",
        "有效截止日期", "证书有效期", "有效期止", "有效日期至", "有效期截止", "下次校准日期", "下次检验日期", "下次检测日期", "下次送检日期",
        "应检日期", "复检日期", "到期时间", "截止日期",
    ),
    "certificate_number": ("检定证书编号", "证书编号", "证书号", "检定证书号", "检定证书", "合格证号", "报告编号", "检定合格证号"),
    "conclusion": ("检定结论", "结论", "检定结果", "结果", "检定/校准结论", "合格情况", "是否合格"),
    "institute": ("检定机构", "检定单位", "技术机构", "检定部门", "检定/校准机构", "检定技术机构"),
    "seal": ("铅封编号", "铅封号", "铅封", "封印编号", "封签号", "封签编号", "铅封号(秤体)"),
    "seal_flow_adjuster": ("铅封号(调整装置)", "铅封编号(调整装置)", "调整装置铅封", "调整装置铅封号", "铅封(调整装置)", "计量调整装置铅封"),
    "seal_encoder": ("铅封号(编码器)", "铅封编号(编码器)", "编码器铅封", "编码器铅封号", "铅封(编码器)"),
    "seal_mainboard": ("铅封号(主板)", "铅封编号(主板)", "主板铅封", "主板铅封号", "铅封(主板)", "计控主板铅封"),
    "status": ("状态", "使用状态", "器具状态", "在用状态", "使用情况", "当前状态", "办理状态"),
    "dispenser": ("加油机编号", "加油机号", "机号", "加油机", "机器编号", "机位号"),
    "nozzle": ("油枪号", "枪号", "油枪编号", "油枪", "加油枪号"),
    "fuel": ("油品", "油品名称", "油号", "油品标号", "介质"),
    "mainboard_number": ("主板编号", "主板号", "计控主板编号"),
    "longitude": ("经度", "东经", "lng", "lon", "longitude"),
    "latitude": ("纬度", "北纬", "lat", "latitude"),
    "department": ("使用科室", "科室", "使用部门", "部门", "存放科室"),
    "asset_number": ("设备编号", "资产编号", "固定资产编号", "器具自编号", "管理编号", "统一编号", "本厂编号", "内部编号", "自编号", "计量编号", "器具编码", "计量器具编码", "设备编码", "仪器编码", "资产编码", "资产号", "设备代码"),
    "commissioned_on": ("启用日期", "投用日期", "启用时间", "投入使用日期", "购置日期"),
    "manufactured_on": ("出厂日期", "生产日期", "制造日期"),
    "mode": ("检定/校准", "检定或校准", "检定方式", "管理方式", "强检方式", "溯源方式", "是否强检", "管理类别"),
    "use": ("器具用途", "用途", "使用用途"),
    "location": ("安装地点", "使用地点", "安装/使用地点", "安装位置", "安装地址", "存放地点", "使用位置", "放置地点"),
    "address": ("单位地址", "地址", "经营地址", "联系地址", "市场地址", "详细地址"),
    "remarks": ("备注", "说明", "附注"),
    "quantity": ("器具数量", "数量", "台数"),
    "origin": ("器具产地", "产地"),
    "delivery": ("送检方式",),
}  # fmt: skip

# What a header must have to be one: an instrument is told by its serial number, name or nozzle.
FIELDS = tuple(name for name in SYNONYMS if name != "ignored")  # what a column can be taken for
TELLING = frozenset({"serial_number", "name", "nozzle", "dispenser", "category"})
UNITS = re.compile(
    r"[（(\[]\s*(?:单位[:：])?\s*(kg|g|t|千克|公斤|克|吨|mg|kilogram)\s*[)）\]]$", re.IGNORECASE
)


def plain_header(text: object) -> str:
    """Normalise a header cell: half-width, lower case, no white space, marks of required fields off."""
    joined = unicodedata.normalize("NFKC", "" if text is None else str(text))
    return re.sub(r"[\s*＊:：、。_]+", "", joined).lower()


def _index() -> dict[str, str]:
    return {plain_header(name): field for field, names in SYNONYMS.items() for name in names}


FIELD_OF = _index()
LEAST_CONTAINED = 3  # 结论 in 结论依据 says too little
MASS_UNIT = {
    "kg": "kg", "千克": "kg", "公斤": "kg", "kilogram": "kg", "g": "g", "克": "g", "t": "t", "吨": "t", "mg": "mg",
}  # fmt: skip
# Before a known name these words make another thing of it: another time, another body, what was once.
OF_ANOTHER = re.compile(
    "旧|原|曾用|老|前|上级|主管|维修|修理|厂家|厂商|制造|生产|供应|供货|采购|检定机构|检定单位|检定部门|技术机构|施工"
    "|经办|填报|审核|首次|初次|第一次|上年|去年|往年|历次|下次|下一次|应检|计划|上上次"
)
ABOUT_IT = re.compile("^(?:被检|强检|在用|计量器具|器具|设备|仪器|衡器|量具|电子秤)+")
NAME_OF = re.compile("(?:名称|全称)$")
OF_SOMEBODY = frozenset({"phone", "holder_name", "address"})  # 使用单位 + 电话 is the telephone


@dataclass(frozen=True, slots=True)
class Placed:
    """What a heading names, the unit that it carries, and how sure that is (0: it is exactly that name)."""

    field: str | None
    unit: str = ""
    rank: int = 0


ANSWERED, EXACT, STRIPPED, CONTAINED = range(-1, 3)


@lru_cache(1 << 12)
def placed(text: str) -> Placed:
    """Place a heading: by its whole name, without brackets, or by the known name that it ends with."""
    name = plain_header(text)
    if name in FIELD_OF:
        return Placed(FIELD_OF[name], "", EXACT)
    unit = UNITS.search(name)
    name = name[: unit.start()] if unit else name
    mass = MASS_UNIT.get(unit[1].lower(), "") if unit else ""
    bare = re.sub(r"[(\[（].*?[)\]）]", "", name)
    if not bare or _said_aside(name, bare):
        return Placed(None, mass)
    short = ABOUT_IT.sub("", bare)
    candidates = (name, bare, short, NAME_OF.sub("", bare), NAME_OF.sub("", short))
    known = next((FIELD_OF[form] for form in candidates if form in FIELD_OF), None)
    if known:
        return Placed(known, mass, STRIPPED)
    return Placed(contained(bare), mass, CONTAINED)


def _said_aside(name: str, bare: str) -> bool:
    """Say whether what stands in brackets makes another thing of a heading: 检定日期(首次), 联系人(电话)."""
    for inner in re.findall(r"[(\[（](.*?)[)\]）]", name):
        if OF_ANOTHER.search(inner) or FIELD_OF.get(inner, FIELD_OF.get(bare)) != FIELD_OF.get(bare):
            return True
    return False


def place_header(text: object) -> tuple[str | None, str]:
    """Return the field that a header cell names (None when it is not known) and the unit it carries."""
    found = placed(str(text or ""))
    return found.field, found.unit


def contained(text: object) -> str | None:
    """Return the field of the longest known name with which a heading ends, where that is most of it.

    A heading is about what it ends with: 使用单位联系人 is a person, 使用单位编码 nothing that is known. A name
    of another time or body (旧出厂编号, 检定机构电话) is not the one that is meant.
    """
    name = plain_header(text)
    for start in range(1, len(name) - 1):
        field = FIELD_OF.get(name[start:])
        if field is None:
            continue
        before, length = name[:start], len(name) - start
        if OF_ANOTHER.search(before) or field == "ignored":
            return None
        most = length >= LEAST_CONTAINED and 2 * length >= len(name)
        return field if most or (before in FIELD_OF and field in OF_SOMEBODY) else None
    return None


def is_of_another(text: object) -> bool:
    """Say whether a heading is a known name of another time or body: kept as it stands, nobody is asked."""
    name = plain_header(text)
    bare = re.sub(r"[()\[\]（）]", "", name)
    ends = any(bare[start:] in FIELD_OF or bare[:start] in FIELD_OF for start in range(1, len(bare)))
    return ends and bool(OF_ANOTHER.search(bare))


# Of two columns for one field, whose heading holds an earlier one of these words; then the longer heading.
PREFERRED: dict[str, tuple[str, ...]] = {
    "verified_on": ("本次|最近|最新|今年|本年|当前|现", "检定|校准|检验|检测|鉴定", "上次|前次"),
    "valid_until": ("有效期至|有效.*[至止]|截止|到期", "有效", "下次|应检|复检"),
    "serial_number": ("出厂|机身|sn|s/n|序列", "器具|产品|仪器|秤", ""),
    "holder_name": ("经营|摊主|业主", "联系|负责|使用人", ""),
    "model": ("型号", "规格", ""),
    "certificate_number": ("检定", "证书", ""),
}


def preference(field: str, text: object) -> int:
    """Return how well a heading fits its field among twins: 0 is best."""
    name = plain_header(text)
    words = PREFERRED.get(field, ())
    if field == "verified_on" and re.search(words[-1], name):
        return len(words)
    return next((turn for turn, word in enumerate(words) if re.search(word, name)), len(words))


def suggestions(text: object) -> list[str]:
    """Return fields that a header may mean, the likeliest first."""
    name = plain_header(text)
    inside = [form for form in sorted(FIELD_OF, key=len, reverse=True) if len(form) > 1 and form in name]
    close = get_close_matches(name, FIELD_OF, n=5, cutoff=0.4)
    fields = dict.fromkeys(FIELD_OF[form] for form in [*inside, *close])
    return [field for field in fields if field != "ignored"][:5]
