"""The console in the system's Chromium: nothing from elsewhere, nothing cut off, all of it by keyboard."""

import re
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import uvicorn
from entering import context_over
from example_site import HOSTILE, device_id

from cordon.server.access import Gate
from cordon.server.app import create
from cordon.server.console.render import STATIC
from cordon.server.context import Context
from cordon.server.run import listening

CHROMIUM = Path("/usr/bin/chromium")
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
             "--disable-component-update", "--disable-sync"]  # fmt: skip
PAGES = {
    "today": "/",
    "devices": "/devices",
    "device": f"/devices/{device_id(0)}",
    "record": f"/devices/{device_id(0)}/record",
    "record of a hostile one": f"/devices/{device_id(13)}/record",
    "inventory": "/inventory",
    "hostile": f"/devices/{device_id(13)}",
    "policy of a device": f"/devices/{device_id(0)}/policy",
    "map": "/map",
    "incidents": "/incidents",
    "incident": "/incidents/incident-000000000001",
    "findings": "/findings",
    "finding": "/findings/finding-000000000002",
    "policy": "/policy",
    "settings": "/settings",
    "missing": "/devices/none",
}

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM.exists(), reason=f"{CHROMIUM} is not installed"),
    pytest.mark.skipif(not (STATIC / "vendor" / "htmx.min.js").exists(), reason="the web assets are not built"),
]


@pytest.fixture(scope="module")
def context(filled_state: Path) -> Iterator[Context]:
    """A server on the example site, on a free port."""
    with listening(0) as listener:
        context = context_over(filled_state)
        context.gate = Gate(listener.getsockname()[1])
        server = uvicorn.Server(uvicorn.Config(create(context), log_level="error", timeout_graceful_shutdown=1))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        yield context
        context.hub.close()
        server.should_exit = True
        thread.join(10)
        context.forget()


class Visit:
    """A page of a browser that came in, and what went wrong on it."""

    def __init__(self, page, context: Context) -> None:
        self.page = page
        self.url = context.gate.url
        self.wrong: list[str] = []
        page.on("console", lambda m: self.wrong.append(m.text) if m.type in {"error", "warning"} else None)
        page.on("pageerror", lambda e: self.wrong.append(str(e)))
        page.on("request", lambda r: None if r.url.startswith(self.url) else self.wrong.append(f"went to {r.url}"))
        page.goto(context.gate.address())

    def see(self, path: str) -> None:
        """Opens a page and waits until it is drawn."""
        self.page.goto(self.url + path)
        if "data-map" in self.page.content():
            self.page.wait_for_selector("#map canvas")


def until(page, holds: str) -> None:
    """Waits until an expression holds; the page's own policy forbids the waiting that would be evaluated in it."""
    for _ in range(200):
        if page.evaluate(holds):
            return
        page.wait_for_timeout(50)
    raise AssertionError(f"never: {holds}")


@pytest.fixture(scope="module")
def visit(context: Context) -> Iterator[Visit]:
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    with playwright.sync_playwright() as started:
        browser = started.chromium.launch(executable_path=str(CHROMIUM), args=ARGUMENTS)
        yield Visit(browser.new_page(), context)
        browser.close()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 390, 1440])
def test_pages_fit_their_window_and_stay_at_home(visit: Visit, width: int, theme: str) -> None:
    visit.wrong.clear()
    visit.page.set_viewport_size({"width": width, "height": 860})
    visit.page.emulate_media(color_scheme=theme)
    for name, path in PAGES.items():
        visit.see(path)
        wide = visit.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, f"{name} at {width} px is {wide} px too wide"
    visit.wrong = [said for said in visit.wrong if "404" not in said]  # the missing page is missing
    assert visit.wrong == []


def test_the_two_themes_differ_and_the_switch_stays(visit: Visit) -> None:
    page = visit.page
    page.set_viewport_size({"width": 1440, "height": 860})
    page.emulate_media(color_scheme="light")
    visit.see("/")

    def paper() -> str:
        return str(page.evaluate("getComputedStyle(document.body).backgroundColor"))

    light = paper()
    page.click("[data-theme-switch]")
    dark = paper()
    assert light != dark
    visit.see("/devices")
    assert paper() == dark
    page.click("[data-theme-switch]")


def test_the_first_tab_leads_past_the_rail(visit: Visit) -> None:
    visit.see("/devices")
    visit.page.keyboard.press("Tab")
    assert visit.page.evaluate("document.activeElement.textContent") == "Skip to the page"
    visit.page.keyboard.press("Enter")
    visit.page.keyboard.press("Tab")
    assert visit.page.evaluate("document.querySelector('main').contains(document.activeElement)")


