"""Asking one's own network: what is asked of whom, how fast, and that the answers say who somebody is."""

import ipaddress
import json
import os
import socket
import struct
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import jsonschema
import pytest
from veth import PATIENCE, ip, needs_namespaces, within

from cordon.sources import SourceError
from cordon.sources.discovery import Link, Plan, Round, questions
from cordon.sources.discovery.round import Pace, targets_of
from cordon.store import Store

SCHEMA = Path(__file__).parents[2] / "docs" / "reference" / "json" / "discover.json"
CAMERA, CONTROLLER = ("10.9.8.20", "00:40:8c:12:34:56"), ("10.9.8.30", "00:1b:1b:12:34:56")
"""Addresses; the prefixes are of Axis Communications and of Siemens."""


def test_arp_asks_everybody_for_one_address() -> None:
    frame = questions.arp(b"\x02" * 6, b"\x0a\x00\x00\x01", b"\x0a\x00\x00\x02")
    assert frame[:6] == b"\xff" * 6 and frame[12:14] == b"\x08\x06" and len(frame) == 42
    assert frame[20:22] == b"\0\x01", "a request"
    assert (frame[28:32], frame[38:42]) == (b"\x0a\x00\x00\x01", b"\x0a\x00\x00\x02")


def test_a_question_by_snmp_is_a_get_of_what_describes_the_system() -> None:
    message = questions.snmp("site word")
    assert message[0] == 0x30 and message[1] == len(message) - 2
    assert b"site word" in message and message.count(bytes([6, 8, 0x2B, 6, 1, 2, 1, 1])) == 3


def test_questions_keep_their_distance_whatever_came_before() -> None:
    pace = Pace(10)
    assert [round(pace.next(0.0), 3) for _ in range(4)] == [0.0, 0.1, 0.2, 0.3]
    assert pace.next(60.0) == 0.0 and round(pace.next(60.0), 3) == 0.1, "a pause is not made up for"


def test_identities_are_read_and_nothing_is_written() -> None:
    assert questions.modbus_identity()[7:9] == b"\x2b\x0e", "function 43/14"
    assert questions.enip_identity()[:2] == b"\x63\0" and len(questions.enip_identity()) == 24
    assert all(read[9] == 12 for read in questions.bacnet_reads()), "ReadProperty"


@pytest.mark.parametrize(("network", "count"), [("10.0.0.0/30", 2), ("10.0.0.4/32", 1), ("10.0.0.0/31", 2)])
def test_networks_are_swept_by_their_hosts(network: str, count: int) -> None:
    assert len(targets_of(ipaddress.IPv4Network(network))) == count


def test_too_large_a_network_is_refused() -> None:
    with pytest.raises(ValueError, match="65,536 addresses"):
        targets_of(ipaddress.IPv4Network("10.0.0.0/16"))


@dataclass(slots=True)
class Network:
    """A bridge with the asking end, a camera and a controller, each in a namespace of its own."""

    names: dict[str, str]
    connected: list[tuple[str, int]] = field(default_factory=list)  # whose port somebody connected to
    asked: list[tuple[str, int, bytes]] = field(default_factory=list)  # datagrams that came
    _open: list[socket.socket] = field(default_factory=list)

    def serve(self, who: str, port: int, answer: Callable[[socket.socket], None]) -> None:
        """Answers connections to a port of `who`."""

        def listen() -> socket.socket:
            made = socket.create_server((_address(who), port))
            threading.Thread(target=accept, args=(made,), daemon=True).start()
            return made

        def accept(made: socket.socket) -> None:
            with suppress(OSError):
                while True:
                    connection, _ = made.accept()
                    self.connected.append((who, port))
                    with connection, suppress(OSError):
                        answer(connection)

        self._open.append(within(self.names[who], listen))

    def hear(self, who: str, port: int, group: str, answer: Callable[[bytes], bytes]) -> None:
        """Answers datagrams to a port of `who`, and of a group if one is named."""

        def listen() -> socket.socket:
            made = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
            made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            made.bind(("", port))
            if group:
                member = socket.inet_aton(group) + socket.inet_aton(_address(who))
                made.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, member)
            threading.Thread(target=receive, args=(made,), daemon=True).start()
            return made

        def receive(made: socket.socket) -> None:
            with suppress(OSError):
                while True:
                    message, sender = made.recvfrom(4096)
                    if not message:  # it was shut down
                        return
                    self.asked.append((who, port, message))
                    if told := answer(message):
                        made.sendto(told, sender)

        self._open.append(within(self.names[who], listen))

    def close(self) -> None:
        """Ends all servers and takes the network down."""
        for made in self._open:
            with suppress(OSError):
                made.shutdown(socket.SHUT_RDWR)
            made.close()
        for name in self.names.values():
            subprocess.run(["ip", "netns", "del", name], check=False, capture_output=True)


