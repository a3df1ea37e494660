"""Write the table of figures of both READMEs from benchmarks/results.json; `--check` only compares.

Only what was measured is written: a benchmark that has not run has no line.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))  # run as a file, it does not know its neighbours

from benchmarks.common import is_old  # noqa: E402

START, END = "<!-- figures -->", "<!-- /figures -->"


@dataclass(frozen=True)
class Figure:
    """One line: how to say it in English and Chinese, from the facts of one benchmark."""

    benchmark: str
    english: str
    chinese: str
    value: str
    against_english: str
    against_chinese: str
    ratio: str


FIGURES = (
    Figure(
        "import_ledger",
        "Import of {rows:,} csv rows with all checks",
        "导入 {rows:,} 行 csv，含全部核对",
        "{rows_per_second:,}/s, {peak_memory_mb:,} MB",
        "raw COPY of the same rows",
        "同样的行直接 COPY",
        "{ratio}",
    ),
    Figure(
        "import_ledger",
        "the same",
        "同上",
        "{rows_per_second:,}/s",
        "django-import-export",
        "django-import-export",
        "{ratio_to_import_export}×{spread}",
    ),
    Figure(
        "office_mix",
        "Twenty officers at once at a million instruments: lists, files, searches, saves, desks",
        "百万台器具时二十名人员同时办公：清单、档案、查找、办理、待办",
        "{requests_per_second_1m}/s, p95 {p95_ms_1m} ms, {errors} errors",
        "the reach of {reach_requests_per_second_1m}/s within {reach_p95_ms_1m} ms",
        "要求每秒 {reach_requests_per_second_1m} 次、{reach_p95_ms_1m} 毫秒以内",
        "–",
    ),
    Figure(
        "office_mix",
        "A save at ten million instruments; its pages ([plot](benchmarks/office_mix.svg))",
        "一千万台器具时办理一次；页面（[图](benchmarks/office_mix.svg)）",
        "at 10 k, 100 k, 1 M, 10 M: see the plot",
        "a save at ten thousand; the pages at a hundred thousand",
        "一万台时办理一次；十万台时的页面",
        "{save_ratio_10m_to_10k}×; {page_ratio_10m_to_100k}×",
    ),
    Figure(
        "search",
        "The search of the header at ten million instruments",
        "一千万台器具时页眉的查找",
        "p95 {p95_ms_10m} ms",
        "the same at a hundred thousand",
        "十万台时",
        "{ratio_10m_to_100k}×",
    ),
    Figure(
        "scan_page",
        "Scan page at {instruments:,} instruments",
        "{instruments:,} 台器具时的扫码页",
        "{scan[requests_per_second]:,}/s, p99 {scan[p99_ms]} ms",
        "a bare Django view with one SELECT",
        "只做一次 SELECT 的裸 Django 视图",
        "{ratio}",
    ),
    Figure(
        "abuse",
        "Scan page under {uploads} hostile uploads and {calculations} heavy calculations",
        "{uploads} 个恶意上传、{calculations} 个重计算之下的扫码页",
        "p99 {attacked_p99_ms} ms",
        "the same page idle, p99 {idle_p99_ms} ms",
        "空闲时的同一页面，p99 {idle_p99_ms} ms",
        "{ratio}×",
    ),
    Figure(
        "api",
        "Pull of {pull_rows:,} instruments through the API, packed {gzip_ratio}×",
        "经接口全量读取 {pull_rows:,} 台器具，压缩 {gzip_ratio} 倍",
        "{pull_rows_per_second:,}/s",
        "pages of {page:,}, as NetBox's largest",
        "每页 {page:,} 台，与 NetBox 的最大页相同",
        "–",
    ),
    Figure(
        "api",
        "Changes read through the feed",
        "经接口读取变更记录",
        "{feed_rows_per_second:,}/s",
        "the same rows by one SQL statement",
        "一条 SQL 读取同样的行",
        "{feed_ratio}",
    ),
    Figure(
        "verification_rate",
        "Verification rate of the province at {instruments:,} instruments",
        "{instruments:,} 台器具时的全省受检率",
        "{rollup_ms} ms",
        "the plain aggregate query",
        "直接聚合查询",
        "{ratio}×",
    ),
    Figure(
        "lists",
        "{pages} pages of a county's list of {county_instruments:,} instruments, in a province of a million",
        "全省百万台器具时，一个县 {county_instruments:,} 台的清单，{pages} 种页面",
        "p95 {p95_ms} ms",
        "one query and a bare list of fifty",
        "一次查询加五十行的最简清单",
        "{ratio}×",
    ),
    Figure(
        "certificates",
        "{certificates:,} certificates approved in a batch, with ledger, log and digest",
        "批量批准 {certificates:,} 份证书，含台账、操作记录和摘要",
        "{issued_per_second:,}/s; PDF {pdf_ms} ms",
        "approved one by one",
        "逐份批准",
        "{ratio_to_one_by_one}×",
    ),
    Figure(
        "public_log",
        "{acts:,} acts checked against the public log",
        "用公开记录核对 {acts:,} 项操作",
        "{checked_seconds} s; sealed {sealed_per_second:,}/s, p99 after {lag_p99_seconds} s",
        "writing acts without the log",
        "不载入公开记录的写入",
        "{ratio}",
    ),
    Figure(
        "control_charts",
        "Control chart with rules 1–4, state carried on",
        "控制图判异准则 1–4，跨批次",
        "{million_readings_a_second} M readings/s",
        "the same rules with NumPy sliding windows",
        "用 NumPy 滑动窗口写的同样准则",
        "{ratio_to_numpy_windows}×",
    ),
    Figure(
        "monte_carlo",
        "Monte Carlo on three inputs",
        "三个输入量的蒙特卡洛法",
        "{million_trials_a_second[propagated]} M trials/s",
        "NumPy drawing the same numbers, no model",
        "NumPy 只抽同样的随机数",
        "{ratio}",
    ),
    Figure(
        "monte_carlo",
        "the same, both intervals stated",
        "同上，并给出两种包含区间",
        "{million_trials_a_second[evaluated]} M trials/s",
        "suncal / metrolopy with one interval",
        "suncal、metrolopy，各一种区间",
        "{ratio_evaluated_to_suncal}× / {ratio_evaluated_to_metrolopy}×",
    ),
)
HEADS = {
    "README.md": ("| figure | measured | against | ratio | taken |", "english"),
    "README.zh-CN.md": ("| 项目 | 实测 | 对比 | 比值 | 测于 |", "chinese"),
}
OLD = {"english": " (old: its code has changed)", "chinese": "（已旧：代码已变）"}


def table(results: dict[str, dict[str, Any]], file: str, old: Collection[str] = ()) -> str:
    """Return the table of one README.

    Args:
        old: benchmarks whose code has changed since; `main` asks, and whoever compares takes the marks away.
    """
    head, language = HEADS[file]
    lines = [head, "|---|---|---|---|---|"]
    for figure in FIGURES:
        facts = results.get(figure.benchmark)
        if facts is None:
            continue
        facts = facts | {"spread": spread(facts)}
        cells = (
            getattr(figure, language),
            figure.value,
            getattr(figure, f"against_{language}"),
            figure.ratio,
        )
        when = taken(facts) + (OLD[language] if figure.benchmark in old else "")
        lines.append("| " + " | ".join([*(cell.format(**facts) for cell in cells), when]) + " |")
    return "\n".join(lines)


def taken(facts: dict[str, Any]) -> str:
    """Return day, commit and load of a figure; a dash for one from before this was kept."""
    how = facts.get("taken")
    if not how:
        return "–"
    load = how["load_average"]
    return f"{how['date']}, {how['commit']}, load {load['before']}–{load['after']}"


def spread(facts: dict[str, Any]) -> str:
    """Return between which ratios the turns of the peer lay, where they were kept."""
    turns = facts.get("spread_of_ratio_to_import_export")
    return f" ({turns[0]}–{turns[1]})" if turns else ""


def without_marks(text: str) -> str:
    """Return a README without the marks of what is old: code changes more often than figures are taken."""
    for mark in OLD.values():
        text = text.replace(mark, "")
    return text


def written(text: str, figures: str) -> str:
    """Return a README with this table between its marks."""
    before, _, rest = text.partition(START)
    _, _, after = rest.partition(END)
    return f"{before}{START}\n{figures}\n{END}{after}"


def main() -> int:
    results = json.loads((ROOT / "benchmarks" / "results.json").read_text("utf-8"))
    old = {name for name, figures in results.items() if is_old(name, figures)}
    stale = 0
    for file in HEADS:
        text = (ROOT / file).read_text("utf-8")
        wanted = written(text, table(results, file, old))
        stale += without_marks(wanted) != without_marks(text)
        if "--check" not in sys.argv:
            (ROOT / file).write_text(wanted, "utf-8")
    return min(stale, 1) if "--check" in sys.argv else 0


if __name__ == "__main__":
    sys.exit(main())