def test_why_opens_by_keyboard_and_gives_the_focus_back(visit: Visit) -> None:
    visit.see("/devices")
    page = visit.page
    page.focus("td a.why")
    page.keyboard.press("Enter")
    page.wait_for_selector("dialog[open] tfoot")
    assert "These reasons add up to it" in page.inner_text("dialog")
    page.keyboard.press("Escape")
    page.wait_for_selector("dialog[open]", state="detached")
    assert page.evaluate("document.activeElement.matches('td a.why')")


def test_filters_work_without_loading_the_page_anew(visit: Visit) -> None:
    visit.see("/devices")
    page = visit.page
    page.evaluate("window.here = true")
    page.fill("input[name=text]", "camera")
    until(page, "document.querySelectorAll('tbody tr').length === 2")
    assert page.evaluate("window.here") is True
    assert "text=camera" in page.url
    page.click("th a:has-text('Device')")
    until(page, "location.search.includes('sort=name')")
    assert page.evaluate("window.here") is True


def test_a_hostile_name_runs_nothing(visit: Visit) -> None:
    visit.page.on("dialog", lambda d: visit.wrong.append("a dialog opened") or d.dismiss())
    visit.wrong.clear()
    for path in ("/devices", PAGES["hostile"], "/map", "/findings/finding-000000000005"):
        visit.see(path)
    visit.see("/devices")
    assert HOSTILE in visit.page.inner_text("main")
    assert visit.page.query_selector("main img") is None
    assert visit.wrong == []


def test_the_map_is_walked_by_keyboard(visit: Visit) -> None:
    visit.page.set_viewport_size({"width": 1440, "height": 860})
    visit.see("/map")
    page = visit.page
    page.focus(".canvas")
    page.keyboard.press("ArrowRight")
    first = page.inner_text("#map .note")
    page.keyboard.press("ArrowRight")
    assert page.inner_text("#map .note") != first
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/devices/device-"))


def test_the_chart_is_drawn(visit: Visit) -> None:
    visit.see(PAGES["device"])
    visit.page.wait_for_selector(".chart canvas")


def test_pages_renew_themselves_when_something_happens(visit: Visit, context: Context) -> None:
    visit.see("/")
    visit.page.wait_for_timeout(300)
    visit.page.evaluate("document.querySelector('main h1').textContent = 'old'")
    context.hub.tell("facts", last=0, changed=True)
    until(visit.page, "document.querySelector('main h1').textContent !== 'old'")


def test_what_can_be_pressed_is_large_enough_and_named(visit: Visit) -> None:
    visit.page.set_viewport_size({"width": 390, "height": 860})
    for path in ("/", "/devices", PAGES["device"], "/map"):
        visit.see(path)
        nameless = visit.page.evaluate(
            """[...document.querySelectorAll('a, button, input, select')].filter(e => e.type !== 'hidden'
            && e.offsetParent
            && !(e.textContent.trim() || e.ariaLabel || e.labels?.length)).map(e => e.outerHTML.slice(0, 80))"""
        )
        assert nameless == []


def test_the_focus_is_always_seen(visit: Visit) -> None:
    visit.page.set_viewport_size({"width": 1440, "height": 860})
    for path in ("/", "/devices", PAGES["device"], "/map", PAGES["incident"]):
        visit.see(path)
        for _ in range(16):
            visit.page.keyboard.press("Tab")
            unseen = visit.page.evaluate(
                """(e => e === document.body || e.closest('.skip') || getComputedStyle(e).outlineStyle !== 'none'
                ? '' : e.outerHTML.slice(0, 80))(document.activeElement)"""
            )
            assert unseen == "", path


def test_a_narrow_screen_folds_the_sections_of_a_device(visit: Visit) -> None:
    page = visit.page
    page.set_viewport_size({"width": 390, "height": 844})
    visit.see(PAGES["device"])
    assert not page.is_visible("#reach ~ *, section[aria-labelledby=reach] .sheet")
    page.focus("summary:has(#reach)")
    page.keyboard.press("Enter")
    assert page.is_visible("section[aria-labelledby=reach] .sheet")
    page.set_viewport_size({"width": 1440, "height": 860})
    until(page, "[...document.querySelectorAll('details.fold')].every(d => d.open)")


def test_marks_and_names_on_the_map_can_be_read(visit: Visit) -> None:
    page = visit.page
    for width in (390, 1440):
        page.set_viewport_size({"width": width, "height": 844})
        visit.see("/map")
        until(page, "Boolean(window.cordonMap)")
        marks = "cordonMap.nodes(\"[kind = 'node']\")"
        assert page.evaluate(f"{marks}.min(n => n.renderedWidth()).value") >= 24
        assert (
            page.evaluate(
                f"{marks}.filter('.named').min(n => n.renderedStyle('font-size').replace('px', '') * 1).value"
            )
            >= 11
        )