def _address(who: str) -> str:
    return {"camera": CAMERA, "controller": CONTROLLER}[who][0]


@contextmanager
def network() -> Iterator[Network]:
    """The network, gone afterwards."""
    made = Network({who: f"cordon-{who}-{os.getpid()}" for who in ("asking", "camera", "controller")})
    try:
        for name in made.names.values():
            ip("netns", "add", name)
        hub = made.names["asking"]
        ip("-n", hub, "link", "add", "br0", "type", "bridge")
        within(hub, lambda: Path("/proc/sys/net/ipv6/conf/default/disable_ipv6").write_text("1", encoding="ascii"))
        for who, (address, mac) in {"camera": CAMERA, "controller": CONTROLLER}.items():
            there = made.names[who]
            ip("link", "add", who[:9], "netns", hub, "type", "veth", "peer", "name", "eth0", "netns", there)
            ip("-n", hub, "link", "set", who[:9], "master", "br0", "up")
            ip("-n", there, "link", "set", "eth0", "address", mac)
            ip("-n", there, "addr", "add", f"{address}/24", "dev", "eth0")
            ip("-n", there, "link", "set", "eth0", "up")
        ip("-n", hub, "addr", "add", "10.9.8.1/24", "dev", "br0")
        ip("-n", hub, "link", "set", "br0", "up")
        yield made
    finally:
        made.close()


def page(connection: socket.socket) -> None:
    """A web server's first page."""
    connection.recv(4096)
    connection.sendall(b"HTTP/1.1 200 OK\r\nServer: Boa/0.94.14rc21\r\nContent-Length: 2\r\n\r\nhi")


def description(connection: socket.socket) -> None:
    """A web server that has a UPnP description."""
    asked = connection.recv(4096)
    body = b""
    if b"/desc.xml" in asked:
        body = (
            b'<?xml version="1.0"?><root xmlns="urn:schemas-upnp-org:device-1-0"><device>'
            b"<deviceType>urn:schemas-upnp-org:device:Basic:1</deviceType><friendlyName>AXIS Lobby</friendlyName>"
            b"<manufacturer>AXIS</manufacturer><modelName>AXIS P3245-V</modelName>"
            b"<UDN>uuid:11111111-2222-3333-4444-00408c123456</UDN></device></root>"
        )
    head = f"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nContent-Length: {len(body)}\r\n\r\n"
    connection.sendall(head.encode() + body)


def announced(message: bytes) -> bytes:
    """A camera's answer to a search."""
    if not message.startswith(b"M-SEARCH"):
        return b""
    return (
        f"HTTP/1.1 200 OK\r\nCACHE-CONTROL: max-age=1800\r\nEXT:\r\nLOCATION: http://{CAMERA[0]}:8080/desc.xml\r\n"
        "SERVER: Linux UPnP/1.0 Axis/1\r\nST: upnp:rootdevice\r\n"
        "USN: uuid:11111111-2222-3333-4444-00408c123456::upnp:rootdevice\r\n\r\n"
    ).encode()


def identity(connection: socket.socket) -> None:
    """A controller's answer to Read Device Identification (Modbus)."""
    asked = connection.recv(260)
    objects = b"".join(bytes([at, len(text)]) + text for at, text in enumerate((b"Siemens", b"PAC3200", b"V2.1")))
    pdu = bytes([0x2B, 0x0E, 1, 1, 0, 0, 3]) + objects
    connection.sendall(asked[:4] + struct.pack("!HB", len(pdu) + 1, asked[6]) + pdu)


