# ruff: noqa: E501  (tables of Chinese words count twice)
"""Ledgers of further kinds, written by code: each maker writes a file and says what a careful clerk would decide."""

from __future__ import annotations

import csv
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import xlwt
from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from tests.apps.instruments.ledger_sheet.world import Verdicts, credit_code

EAST, WEST = credit_code(1), credit_code(2)
STATION = credit_code(3, "91510104")
SPOILT = EAST[:-1] + ("0" if EAST[-1] != "0" else "1")
MAKER = "凯丰集团有限公司"


def book(*tables: Sequence[Sequence[Any]]) -> tuple[Workbook, Worksheet]:
    """Return a workbook with one sheet per table."""
    made = Workbook()
    made.remove(made.worksheets[0])
    for number, table in enumerate(tables, 1):
        sheet = made.create_sheet(f"表{number}")
        for row in table:
            sheet.append(list(row))
    return made, made.worksheets[0]


def ecqs_export(folder: Path) -> tuple[Path, Verdicts]:
    """The export of the national e-CQS: its own names, one entity for the file, times behind the dates."""
    header = [
        "序号", "使用单位", "统一社会信用代码", "器具名称", "器具项别", "器具种别", "型号规格", "测量范围", "准确度等级", "出厂编号",
        "生产厂家", "器具产地", "安装/使用地点", "使用地点行政区划", "器具数量", "器具用途", "送检方式", "检定日期", "有效期至", "证书编号",
    ]  # fmt: skip

    def line(number: int, **changed: Any) -> list[Any]:
        values = dict(zip(header, [
            number, "东门市场", EAST, "电子计价秤", "非自动衡器", "数字指示秤", "ACS-30", "0-30kg", "Ⅲ级", f"E{number:05d}", MAKER,
            "江苏", "一楼水产区", "四川省成都市锦江区" if number % 2 else "510104", 1, "贸易结算", "现场检定",
            "2026-03-15 00:00:00", "2027-03-14 00:00:00.0", f"川检{number}",
        ], strict=True))  # fmt: skip
        return list((values | changed).values())

    table = [header] + [line(number) for number in range(1, 7)]
    table[2][3], table[2][5] = "计价器具", "数字指示秤"  # the name says little, the kind says it
    table[3][17] = "2026-13-01 00:00:00"
    table[4][9] = ""
    table[5][13] = "成都市锦绣区"
    table[6][9] = "E00001"
    made, _ = book(table)
    path = folder / "e-cqs.xlsx"
    made.save(path)
    return path, {
        2: [], 3: [], 4: ["verified_on"], 5: ["serial_number"], 6: ["area"], 7: ["serial_number"],
    }  # fmt: skip


def dispensers_without_nozzles(folder: Path) -> tuple[Path, Verdicts]:
    """One line per dispenser: the serial number tells it, and no column names the instrument."""
    header = [
        "加油站名称",
        "统一社会信用代码",
        "区县",
        "加油机编号",
        "型号",
        "生产企业",
        "出厂编号",
        "检定日期",
        "有效期至",
        "检定结论",
    ]

    def line(number: int, serial: str) -> list[Any]:
        return [
            "城南加油站",
            STATION,
            "锦江区",
            f"{number}#",
            "CS46",
            "正星",
            serial,
            "2026.6.1",
            "2026.11.30",
            "检定合格",
        ]

    table = [["加油站加油机台账"], header, line(1, "Z1"), line(2, "Z2"), line(3, "Z1"), line(4, "无")]
    table.append([*line(5, "Z5")[:-1], "尚可"])
    made, _ = book(table)
    path = folder / "dispensers.xlsx"
    made.save(path)
    return path, {3: [], 4: [], 5: ["serial_number"], 6: ["serial_number"], 7: ["conclusion"]}


def old_workbook(folder: Path) -> tuple[Path, Verdicts]:
    """An .xls of 2003: merged entity cells, real dates, numbers for serial numbers."""
    made = xlwt.Workbook()
    sheet = made.add_sheet("台账")
    day = xlwt.easyxf(num_format_str="yyyy-mm-dd")
    sheet.write_merge(0, 0, 0, 6, "集贸市场计量器具台账")
    for column, title in enumerate(
        ["市场名称", "信用代码", "器具名称", "出厂编号", "厂家", "检定日期", "有效期至"]
    ):
        sheet.write(1, column, title)
    sheet.write_merge(2, 4, 0, 0, "东门市场")
    sheet.write_merge(2, 4, 1, 1, EAST)
    sheet.write(5, 0, "西门市场")
    sheet.write(5, 1, SPOILT)
    for row, serial in enumerate([20250001, 20250002, 20250001, 20250004], 2):
        sheet.write(row, 2, "台秤")
        sheet.write(row, 3, serial)
        sheet.write(row, 4, MAKER)
        sheet.write(row, 5, date(2026, 5, row), day)
        sheet.write(row, 6, date(2027, 5, row - 1), day)
    path = folder / "ledger.xls"
    made.save(str(path))
    return path, {3: [], 4: [], 5: ["serial_number"], 6: ["credit_code"]}


