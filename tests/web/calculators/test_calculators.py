"""A laboratory or an inspector calculates: examples, faults at their field, the case as a file, a draw."""

from __future__ import annotations

import json
import re
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django import Settings

from quanheng.adapters.public_log import log_key
from quanheng.adapters.public_log.commitments import proof_of_act
from quanheng.apps.accounts.actors import SYSTEM
from quanheng.apps.audit.commit_draw import commit_draw
from quanheng.calculations.evaluating import calculations, evaluate, read_case
from quanheng.kit.pace import AddressPaces
from quanheng.kit.scope import EVERYTHING, acting_in
from quanheng.web.calculators import views
from quanheng.web.calculators.reading import numbers, rows
from tests.regulation.draw.frames import BEFORE
from tests.regulation.draw.test_proof import COMMITMENT, TEXT

pytestmark = pytest.mark.django_db
SLUGS = (
    "net-content", "uncertainty", "deadline", "decision-risk", "gauge-study", "survey-rate", "proportion",
    "calibration-interval", "drift-interval", "run-length", "factor-change",
)  # fmt: skip
EXAMPLES = [
    (slug, example) for slug in SLUGS for example in calculations()[views.CALCULATORS[slug].kind].examples
]


@pytest.fixture(autouse=True)
def _fresh_pace(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(views, "PACES", AddressPaces(600, 86_400.0, name=""))


def filled(client: Client, address: str) -> dict[str, str]:
    """Return what a browser would send of the form as it is shown."""
    form = client.get(address).context["form"]
    values = {name: form[name].value() for name in form.fields}
    empty = (None, "")
    return {name: str(value) for name, value in values.items() if value not in empty and value is not False}


def post(client: Client, slug: str, **values: str) -> Any:
    return client.post(f"/calculators/{slug}/", values)


@pytest.mark.parametrize(("slug", "example"), EXAMPLES, ids=[f"{s}-{e.name}" for s, e in EXAMPLES])
def test_an_example_fills_the_form_gives_its_verdict_and_is_the_same_case_in_the_shell(
    slug: str, example: Any, client: Client
) -> None:
    values = filled(client, f"/calculators/{slug}/?example={example.name}")
    answer = post(client, slug, **values, act="calculate")
    assert answer.status_code == 200, answer.context["form"].errors
    report = answer.context["report"]
    assert str(report.verdict) in answer.content.decode()
    file = post(client, slug, **values, act="case")
    kind = calculations()[views.CALCULATORS[slug].kind]
    assert evaluate(kind, read_case(file.content)) == evaluate(kind, example.case)
    assert f'filename="{slug}.json"' in file.headers["Content-Disposition"]


@pytest.mark.parametrize("slug", SLUGS)
def test_an_empty_form_says_what_is_missing_at_each_field(slug: str, client: Client) -> None:
    assert client.get(f"/calculators/{slug}/").status_code == 200
    answer = post(client, slug, act="calculate")
    assert answer.status_code == 422
    page = answer.content.decode()
    for name, texts in answer.context["form"].errors.items():
        assert f'href="#id_{name}"' in page
        assert texts[0] in page


GOOD = {
    "net-content": {
        "plan": "cn", "day": "2026-06-01", "nominal": "500", "unit": "g", "lot_size": "40",
        "net": "500 " * 10,
    },
    "uncertainty": {
        "equation": "a + b", "inputs": "a 1 正态 0.1\nb 2 矩形 0.2", "probability": "0.95", "digits": "2",
    },
    "deadline": {"step": "case/decision", "received_on": "2026-03-02"},
    "decision-risk": {"limit": "1", "expanded_uncertainty": "0.25", "in_tolerance": "0.95"},
    "gauge-study": {
        "day": "2026-06-01", "method": "variance",
        "rows": "A 1 1.0 1.1\nA 2 2.0 2.1\nB 1 1.1 1.0\nB 2 2.2 2.0",
    },
    "survey-rate": {"selection": "cluster", "strata": "甲 50 4 1\n甲 50 4 0\n乙 2 3 0\n乙 2 3 1"},
    "proportion": {"selection": "unit", "hits": "3", "sample": "60"},
    "calibration-interval": {"day": "2026-06-01", "interval": "365", "tested": "20", "passed": "15"},
    "drift-interval": {
        "changes": "100 0.1\n200 0.3\n300 0.4", "terms": "1", "value": "0", "measured": "0.1", "upper": "1",
    },
    "run-length": {"chart": "cusum", "shift": "1"},
    "factor-change": {
        "day": "2026-06-01", "shifts": "\n".join(f"{5000 + 9 * (n % 4)} 5000" for n in range(60)),
    },
}  # fmt: skip


@pytest.mark.parametrize(
    ("slug", "values", "field", "words"),
    [
        ("net-content", {"net": "498\nabc\n500"}, "net", "第 2 个"),
        ("net-content", {"lot_size": "0"}, "lot_size", ""),
        ("net-content", {"gross_g": "510"}, "net", "二者填一种"),
        ("net-content", {"day": "1990-01-01"}, "day", "没有现行有效的规则"),
        ("net-content", {"statement": "？？"}, "statement", ""),
        ("uncertainty", {"inputs": "a 1\nb 2 矩形 0.2"}, "inputs", "第 1 行有 2 格"),
        ("uncertainty", {"inputs": "a 1 正态 -1\nb 2 矩形 0.2"}, "inputs", "第 1 个"),
        ("uncertainty", {"inputs": "a 1 高斯 1\nb 2 矩形 0.2"}, "inputs", "第 1 个"),
        ("uncertainty", {"equation": "__import__('os')"}, "equation", ""),
        ("uncertainty", {"correlations": "a b"}, "correlations", "三格"),
        ("uncertainty", {"correlations": "a b 7"}, "correlations", ""),
        ("uncertainty", {"unit": "V", "inputs": "a 1 正态 1 - A\nb 2 矩形 0.2 - A"}, "unit", ""),
        ("decision-risk", {"limit": "-1"}, "limit", ""),
        ("decision-risk", {"in_tolerance": ""}, "in_tolerance", "填写一项"),
        (
            "decision-risk",
            {"guard_band": "test_95", "acceptance_limit": "0.9"},
            "acceptance_limit",
            "只能选一项",
        ),
        (
            "decision-risk",
            {"guard_band": "test_95", "expanded_uncertainty": "2"},
            "expanded_uncertainty",
            "TUR",
        ),
        ("decision-risk", {"limit": "1e11"}, "expanded_uncertainty", "单位"),
        ("gauge-study", {"rows": "A 1 1.0"}, "rows", "第 1 行有 3 格"),
        ("gauge-study", {"rows": "A 1 1.0 1.1\nA 2 2.0 2.1\nB 1 1.1 1.0\nB 1 2.2 2.0"}, "rows", "写了两次"),
        ("gauge-study", {"rows": "A 1 1 1\nA 2 1 1\nB 1 1 1\nB 3 1 1"}, "rows", "没有测零件"),
        ("gauge-study", {"rows": "A 1 1 1\nA 2 1 1\nB 1 1 1\nB 2 1 1 1"}, "rows", "次数应相同"),
        (
            "gauge-study",
            {"method": "range", "rows": "A 1 1 1\nA 2 1 1\nB 1 1 1\nB 2 1 1"},
            "rows",
            "没有变差",
        ),
        ("survey-rate", {"strata": "甲 50 4"}, "strata", "第 1 行有 3 格"),
        ("survey-rate", {"strata": "甲 50 4 1\n甲 60 4 1"}, "strata", "总群数前后不一"),
        ("survey-rate", {"strata": "甲 50 4 5\n甲 50 4 1"}, "strata", "第 1 个"),
        ("survey-rate", {"strata": ""}, "strata", "二者填一"),
        ("survey-rate", {"strata": "", "units": "1 0.8\n0 0.5"}, "selection", "请改用分层整群估计"),
        ("survey-rate", {"strata": "", "units": "是 0.8"}, "units", "第 1 行应为 1 或 0"),
        ("proportion", {"selection": "cluster"}, "selection", "请改用分层整群估计"),
        ("proportion", {"hits": "61"}, "hits", "61"),
        ("calibration-interval", {"passed": "21"}, "passed", "21"),
        ("drift-interval", {"changes": "100"}, "changes", "第 1 行有 1 格"),
        ("drift-interval", {"upper": ""}, "upper", "至少填写一个限值"),
        ("run-length", {"chart": "run-rules"}, "day", "规则的日期"),
        ("run-length", {"rules_on": "1 x"}, "rules_on", ""),
        ("run-length", {"decision": "99"}, "decision", ""),
        ("factor-change", {"shifts": "5000 5000 5000"}, "shifts", "第 1 行有 3 格"),
        ("factor-change", {"shifts": "5000 5000\n5000 5000"}, "shifts", ""),
        ("deadline", {"step": "service-promise/assignment"}, "received_time", "时"),
        ("deadline", {"step": "own", "count": "-3", "unit": "working_days"}, "count", ""),
        ("deadline", {"pause_1": "testing"}, "pause_1_from", "一起填写"),
        ("deadline", {"extension_2_count": "5"}, "extension_2_on", "一起填写"),
        (
            "deadline",
            {"pause_1": "testing", "pause_1_from": "2026-03-09", "pause_1_to": "2026-03-01"},
            "pause_1_from",
            "",
        ),
    ],
)
def test_a_fault_stands_at_the_field_that_caused_it(
    slug: str, values: dict[str, str], field: str, words: str, client: Client
) -> None:
    assert post(client, slug, **GOOD[slug], act="calculate").status_code == 200
    answer = post(client, slug, **{**GOOD[slug], **values}, act="calculate")
    assert answer.status_code == 422
    errors = answer.context["form"].errors
    assert field in errors, errors
    assert words in " ".join(errors[field])


def test_the_folded_fields_are_open_when_they_matter(client: Client) -> None:
    page = client.get("/calculators/deadline/").content.decode()
    assert re.search(r'<details class="qh-more">', page)
    page = client.get("/calculators/deadline/?example=case-with-testing").content.decode()
    assert re.search(r'<details class="qh-more" open>', page)


def test_the_report_cites_its_rules_and_says_what_nobody_verified(client: Client) -> None:
    page = post(client, "net-content", **GOOD["net-content"], act="calculate").content.decode()
    assert "JJF 1070-2023" in page
    assert "尚未对照正式文本核实" in page


def test_the_drawing_needs_no_style_and_no_script(client: Client) -> None:
    page = post(client, "uncertainty", **GOOD["uncertainty"], act="calculate").content.decode()
    drawing = page[page.index("<svg xmlns") :].partition("</svg>")[0]
    assert "style=" not in drawing
    assert "<script" not in drawing


def test_who_asks_without_end_is_told_when_to_come_back(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views, "PACES", AddressPaces(1, 60.0, name=""))
    assert post(client, "deadline", **GOOD["deadline"], act="calculate").status_code == 200
    answer = post(client, "deadline", **GOOD["deadline"], act="calculate")
    assert "计算过于频繁" in answer.content.decode()


def publish(at: datetime) -> None:
    """Put the commitment of the proof into the log."""
    log_key()
    with acting_in(EVERYTHING):
        act = commit_draw(
            draw_id=COMMITMENT.draw_id,
            digest=COMMITMENT.digest,
            known_at=None,
            seed_round=None,
            by=SYSTEM,
            at=at,
        )
    assert proof_of_act(act.pk, at=at)


def test_a_draw_that_is_what_it_says_holds(client: Client, settings: Settings, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path
    publish(BEFORE)
    file = SimpleUploadedFile("proof.json", TEXT.encode())
    page = client.post("/calculators/draw/", {"proof_file": file}).content.decode()
    assert "抽查结果一致" in page
    assert "公开记录第 0 条，2023-09-15 16:00:00" in page


def test_a_draw_whose_commitment_came_after_the_seed_does_not_hold(
    client: Client, settings: Settings, tmp_path: Path, at: datetime
) -> None:
    settings.DATA_DIR = tmp_path
    publish(at)
    page = client.post("/calculators/draw/", {"proof": TEXT}).content.decode()
    assert "抽查结果与证明不符：1 处" in page
    assert "承诺作出得太晚" in page


def test_the_example_of_a_draw_is_filled_in_and_the_log_knows_nothing_of_it(client: Client) -> None:
    example = client.get("/calculators/draw/?example=quarter").context["form"]["proof"].value()
    answer = client.post("/calculators/draw/", {"proof": example})
    assert "重算与公布一致，但公开记录中没有这次抽查的承诺" in answer.content.decode()


def test_a_draw_that_was_changed_says_where(client: Client) -> None:
    proof = json.loads(TEXT)
    first = proof["strata"][0]["drawn"][0]
    first["key"] = "P999"
    answer = client.post("/calculators/draw/", {"proof": json.dumps(proof, ensure_ascii=False)})
    page = answer.content.decode()
    assert "抽查结果与证明不符" in page
    assert "P999" in page


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({}, "二者选一"),
        ({"proof": "hello"}, "JSON"),
        ({"proof": "{}"}, "format"),
        ({"proof_file": SimpleUploadedFile("p", b"\xff\xfe")}, "UTF-8"),
    ],
)
def test_what_is_no_proof_is_refused_with_what_to_do(
    values: dict[str, Any], words: str, client: Client
) -> None:
    answer = client.post("/calculators/draw/", values)
    assert answer.status_code == 422
    assert words in answer.content.decode()


def test_the_index_leads_to_every_calculator(client: Client) -> None:
    page = client.get("/calculators/").content.decode()
    for slug in views.CALCULATORS:
        assert f'href="/calculators/{slug}/"' in page
        assert client.get(f"/calculators/{slug}/").status_code == 200


def test_numbers_and_rows_are_read_as_they_are_pasted() -> None:
    assert numbers("４９８．２，501.1\n 499.5;500") == ["498.2", "501.1", "499.5", "500"]
    assert rows("a\t1\t\t0.1\n\n b  2 矩形 3") == [["a", "1", "", "0.1"], ["b", "2", "矩形", "3"]]


def test_what_a_sample_shows_is_not_rounded_up_to_a_line_that_it_does_not_reach(client: Client) -> None:
    """Of 30 000 a clean sample of 295 leaves 301 open: 98.9967 % is no 99.00 %."""
    page = post(client, "proportion", selection="unit", hits="0", sample="295", population="30000").content
    assert "98.99%" in page.decode()
    assert "99.00%" not in page.decode()
