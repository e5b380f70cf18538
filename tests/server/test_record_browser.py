"""The record is edited in the system's Chromium: by keyboard alone, and without any script."""

import shutil
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import uvicorn
from entering import context_over
from example_site import device_id
from test_browser import ARGUMENTS, CHROMIUM, pytestmark, until

from cordon.server.access import Gate
from cordon.server.app import create
from cordon.server.context import Context
from cordon.server.run import listening
from cordon.server.worker import Worker

__all__ = ["pytestmark"]
CAMERA = device_id(0)


@pytest.fixture
def running(filled_state: Path, tmp_path: Path) -> Iterator[Context]:
    """A server on a copy of the example site, on a free port."""
    folder = tmp_path / "state"
    shutil.copytree(filled_state, folder)
    with listening(0) as listener:
        context = context_over(folder)
        context.gate = Gate(listener.getsockname()[1])
        context.worker = Worker(folder, context.config, context.hub)
        context.worker.start()
        server = uvicorn.Server(uvicorn.Config(create(context), log_level="error", timeout_graceful_shutdown=1))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        yield context
        context.hub.close()
        server.should_exit = True
        thread.join(10)
        context.worker.stop()
        context.forget()


@pytest.fixture
def browser() -> Iterator[object]:
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    with playwright.sync_playwright() as started:
        browser = started.chromium.launch(executable_path=str(CHROMIUM), args=ARGUMENTS)
        yield browser
        browser.close()


def test_a_device_is_named_by_keyboard_alone(running: Context, browser) -> None:
    page = browser.new_page()
    page.goto(running.gate.address(f"/devices/{CAMERA}"))
    page.focus("#record-edit > summary")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.name") == "name"
    page.keyboard.type("Front door")
    page.keyboard.press("Enter")
    page.wait_for_url("**#record")
    until(page, "document.title.startsWith('Front door')")
    assert "Name: Front door" in page.inner_text("main")


def test_what_is_being_typed_stays_when_the_page_renews_itself(running: Context, browser) -> None:
    page = browser.new_page()
    page.goto(running.gate.address(f"/devices/{CAMERA}"))
    page.click("#record-edit > summary")
    page.fill("#record-form [name=location]", "Lobby")
    page.evaluate("document.activeElement.blur()")
    page.evaluate("window.renewed = 0; document.addEventListener('cordon:renewed', () => window.renewed++)")
    page.request.patch(f"{running.gate.url}/api/devices/{CAMERA}", data={"owner": "Ada"})
    until(page, "window.renewed > 0")
    assert page.input_value("#record-form [name=location]") == "Lobby"
    assert page.evaluate("document.querySelector('#record-edit').open")
    page.click("#record-form button")
    page.wait_for_url("**#record")
    device = page.request.get(f"{running.gate.url}/api/devices/{CAMERA}").json()
    assert (device["location"], device["owner"]) == ("Lobby", "Ada"), "what was said meanwhile stands"


def test_without_a_script_all_of_it_works_the_same(running: Context, browser) -> None:
    page = browser.new_context(java_script_enabled=False).new_page()
    page.goto(running.gate.address(f"/devices/{CAMERA}"))
    page.click("#record-edit > summary")
    page.select_option("#record-form [name=kind]", "doorbell")
    page.fill("#record-form [name=why]", "I mounted it")
    page.click("#record-form button")
    assert "I mounted it" in page.inner_text("main")
    page.fill("#record-join [name=other]", "yard-camera")
    page.click("#record-join button")
    page.click("text=Undo")
    assert "parted again from" in page.inner_text("main")
    page.goto(f"{running.gate.url}/inventory")
    page.set_input_files(
        "input[type=file]", [{"name": "a.csv", "mimeType": "text/csv", "buffer": b"mac,name\nac:cc:8e:00:00:01,Yard\n"}]
    )
    page.click("text=Say first what would change")
    assert "Nothing is changed yet" in page.inner_text("main")