def two_header_rows(folder: Path) -> tuple[Path, Verdicts]:
    """Headings over headings, some of them merged downwards."""
    table: list[list[Any]] = [
        ["锦江区集贸市场在用电子秤台账"],
        ["序号", "市场", "", "器具", "", "", "", "检定", "", "", "铅封", ""],
        [
            "",
            "名称",
            "信用代码",
            "名称",
            "型号",
            "出厂编号",
            "生产厂家",
            "日期",
            "有效期至",
            "结论",
            "编号",
            "状态",
        ],
        [1, "东门市场", EAST, "计价秤", "ACS-30", "T1", MAKER, "2026-1-5", "2027-1-4", "合格", "Q1", "在用"],
        [2, "东门市场", EAST, "计价秤", "ACS-30", "T2", MAKER, "2027-1-5", "2028-1-4", "合格", "Q2", "在用"],
        [3, "东门市场", EAST, "电冰箱", "ACS-30", "T3", MAKER, "2026-1-5", "2025-1-4", "合格", "Q3", "在用"],
    ]
    made, sheet = book(table)
    sheet.merge_cells("A1:L1")
    sheet.merge_cells("A2:A3")
    for group in ("B2:C2", "D2:G2", "H2:J2"):
        sheet.merge_cells(group)
    path = folder / "two-rows.xlsx"
    made.save(path)
    return path, {4: [], 5: ["verified_on"], 6: ["catalogue_item", "valid_until"]}


def merged_entities(folder: Path) -> tuple[Path, Verdicts]:
    """Entity cells merged over their instruments, also beyond the last one."""
    header = [
        "单位名称",
        "统一社会信用代码",
        "所属区县",
        "器具名称",
        "出厂编号",
        "制造单位",
        "检定日期",
        "有效期至",
    ]
    rest = ["电子秤", "", MAKER, "2026-3-1", "2027-2-28"]
    table: list[list[Any]] = [header]
    table += [[None, None, None, rest[0], f"M{number}", *rest[2:]] for number in range(6)]
    table.append([None] * 8)
    table[1][:3], table[4][:3] = ["东门市场", EAST, "锦江区"], ["西门市场", SPOILT, "锦江区"]
    made, sheet = book(table)
    for column in "ABC":
        sheet.merge_cells(f"{column}2:{column}4")
        sheet.merge_cells(f"{column}5:{column}8")
    path = folder / "merged.xlsx"
    made.save(path)
    return path, {2: [], 3: [], 4: [], 5: ["credit_code"], 6: ["credit_code"], 7: ["credit_code"]}


