"""Every page: axe-core finds nothing at WCAG 2.2 AA, nothing sticks out on a phone."""

from __future__ import annotations

import pytest

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.accounts.enums import Role
from tests.e2e.conftest import DESK, PHONE, OpenPage, check_accessibility, check_width
from tests.e2e.pages import PAGES, PageCase
from tests.factories.people import make_actor, make_area

DRESSES: tuple[dict[str, str], ...] = (
    {},
    {"theme": "dark"},
    {"elder": "1"},
    {"elder": "1", "theme": "dark"},
    {"django_language": "en"},
)


def actor_for(case: PageCase) -> Actor | None:
    return make_actor(case.role, area=make_area()) if case.role else None


@pytest.mark.parametrize("width", [PHONE, DESK])
@pytest.mark.parametrize("case", PAGES, ids=str)
def test_page_is_accessible_on_a_phone_and_on_a_desk(case: PageCase, width: int, open_page: OpenPage) -> None:
    page = open_page(case.path, actor=actor_for(case), width=width)
    check_accessibility(page)
    check_width(page)


@pytest.mark.parametrize("dress", DRESSES, ids=str)
@pytest.mark.parametrize("path", ["/gallery/", "/gallery/list/rows/", "/"])
def test_every_dress_keeps_its_contrast(path: str, dress: dict[str, str], open_page: OpenPage) -> None:
    check_accessibility(open_page(path, width=DESK, **dress))


@pytest.mark.parametrize("path", ["/gallery/", "/gallery/list/rows/", "/"])
def test_elder_mode_and_double_zoom_fit_a_phone(path: str, open_page: OpenPage) -> None:
    check_width(open_page(path, width=PHONE, elder="1"))
    check_width(open_page(path, width=DESK // 2))  # what 200 % zoom leaves of a desk


def test_the_open_menus_of_a_list_are_accessible(open_page: OpenPage) -> None:
    page = open_page("/gallery/list/rows/")
    for word in ("视图", "列", "导出"):
        page.locator("summary", has_text=word).click()
        check_accessibility(page)


def test_escape_closes_a_menu_and_gives_the_focus_back(open_page: OpenPage) -> None:
    page = open_page("/gallery/list/rows/")
    page.locator("summary", has_text="列").focus()
    page.keyboard.press("Enter")
    page.locator("#column-name").focus()
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.tagName") == "SUMMARY"
    assert page.locator("details.qh-menu[open]").count() == 0


def test_the_first_stop_of_the_tab_key_skips_to_the_content(open_page: OpenPage) -> None:
    page = open_page("/")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


def test_a_refused_form_takes_the_focus_to_its_faults_and_keeps_what_was_typed(open_page: OpenPage) -> None:
    page = open_page("/gallery/")
    assert page.evaluate("document.activeElement.id") == "form-faults"
    assert page.locator("#id_serial_number").input_value().startswith("CD-2024-000117")


def test_selecting_the_page_is_counted_aloud(open_page: OpenPage) -> None:
    page = open_page("/gallery/list/rows/")
    page.locator("thead .qh-pick input").check()
    assert page.locator("[data-taken]").inner_text() == "选中的 5 条"


def test_switches_of_the_frame_hold_on_the_next_page(open_page: OpenPage) -> None:
    page = open_page("/", actor=None)
    page.get_by_role("button", name="长辈版").click()
    page.goto("/gallery/")
    assert page.locator("html[data-elder]").count() == 1


@pytest.mark.parametrize("role", [Role.COUNTY_OFFICER, Role.MARKET_OPERATOR, Role.SYSTEM_ADMINISTRATOR])
def test_a_role_reaches_its_navigation_on_a_phone(role: Role, open_page: OpenPage) -> None:
    page = open_page("/desk/", actor=make_actor(role, area=make_area()), width=PHONE)
    page.locator("summary", has_text="菜单").click()
    assert page.get_by_role("link", name="待办").is_visible()
    check_accessibility(page)
