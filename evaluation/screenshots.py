"""Takes every page of a running console at two widths in both themes, for people to look at.

python evaluation/screenshots.py ADDRESS FOLDER      the address with its token, as Cordon prints it
"""

import argparse
import sys
from pathlib import Path
from urllib.parse import urljoin, urlsplit

from playwright.sync_api import Browser, Page, sync_playwright

WIDTHS = {1440: 900, 390: 844}
PAGES = {
    "today": "/",
    "devices": "/devices",
    "inventory": "/inventory",
    "map": "/map",
    "incidents": "/incidents",
    "findings": "/findings",
    "repairs": "/repairs",
    "policy": "/policy",
    "settings": "/settings",
    "missing": "/devices/none",
}
FIRST = {
    "device": ("/devices?sort=trust", "td .who a"),
    "device-policy": ("/policy", "td a[href$=policy]"),
    "incident": ("/incidents", ".card a"),
    "finding": ("/findings", "td a"),
    "repair": ("/repairs", ".card a"),
}
"""Pages found by following the first such link of another page."""
CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
             "--disable-component-update", "--disable-sync"]  # fmt: skip


def wide(page: Page) -> int:
    """By how many pixels the page is wider than the window."""
    return int(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))


def addresses(page: Page, base: str) -> dict[str, str]:
    """All pages there are to take, by name."""
    found = dict(PAGES)
    for name, (path, link) in FIRST.items():
        page.goto(urljoin(base, path))
        first = page.query_selector(f"main {link}")
        if first is not None:
            found[name] = str(first.get_attribute("href"))
    if "device" in found:
        found["why"] = f"{found['device']}/why"
        found["record"] = f"{found['device']}/record"
    if "repair" in found:
        page.goto(urljoin(base, found["repair"]))
        exposure = page.query_selector("main td a[href^='/exposures/']")
        if exposure is not None:
            found["exposure"] = str(exposure.get_attribute("href"))
    if "finding" in found:
        found["rows"] = f"{found['finding']}/rows"
    return found


def take(browser: Browser, address: str, folder: Path) -> int:
    """Takes all pictures; the number of pages wider than their window."""
    base = "{0.scheme}://{0.netloc}".format(urlsplit(address))
    context = browser.new_context()
    page = context.new_page()
    page.goto(address)
    pages = addresses(page, base)
    wrong = 0
    for width, height in WIDTHS.items():
        page.set_viewport_size({"width": width, "height": height})
        for theme in ("light", "dark"):
            page.emulate_media(color_scheme=theme)
            for name, path in pages.items():
                page.goto(urljoin(base, path))
                page.wait_for_timeout(700 if name in {"map", "device"} else 150)
                if wide(page) > 0:
                    print(f"{name} at {width}: {wide(page)} px too wide")
                    wrong += 1
                page.screenshot(path=folder / f"{name}-{width}-{theme}.png", full_page=True)
    return wrong


def main() -> int:
    """1 when a page is wider than its window."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("address")
    parser.add_argument("folder", type=Path)
    asked = parser.parse_args()
    asked.folder.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        wrong = take(browser, asked.address, asked.folder)
        browser.close()
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
