"""What shoppers of the demonstration reported: new, late, looked into, closed."""

from __future__ import annotations

from datetime import datetime, timedelta

from quanheng.apps.instruments.enums import ReportFinding, ShopperProblem
from quanheng.apps.instruments.queries.ledger import ledger
from quanheng.apps.instruments.services.receive_shopper_report import receive_shopper_report
from quanheng.apps.instruments.services.settle_report import close_report, take_up_report
from quanheng.demo.people import actor
from quanheng.kit.scope import acting_in

TOLD = (
    (1, ShopperProblem.SHORT_WEIGHT, "进门左手第二家", "买了两斤桃子，回家称少了二两。"),
    (9, ShopperProblem.SEAL_BROKEN, "", "秤侧面的铅封断了。"),
    (4, ShopperProblem.NOT_THIS_ONE, "水产区", "秤上的编号和扫码看到的不一样。"),
    (6, ShopperProblem.SHORT_WEIGHT, "", "同样的袋子，两家称出来不一样。"),
)  # days ago, what, where, in which words
FOUND = "用标准砝码核对，示值误差在允许范围内，铅封完好。"
ANSWER = "已到现场核查，该秤检定有效，核对结果合格。感谢您的反映。"


def hear_of_shoppers(*, at: datetime) -> int:
    """Receive reports, one of them overdue; one is being looked into, one is closed.

    Returns:
        How many there were: none where the county has too few scales with codes.
    """
    officer = actor("xian")
    with acting_in(officer.scope):
        coded = ledger(officer).filter(code__isnull=False, state="in_use", item__category="scale")
        codes = [str(scale.code) for scale in coded.order_by("-pk")[: len(TOLD)]]
    if len(codes) < len(TOLD):
        return 0
    reports = [
        receive_shopper_report(
            number=f"R{at - timedelta(days=days):%y%m%d}-DEMO{place:04d}", code=code, problem=problem,
            place=where, words=words, at=at - timedelta(days=days),
        )
        for place, (code, (days, problem, where, words)) in enumerate(zip(codes, TOLD, strict=True), 1)
    ]  # fmt: skip
    with acting_in(officer.scope):
        for report in reports[2:]:
            take_up_report(report_id=report.pk, by=officer, at=at)
        close_report(
            report_id=reports[3].pk,
            finding=ReportFinding.UNTRUE,
            found=FOUND,
            answer=ANSWER,
            by=officer,
            at=at,
        )
    return len(reports)
