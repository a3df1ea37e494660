"""A real browser before the real application, office and public handler both."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Browser, ConsoleMessage, Page, Playwright, sync_playwright

from quanheng.apps.accounts.actors import Actor
from tests.factories.people import sign_in
from tests.factories.visitors import forget_visitors
from tests.serving import serving

# Playwright's event loop runs in the test's thread; Django would refuse the factories' queries there.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

SWITCHES = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PHONE, DESK = 360, 1440
AXE = Path(__file__).parents[2] / "src/quanheng/web/static/vendor/axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]

OpenPage = Callable[..., Page]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark every test here, and keep them in one xdist worker: one browser is enough."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.xdist_group("browser"))


@pytest.fixture(scope="package")
def playwright_driver() -> Iterator[Playwright]:
    """Run Playwright for this package only: its event loop would refuse `asyncio.run` in any later test."""
    with sync_playwright() as driver:
        yield driver


@pytest.fixture(scope="package")
def browser(playwright_driver: Playwright) -> Iterator[Browser]:
    """Start Chromium once."""
    program = os.environ.get("QUANHENG_CHROMIUM", "/usr/bin/chromium")
    started = playwright_driver.chromium.launch(executable_path=program, args=SWITCHES)
    yield started
    started.close()


@pytest.fixture(scope="session")
def served() -> Iterator[str]:
    """Serve the application, and yield its address."""
    with serving() as address:
        yield address


@pytest.fixture
def site(transactional_db: None, served: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """Return the address of the application, for a test whose rows the server can see."""
    forget_visitors(monkeypatch)
    return served


@pytest.fixture
def open_page(site: str, browser: Browser) -> Iterator[OpenPage]:
    """Return a function that opens a page: ``open_page("/desk/", actor=officer, width=PHONE)``.

    At the end of the test every page must have been free of console errors, page errors and violations of
    the content security policy (which Chromium reports as console errors).
    """
    contexts: list[Any] = []
    complaints: list[str] = []

    def listen(page: Page, *, loses_network: bool = False, refusal: str = "") -> None:
        def hear(message: ConsoleMessage) -> None:
            is_lost = loses_network and "net::ERR_" in message.text
            is_meant = bool(refusal) and f"status of {refusal}" in message.text
            if message.type == "error" and not is_lost and not is_meant:
                complaints.append(f"{page.url}: {message.text}")

        page.on("pageerror", lambda error: complaints.append(f"{page.url}: {error}"))
        page.on("console", hear)

    def open_one(
        path: str,
        *,
        actor: Actor | None = None,
        width: int = DESK,
        loses_network: bool = False,
        refusal: str = "",
        **cookies: str,
    ) -> Page:
        height = 780 if width < 600 else 900
        context = browser.new_context(
            base_url=site,
            viewport={"width": width, "height": height},
            locale="zh-CN",
            reduced_motion="reduce",
        )
        contexts.append(context)
        if actor is not None:
            cookies["sessionid"] = sign_in(Client(), actor).cookies["sessionid"].value
        context.add_cookies([{"name": name, "value": value, "url": site} for name, value in cookies.items()])
        context.on("page", partial(listen, loses_network=loses_network, refusal=refusal))
        page = context.new_page()
        answer = page.goto(path)
        assert answer is not None
        assert answer.ok, f"{path} answered {answer.status}"
        return page

    yield open_one
    for context in contexts:
        context.close()
    assert not complaints, "\n".join(complaints)


def check_accessibility(page: Page) -> None:
    """Run axe-core over the page as it is now; fail with what is wrong, where, and how to put it right."""
    page.evaluate(AXE.read_text())
    result = page.evaluate("rules => axe.run({runOnly: {type: 'tag', values: rules}})", RULES)
    faults = [
        f"{fault['id']} ({fault['impact']}): {fault['help']}\n"
        + "\n".join(f"    {node['html'][:160]}\n      {_why(node)}" for node in fault["nodes"][:6])
        for fault in result["violations"]
    ]
    assert not faults, f"{page.url}\n" + "\n".join(faults)


def _why(node: dict[str, Any]) -> str:
    return str(node["failureSummary"]).replace("\n", " ")[:300]


def check_width(page: Page) -> None:
    """Nothing sticks out to the right: a phone never scrolls sideways."""
    width = page.viewport_size["width"] if page.viewport_size else 0
    assert page.evaluate("document.documentElement.scrollWidth") <= width, page.url