@pytest.fixture(scope="module")
def site() -> Iterator[Network]:
    with network() as made:
        made.serve("camera", 80, page)
        made.serve("camera", 8080, description)
        made.hear("camera", 1900, questions.SSDP[0], announced)
        for port in (80, 443, 502):
            made.serve("controller", port, identity if port == 502 else page)
        made.hear("controller", 47808, "", lambda _: b"")
        yield made


root = [*needs_namespaces]


def discover(site: Network, state: Path, *arguments: str) -> tuple[dict[str, object], str]:
    """What ``cordon discover`` prints, and what it says beside."""
    command = [sys.executable, "-m", "cordon", "discover", "--interface", "br0", "--range", "10.9.8.0/25", "--json"]
    run = within(
        site.names["asking"],
        lambda: subprocess.run(
            [*command, "--rate", "100", "--state", str(state), *arguments],
            capture_output=True,
            text=True,
            timeout=3 * PATIENCE,
            check=False,
        ),
    )
    assert run.returncode == 0, run.stderr
    printed: dict[str, object] = json.loads(run.stdout)
    return printed, run.stderr


@pytest.mark.usefixtures("site")
class TestARound:
    pytestmark = root

    def test_a_silent_camera_is_known_and_a_controller_left_alone(self, site: Network, tmp_path: Path) -> None:
        site.connected.clear()
        printed, _ = discover(site, tmp_path / "state")
        jsonschema.validate(printed, json.loads(SCHEMA.read_text(encoding="utf-8")))
        hosts = {host["ip"]: host["because"] for host in printed["hosts"]}  # type: ignore[index, attr-defined]
        assert hosts[CAMERA[0]] == "" and "--also" in hosts[CONTROLLER[0]]
        assert ("camera", 80) in site.connected
        assert [who for who, _ in site.connected if who == "controller"] == []
        with Store.open(tmp_path / "state") as store:
            camera = store.device(CAMERA[1])
            assert camera is not None and camera.device.vendor.value == "Axis Communications"
            assert "AXIS Lobby" in camera.device.names or "P3245" in camera.device.model.value
            fields = {piece.field for piece in camera.device.vendor.evidence}
        assert fields & {"upnp.maker", "upnp.model", "http.server", "ssdp.server"}, (
            "what it answered, not its prefix alone"
        )

    def test_a_sweep_by_cordon_itself_is_no_finding(self, site: Network, tmp_path: Path) -> None:
        discover(site, tmp_path / "state")
        with Store.open(tmp_path / "state") as store:
            asked = store.history("arp").filter(sender_ip="10.9.8.1", operation="request").collect()
            assert asked["target_ip"].n_unique() > 100, "what is a scan, from anybody else"
            assert store.findings().items == ()

    def test_a_controller_that_is_named_tells_its_identity(self, site: Network, tmp_path: Path) -> None:
        site.connected.clear()
        printed, _ = discover(site, tmp_path / "state", "--also", CONTROLLER[0])
        assert {host["because"] for host in printed["hosts"]} == {""}  # type: ignore[index, attr-defined]
        assert ("controller", 502) in site.connected
        assert any(who == "controller" and port == 47808 for who, port, _ in site.asked)
        with Store.open(tmp_path / "state") as store:
            answers = store.history("ot").filter(server=CONTROLLER[0], is_response=True).collect()
            view = store.device(CONTROLLER[1])
        assert "read device identification" in set(answers["operation"])
        assert view is not None and view.device.model.value == "PAC3200"


@pytest.mark.root
@pytest.mark.skipif(os.geteuid() != 0, reason="network namespaces take root")
class TestALink:
    def test_an_interface_that_is_not_there_is_named(self) -> None:
        with pytest.raises(SourceError, match="There is no interface nowhere0; there are:"):
            Link("nowhere0")

    def test_nobody_sends_a_round_elsewhere(self, site: Network) -> None:
        elsewhere = announced(b"M-SEARCH").replace(CAMERA[0].encode(), b"192.0.2.9")
        site.hear("controller", 1900, questions.SSDP[0], lambda _: elsewhere)
        link = within(site.names["asking"], lambda: Link("br0"))
        once = Round(link, Plan((), rate=100, settle=0), lambda _: "")
        within(site.names["asking"], once.run)
        link.close()
        assert once.outcome.asked["upnp"] == 0
