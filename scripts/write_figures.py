"""Write the table of figures of both READMEs from benchmarks/results.json; `--check` only compares.

Only what was measured is written: a benchmark that has not run has no line.
"""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
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
        "{ratio_to_import_export}×",
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
        "成批批准 {certificates:,} 份证书，含台账、操作记录和摘要",
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
    "README.md": ("| figure | measured | against | ratio |", "english"),
    "README.zh-CN.md": ("| 项目 | 实测 | 对比 | 比值 |", "chinese"),
}


def table(results: dict[str, dict[str, Any]], file: str) -> str:
    """Return the table of one README."""
    head, language = HEADS[file]
    lines = [head, "|---|---|---|---|"]
    for figure in FIGURES:
        facts = results.get(figure.benchmark)
        if facts is None:
            continue
        cells = (
            getattr(figure, language),
            figure.value,
            getattr(figure, f"against_{language}"),
            figure.ratio,
        )
        lines.append("| " + " | ".join(cell.format(**facts) for cell in cells) + " |")
    return "\n".join(lines)


def written(text: str, figures: str) -> str:
    """Return a README with this table between its marks."""
    before, _, rest = text.partition(START)
    _, _, after = rest.partition(END)
    return f"{before}{START}\n{figures}\n{END}{after}"


def main() -> int:
    results = json.loads((ROOT / "benchmarks" / "results.json").read_text("utf-8"))
    stale = 0
    for file in HEADS:
        text = (ROOT / file).read_text("utf-8")
        wanted = written(text, table(results, file))
        stale += wanted != text
        if "--check" not in sys.argv:
            (ROOT / file).write_text(wanted, "utf-8")
    return min(stale, 1) if "--check" in sys.argv else 0


if __name__ == "__main__":
    sys.exit(main())
