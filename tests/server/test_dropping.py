"""A capture that is chosen or dropped in the browser is read, and its devices appear."""

import threading
from base64 import b64encode
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
import uvicorn
from test_browser import ARGUMENTS, CHROMIUM, until

from cordon.config import load
from cordon.lab.wire.frames import ip, mac, udp
from cordon.lab.wire.pcap import Capture
from cordon.server.access import Gate
from cordon.server.app import create
from cordon.server.console.render import STATIC
from cordon.server.context import Context
from cordon.server.live import Hub
from cordon.server.run import listening
from cordon.server.worker import Worker

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM.exists(), reason=f"{CHROMIUM} is not installed"),
    pytest.mark.skipif(not (STATIC / "vendor" / "htmx.min.js").exists(), reason="the web assets are not built"),
]

BEGIN = 1_700_000_000_000_000
DROP = """(name) => {
  const bytes = Uint8Array.from(atob(document.querySelector('main').dataset.dropped), (c) => c.charCodeAt(0));
  const dataTransfer = new DataTransfer();
  dataTransfer.items.add(new File([bytes], name));
  for (const kind of ['dragenter', 'dragover', 'drop'])
    document.body.dispatchEvent(new DragEvent(kind, { dataTransfer, bubbles: true, cancelable: true }));
}"""


def capture(*devices: int) -> bytes:
    """Each device asks a resolver, and is answered, every second for half a minute."""
    file = BytesIO()
    writing = Capture(file)
    resolver = mac("02:00:00:00:00:01")
    query = bytes.fromhex("000101000001000000000000") + b"\x07example\x03com\x00\x00\x01\x00\x01"
    answer = query[:2] + b"\x81\x80" + query[4:]
    for device in devices:
        own, address = mac(f"02:00:00:00:01:{device:02x}"), ip(f"192.168.7.{device}")
        for second in range(30):
            at = BEGIN + second * 1_000_000 + device * 1000
            there, back = resolver + own + b"\x08\x00", own + resolver + b"\x08\x00"
            pair, ports = (address, ip("192.168.7.1")), (40_000 + second, 53)
            writing.add(at, udp(there, pair[0] + pair[1], ports, query, ident=second, ttl=64))
            writing.add(at + 500, udp(back, pair[1] + pair[0], ports[::-1], answer, ident=second, ttl=64))
    writing.flush()
    return file.getvalue()


@pytest.fixture
def context(tmp_path: Path) -> Iterator[Context]:
    """A server that reads, on an empty state and a free port."""
    folder = tmp_path / "state"
    with listening(0) as listener:
        hub, config = Hub(), load(folder)
        worker = Worker(folder, config, hub)
        worker.start()
        context = Context(folder, config, Gate(listener.getsockname()[1]), hub, worker=worker, stopping=worker.stopping)
        server = uvicorn.Server(uvicorn.Config(create(context), log_level="error", timeout_graceful_shutdown=1))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        yield context
        hub.close()
        server.should_exit = True
        thread.join(10)
        worker.stop()
        context.forget()


def test_a_capture_comes_in_by_the_button_and_by_dropping(context: Context) -> None:
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    with playwright.sync_playwright() as started:
        browser = started.chromium.launch(executable_path=str(CHROMIUM), args=ARGUMENTS)
        page = browser.new_page()
        wrong: list[str] = []
        page.on("console", lambda m: wrong.append(m.text) if m.type in {"error", "warning"} else None)
        page.goto(context.gate.address())
        assert "Getting started" in page.inner_text("main")
        page.set_input_files("form[data-drop] input[type=file]", {
            "name": "chosen.pcap", "mimeType": "application/octet-stream", "buffer": capture(11, 12),
        })  # fmt: skip
        page.click("form[data-drop] button")
        until(page, "document.getElementById('notice').textContent.includes('chosen.pcap is read')")
        page.goto(context.gate.url + "/devices")
        assert "192.168.7.11" in page.inner_text("main") and "192.168.7.12" in page.inner_text("main")
        page.evaluate("(data) => { document.querySelector('main').dataset.dropped = data }",
                      b64encode(capture(21)).decode())  # fmt: skip
        page.evaluate(DROP, "dropped.pcap")
        until(page, "document.querySelector('main').textContent.includes('192.168.7.21')")
        assert wrong == []
        browser.close()
