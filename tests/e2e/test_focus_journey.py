"""By clicks: a station fails two quarters, is listed by another officer, objects, is answered, falls due."""

from __future__ import annotations

import os
import re
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from quanheng.apps.accounts.enums import Role
from quanheng.apps.focus.models import FocusListing
from quanheng.apps.inspections.services.commit_campaign import commit_campaign
from quanheng.apps.inspections.services.decide_campaign import approve_campaign
from quanheng.apps.inspections.services.draw_campaign import draw_campaign
from quanheng.apps.inspections.services.record_inspection import record_inspection
from quanheng.kit.scope import EVERYTHING, acting_in
from quanheng.regulation.checklists import Answer, Said
from tests.e2e.conftest import DESK, PHONE, OpenPage, check_accessibility, check_width
from tests.factories import make_actor, make_area
from tests.factories.inspections import SIGNATURE, Quarter, all_passed, believed, make_quarter, tasks_of

SHOTS = os.environ.get("QUANHENG_SHOTS")  # a folder, for whoever wants to look


def looked_at(page: Page, name: str) -> None:
    check_accessibility(page)
    check_width(page)
    if SHOTS:
        page.screenshot(path=Path(SHOTS) / f"{name}.png", full_page=True)


def open_row(page: Page, tile: str, name: str) -> None:
    """Go from the desk by a tile to the row of an entity."""
    page.get_by_role("main").get_by_role("link", name=tile).first.click()
    page.wait_for_url(re.compile(r"/focus/\?"))
    check_accessibility(page)
    check_width(page)
    page.get_by_role("table").get_by_role("link", name=name).click()
    page.wait_for_url(re.compile(r"/focus/\d+/$"))


def fail_a_quarter(quarter: Quarter, number: int, at: datetime) -> None:
    """Draw a quarter's campaign, and have each drawn dispenser fail."""
    quarter.at = at
    campaign = quarter.planned(quarter=number, year=at.year)
    with acting_in(quarter.approver.scope):
        approve_campaign(campaign_id=campaign.pk, by=quarter.approver, at=at)
        commit_campaign(campaign_id=campaign.pk, by=quarter.approver, at=at)
    with acting_in(quarter.planner.scope):
        drawn = at + timedelta(minutes=30)
        draw_campaign(
            campaign_id=campaign.pk, signature=SIGNATURE, verify=believed, by=quarter.planner, at=drawn
        )
    for task in tasks_of(campaign):
        lead, said = quarter.actor(task.lead_id), all_passed(task)
        said |= {next(iter(said)): Said(Answer.FAILED, "自锁功能未开启")}
        with acting_in(lead.scope):
            record_inspection(
                task_id=task.pk, said=said, words="防作弊自锁未开启", on=at.date(), by=lead, at=drawn
            )


@pytest.mark.parametrize(("theme", "width"), [("light", DESK), ("dark", PHONE)])
def test_two_failed_quarters_lead_to_the_list_and_to_a_next_visit(
    site: str, open_page: OpenPage, settings: Any, theme: str, width: int
) -> None:
    settings.LOG_LIMIT = timedelta(days=10_000)  # nobody seals the log while the months pass
    county = make_area("锦江区")
    quarter = make_quarter(county, stations=1, each=4)
    today = timezone.localtime()
    fail_a_quarter(quarter, 3, datetime(2026, 9, 10, 10, tzinfo=today.tzinfo))
    fail_a_quarter(quarter, 4, datetime(2026, 11, 20, 10, tzinfo=today.tzinfo))
    station = quarter.dispensers[0].entity
    decider, colleague = (make_actor(Role.COUNTY_OFFICER, area=county) for _ in range(2))  # none was drawn
    office = open_page("/desk/", actor=decider, width=width, theme=theme)
    user = make_actor(Role.INSTRUMENT_USER, entity=station)

    open_row(office, "重点监管待决定列入", station.name)
    looked_at(office, f"proposed-{theme}")
    office.get_by_role("link", name="列入重点监管名单", exact=True).click()
    office.get_by_label("理由").fill("三、四季度两次抽查自锁均未开启。")
    looked_at(office, f"act-{theme}")
    office.get_by_role("button", name="列入重点监管名单", exact=True).click()
    expect(office.get_by_text("已列入。", exact=True)).to_be_visible()

    own = open_page("/desk/", actor=user, width=width, theme=theme)
    open_row(own, "重点监管中", station.name)
    own.get_by_role("link", name="对重点监管提出异议").click()
    own.get_by_label("异议").fill("第四季度检查前一日已报修，自锁在维修时关闭。")
    own.get_by_role("button", name="对重点监管提出异议").click()
    expect(own.get_by_text("已提出异议")).to_be_visible()
    looked_at(own, f"own-{theme}")

    other = open_page("/desk/", actor=colleague, width=width, theme=theme)
    open_row(other, "重点监管异议待答复", station.name)
    other.get_by_role("link", name="答复重点监管异议").click()
    other.get_by_label("答复").fill("台账无报修记录，维持列入。")
    other.get_by_role("button", name="答复重点监管异议").click()
    expect(other.get_by_text("已答复。", exact=True)).to_be_visible()
    own.reload()
    expect(own.get_by_text("台账无报修记录，维持列入。")).to_be_visible()

    with acting_in(EVERYTHING):  # a month goes by
        soon = today.date() + timedelta(days=10)
        FocusListing.objects.unscoped().filter(entity=station).update(next_visit_by=soon)
    inspector = open_page("/desk/", actor=quarter.inspectors[0], width=width, theme=theme)
    open_row(inspector, "重点监管待检查", station.name)
    looked_at(inspector, f"due-{theme}")
    inspector.get_by_role("link", name="选择器具登记检查").click()
    inspector.wait_for_url(re.compile(rf"/instruments/\?at={station.pk}$"))