def merged_entities_saved_as_csv(folder: Path) -> tuple[Path, Verdicts]:
    """The same, saved as csv: merged cells are filled once, then blank."""
    path = folder / "merged.csv"
    with path.open("w", encoding="gb18030", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(
            ["单位名称", "统一社会信用代码", "器具名称", "出厂编号", "制造单位", "检定日期", "有效期至"]
        )
        for number in range(4):
            entity = {0: ["东门市场", EAST], 2: ["西门市场", SPOILT]}.get(number, ["", ""])
            writer.writerow([*entity, "电子秤", f"'{number:08d}", MAKER, "2026-3-1", "46446"])
    return path, {2: [], 3: [], 4: ["credit_code"], 5: ["credit_code"]}


def notes_at_the_foot(folder: Path) -> tuple[Path, Verdicts]:
    """Subtotals, the header printed again, prepared lines, notes and signatures: none of them is an instrument."""
    header = ["序号", "单位名称", "信用代码", "器具名称", "出厂编号", "厂家", "备注"]
    table: list[list[Any]] = [
        ["锦江区台账"], ["填报单位(盖章):          填报日期:2026年6月"], ["注:出厂编号见铭牌"], header,
        [1, "东门市场", EAST, "电子秤", "N1", MAKER, ""], ["", "小计", "", "1台"], [], header,
        [2, "东门市场", EAST, "电子秤", "N2", MAKER, "说明:靠门"], [3, "东门市场", EAST, "", "", "", ""], [4],
        ["合 计", "", "", "2台"], ["注:1.本表一式两份。"], ["填表人:张三", "", "审核人:李四", "", "联系电话:1380000"],
    ]  # fmt: skip
    made, _ = book(table)
    path = folder / "notes.xlsx"
    made.save(path)
    return path, {5: [], 9: []}


def tabs_and_utf16(folder: Path) -> tuple[Path, Verdicts]:
    """Saved as Unicode text: tabs, UTF-16, and serial numbers that the program turned into powers of ten."""
    lines = [
        ["单位名称", "信用代码", "器具名称", "出厂编号", "厂家", "最大秤量", "检定日期", "有效期至"],
        ["东门市场", EAST, "电子秤", "2.3143583E7", MAKER, "0.15t", "2026年3月1日", "2027年2月28日"],
        ["东门市场", EAST, "电子秤", "2.31E+07", MAKER, "6/15kg", "2026年3月1日", "2027年2月28日"],
        ["东门市场", EAST, "电子秤", "23143583", MAKER, "很大", "2026年3月", "2027年2月28日"],
    ]
    path = folder / "ledger.txt"
    path.write_text("\r\n".join("\t".join(line) for line in lines), encoding="utf-16")
    return path, {2: [], 3: ["serial_number"], 4: ["max_capacity", "verified_on", "serial_number"]}


def headings_with_breaks_and_units(folder: Path) -> tuple[Path, Verdicts]:
    """Headings as they fit the page: breaks, blanks, asterisks, full-width letters, units of their own."""
    header = [
        "序 号", "*单位\n名称", "统一社会\n信用代码*", "器具　名称", "出厂编号（ＳＮ）", "生产厂家：", "最大秤量\n(g)", "分度值e（ｋｇ）",
        "上次检定\n日 期", "有效期至（年月日）", "联系电话", "摊位号",
    ]  # fmt: skip
    table: list[list[Any]] = [
        header,
        [1, "东门市场", EAST, "电子秤", "Ｕ１", MAKER, 30000, "0.005", 20260301, 46446, 13800000000.0, "A1"],
    ]
    table.append([2, "东门市场", SPOILT, "电子秤", "U1", "凯丰集团", "30kg", "5g", "2026/3/1", "", "", "A2"])
    made, _ = book(table)
    path = folder / "breaks.xlsx"
    made.save(path)
    return path, {2: [], 3: ["credit_code", "serial_number"]}


def item_in_the_title_only(folder: Path) -> tuple[Path, Verdicts]:
    """No column names the instrument or the entity: the title and the note line do."""
    table: list[list[Any]] = [
        ["2026年在用电子台秤台账"], ["单位名称:东门市场   统一社会信用代码:" + EAST], ["摊位号", "型号", "出厂编号", "厂家"],
        ["A1", "TCS-150", "I1", MAKER], ["A2", "TCS-150", "I2", MAKER],
    ]  # fmt: skip
    made, _ = book(table)
    path = folder / "title.xlsx"
    made.save(path)
    return path, {4: [], 5: []}


def several_sheets(folder: Path) -> tuple[Path, Verdicts]:
    """Two ledgers and a page of notes in one workbook; a pair of rows over two sheets is still a pair."""
    header = ["单位名称", "信用代码", "器具名称", "出厂编号", "厂家"]
    made, _ = book(
        [["填表说明"], ["一、请勿修改表头。"], ["二、出厂编号见铭牌。"]],
        [header, ["东门市场", EAST, "电子秤", "S1", MAKER]],
        [
            ["西门市场"],
            header,
            ["西门市场", WEST, "电子秤", "S2", MAKER],
            ["西门市场", WEST, "电子秤", "s1", MAKER],
        ],
    )
    path = folder / "sheets.xlsx"
    made.save(path)
    return path, {2: [], 3: [], 4: ["serial_number"]}


KINDS: list[Callable[[Path], tuple[Path, Verdicts]]] = [
    ecqs_export, dispensers_without_nozzles, old_workbook, two_header_rows, merged_entities,
    merged_entities_saved_as_csv, notes_at_the_foot, tabs_and_utf16, headings_with_breaks_and_units,
    item_in_the_title_only, several_sheets,
]  # fmt: skip


def long_csv(path: Path, rows: int) -> Verdicts:
    """Write a csv of many rows, one in a thousand without a serial number; return those."""
    codes = [credit_code(number) for number in range(1000)]
    faulty: Verdicts = {}
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(
            [
                "单位名称",
                "信用代码",
                "所属区县",
                "器具名称",
                "出厂编号",
                "厂家",
                "检定日期",
                "有效期至",
                "证书编号",
            ]
        )
        for number in range(rows):
            serial = f"L{number:07d}"
            if number % 1000 == 7:
                serial, faulty[number + 2] = "", ["serial_number"]
            entity = number * len(codes) // rows
            writer.writerow(
                [
                    f"第{entity}市场",
                    codes[entity],
                    "锦江区",
                    "电子计价秤",
                    serial,
                    MAKER,
                    "2026.3.1",
                    "20270228",
                    f"C{number}",
                ]
            )
    return faulty
