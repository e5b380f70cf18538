"""Messages of devices become logins, health and leases, from files and the network; whatever is broken is counted."""

import os
import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cordon.model.tables import HOUR, SECOND, STEP
from cordon.model.window import Window
from cordon.sources import SourceError, SyslogSource, open_source, place_of, recognise
from cordon.sources.syslog import listening
from cordon.sources.syslog.book import Pattern, parse_all, shipped
from cordon.sources.syslog.framing import MOST, Frames
from cordon.sources.syslog.rows import matched

NOON = int(datetime(2023, 11, 14, 12, tzinfo=UTC).timestamp()) * SECOND
FAILED = "sshd[7]: Failed password for root from 203.0.113.4 port 5 ssh2"


def messages(pattern: Pattern, texts: list[str]) -> pl.DataFrame:
    program = pattern.programs[0] if pattern.programs else ""
    return pl.DataFrame({"time": NOON, "host": "", "program": program, "text": texts})


@pytest.mark.parametrize("pattern", shipped(), ids=lambda one: one.place)
def test_a_pattern_tells_what_its_examples_say(pattern: Pattern) -> None:
    for example in pattern.examples:
        (row,) = matched(messages(pattern, [example["text"]]), shipped()).rows(named=True)
        expected = {name: value for name, value in example.items() if name != "text"}
        expected |= {name: str(value) for name, value in pattern.values.items() if name not in expected}
        told = {name: str(row[name]) for name in row if row[name] is not None and name not in _GIVEN}
        assert (row["table"], told) == (pattern.table, expected)
    assert matched(messages(pattern, list(pattern.nots)), [pattern]).is_empty()


_GIVEN = {"time", "host", "program", "text", "table"}


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (("table = ", "more = 1\ntable = "), "it says more than a pattern does"),
        (('"logins"', '"nix"'), "nix has no such columns"),
        (('service = "x"', "nix = 1"), "logins has no such columns"),
        (("[{ text = 'a' }]", "[]"), "it has no example"),
    ],
)
def test_a_broken_pattern_names_its_place(change: tuple[str, str], says: str) -> None:
    good = '[[pattern]]\nprogram = []\nmatch = \'a\'\ntable = "logins"\nset = { service = "x" }\n'
    good += "examples = [{ text = 'a' }]\n"
    assert len(parse_all([("a.toml", good)])) == 1
    with pytest.raises(ValueError, match=f"a.toml, pattern 1: {says}"):
        parse_all([("a.toml", good.replace(*change))])


def log(path: Path, *lines: str | bytes, written: int = NOON + HOUR) -> Path:
    path.write_bytes(b"\n".join(one if isinstance(one, bytes) else one.encode() for one in lines) + b"\n")
    os.utime(path, ns=(written * 1000, written * 1000))
    return path


def read(*paths: Path) -> tuple[dict[str, pl.DataFrame], dict[str, int]]:
    source = open_source(paths, site="site", window=HOUR, secret_key=bytes(32))
    windows = list(source)
    for one in windows:
        Window.checked("site", one.begin, one.end, one.tables)
    names = sorted({name for one in windows for name in one.tables})
    return {name: pl.concat([one.table(name) for one in windows]) for name in names}, source.damaged()


@pytest.mark.parametrize(
    ("line", "server"),
    [
        (f"Nov 14 12:00:07 192.168.1.9 {FAILED}", "192.168.1.9"),
        (f"Nov 14 12:00:07 attic {FAILED}", ""),
        (f"Nov 14 12:00:07 {FAILED}", ""),
        (f"<38>Nov 14 12:00:07 192.168.1.9 {FAILED}", "192.168.1.9"),
        (f"2023-11-14T12:00:07.000000+00:00 192.168.1.9 {FAILED}", "192.168.1.9"),
        (f"2023-11-14T14:00:07+02:00 192.168.1.9 {FAILED}", "192.168.1.9"),
        (f"Tue Nov 14 12:00:07 2023 auth.info {FAILED}", ""),
        (f'<38>1 2023-11-14T12:00:07Z 2001:db8::9 sshd 7 - [a@1 b="]\\]"][c d="e"] \ufeff{FAILED[9:]}', "2001:db8::9"),
        (f"<38>1 2023-11-14T12:00:07Z - /usr/sbin/sshd - - - {FAILED[9:]}", ""),
    ],
)  # fmt: skip
def test_every_form_of_a_line_is_read(tmp_path: Path, line: str, server: str) -> None:
    tables, damaged = read(log(tmp_path / "auth.log", line))
    (row,) = tables["logins"].rows(named=True)
    told = {"time": NOON + 7 * SECOND, "client": "203.0.113.4", "server": server, "service": "ssh", "user": "root",
            "outcome": "failure", "port": 22, "secret": "", "clear": False}  # fmt: skip
    assert row.items() >= told.items() and damaged == {}


def test_logs_of_brokers_radius_servers_and_switches_are_read(tmp_path: Path) -> None:
    lines = [
        f"{NOON // SECOND}: New client connected from 192.168.1.5:1234 as sensor (p2, c1, k60, u'plug').",
        f"{NOON // SECOND}: mosquitto version 2.0.18 running",
        "Tue Nov 14 12:00:00 2023 : Auth: (7) Login incorrect (wrong): [bob/hunter2] "
        "(from client ap port 1 cli AA-BB-CC-00-11-22)",
        "<189>Nov 14 12:00:01 10.0.0.2 86: *Mar  1 18:46:11: %SYS-5-RESTART: System restarted --",
        "<189>Nov 14 12:00:02 10.0.0.2 87: %LINK-3-UPDOWN: Interface GigabitEthernet0/1, changed state to down",
        "Nov 14 12:00:03 MikroTik system,error,critical login failure for user admin from 192.168.88.10 via ssh",
        "Nov 14 12:00:04 192.168.1.1 kernel: [    0.000000] Linux version 5.15.150 (builder@buildhost)",
        "Nov 14 12:00:05 192.168.1.1 hostapd: wlan0: AP-STA-CONNECTED aa:bb:cc:00:11:22 auth_alg=open",
    ]
    tables, damaged = read(log(tmp_path / "all.log", *lines))
    logins = tables["logins"].select("service", "user", "client", "mac", "outcome").rows()
    assert sorted(logins) == [
        ("mqtt", "plug", "192.168.1.5", "", "success"),
        ("radius", "bob", "", "aa:bb:cc:00:11:22", "failure"),
        ("ssh", "admin", "192.168.88.10", "", "failure"),
    ]
    health = tables["health"].select("event", "subject", "mac", "ip").rows()
    assert health == [
        ("reboot", "", "", "10.0.0.2"), ("link-down", "GigabitEthernet0/1", "", "10.0.0.2"),
        ("reboot", "", "", "192.168.1.1"), ("joined", "wlan0", "aa:bb:cc:00:11:22", ""),
    ]  # fmt: skip
    assert ("aa:bb:cc:00:11:22", "mac") in tables["sightings"].select("mac", "field").rows()
    assert "hunter2" not in str({name: rows.to_dicts() for name, rows in tables.items()}) and damaged == {}


def test_leases_name_devices_and_give_logins_their_mac(tmp_path: Path) -> None:
    lines = [
        "Nov 14 12:00:00 192.168.1.1 dnsmasq-dhcp[3]: 77 DHCPACK(br-lan) 192.168.1.20 aa:bb:cc:00:11:22 lamp",
        "Nov 14 12:00:30 192.168.1.1 dropbear[9]: Bad password attempt for 'root' from 192.168.1.20:40000",
    ]
    tables, _ = read(log(tmp_path / "messages", *lines))
    assert tables["logins"].select("mac", "client", "server").rows() == [
        ("aa:bb:cc:00:11:22", "192.168.1.20", "192.168.1.1")
    ]
    assert tables["dhcp"].select("mac", "ip", "message", "server").rows() == [
        ("aa:bb:cc:00:11:22", "192.168.1.20", "ack", "192.168.1.1")
    ]
    assert {("dhcp.hostname", "lamp"), ("ip", "dhcp")} <= set(tables["sightings"].select("field", "value").rows())


def test_a_line_without_a_year_is_of_the_last_such_day(tmp_path: Path) -> None:
    new_year = int(datetime(2024, 1, 2, tzinfo=UTC).timestamp()) * SECOND
    lines = [f"Dec 31 23:59:59 h {FAILED}", f"Jan  1 00:00:01 h {FAILED}", f"Feb 29 10:00:00 h {FAILED}"]
    tables, damaged = read(log(tmp_path / "a.log", *lines, written=new_year))
    years = [datetime.fromtimestamp(time // SECOND, UTC).year for time in tables["logins"]["time"]]
    assert sorted(years) == [2023, 2024]
    assert damaged == {"log: line without a header (first at a.log:3)": 1}  # 2023 had no such day


def test_what_is_broken_costs_itself(tmp_path: Path) -> None:
    good = f"Nov 14 12:00:07 h {FAILED}"
    lines = [
        good,
        good,
        good,
        "no header at all",
        good[:9],
        "x" * 100_000,
        b"Nov 14 12:00:08 h sshd[1]: \xff\xfe",
        "",
        good,
    ]
    tables, damaged = read(log(tmp_path / "a.log", *lines))
    assert tables["logins"].height == 4
    assert damaged["log: line without a header (first at a.log:4)"] == 3
    assert any(kind.startswith("not UTF-8") for kind in damaged)


def test_a_log_is_known_by_its_lines(tmp_path: Path) -> None:
    assert recognise([log(tmp_path / "messages", f"Nov 14 12:00:07 h {FAILED}")]).kind == "syslog"
    with pytest.raises(SourceError):
        recognise([log(tmp_path / "b.log", "some text", "more of it")])
    with pytest.raises(SourceError):
        recognise([log(tmp_path / "c.log", b"\0\1\2" * 50)])


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.text(max_size=80) | st.binary(max_size=40), max_size=4))
def test_any_lines_are_read_or_counted(tmp_path: Path, lines: list[str | bytes]) -> None:
    texts = [one.encode(errors="replace") if isinstance(one, str) else one for one in lines]
    good = f"Nov 14 12:00:07 h {FAILED}"
    path = log(tmp_path / "a.log", *[good] * (2 * len(texts) + 1 + sum(one.count(b"\r") for one in texts) * 2), *texts)
    if recognise([path]).kind == "syslog":
        assert read(path)[0]["logins"].height >= 1


def test_streams_are_cut_into_messages_by_lines_and_by_counts() -> None:
    def fed(*pieces: bytes) -> list[bytes]:
        frames = Frames()
        return [one for piece in pieces for one in frames.feed(piece)] + frames.end()

    assert fed(b"<1>a\n<1>b\r\n\n<1>c") == [b"<1>a", b"<1>b\r", b"<1>c"]
    assert fed(b"4 <1>a5 <1>bb", b"3 <1", b">") == [b"<1>a", b"<1>bb", b"<1>"]
    assert fed(b"1", b"0", b" <1>2", b"345678") == [b"<1>2345678"]
    assert fed(b"6 <1>a\nb<1>c\n") == [b"<1>a\nb", b"<1>c"]


def test_huge_and_half_messages_are_bounded() -> None:
    frames = Frames()
    (long,) = frames.feed(b"<1>" + b"x" * 3 * MOST)
    assert len(long) == MOST and frames.cut == 1
    assert frames.feed(b"y" * 5 * MOST) == [] and frames.feed(b"z\n<1>next\n") == [b"<1>next"]
    frames = Frames()
    (long,) = frames.feed(b"99999 " + b"x" * 50_000)
    assert len(long) == MOST and frames.feed(b"x" * 49_999 + b"3 <1>") == [b"<1>"]
    frames = Frames()
    assert frames.feed(b"99999 <1>ha") == [] and frames.end() == []


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=200), st.lists(st.integers(0, 200), max_size=5))
def test_it_does_not_matter_how_a_stream_is_cut(data: bytes, cuts: list[int]) -> None:
    whole, parts = Frames(), Frames()
    places = [0, *sorted(min(cut, len(data)) for cut in cuts), len(data)]
    found = [one for begin, end in pairwise(places) for one in parts.feed(data[begin:end])]
    assert whole.feed(data) + whole.end() == found + parts.end()


@pytest.mark.parametrize(
    ("text", "transports"),
    [
        ("0.0.0.0:514", ("udp", "tcp")), ("udp://[::]:514", ("udp",)), ("tls://logs.example:6514", ("tls",)),
        ("514", None), ("http://h:1", None), ("h:99999", None), ("", None),
    ],
)  # fmt: skip
def test_places_are_read_as_people_write_them(text: str, transports: tuple[str, ...] | None) -> None:
    place = place_of(text)
    assert (place.transports if place else None) == transports


class Clock:
    """A clock that tests turn on."""

    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> int:
        return self.now


@contextmanager
def received(told: str, clock: Clock, certificate: Path | None = None) -> Iterator[tuple[SyslogSource, list[Window]]]:
    """A source that listens on any free port of this machine, and the windows it makes."""
    place = place_of(told)
    assert place is not None
    source = SyslogSource(place, site="site", window=STEP, grace=0, clock=clock, certificate=certificate)
    windows: list[Window] = []
    thread = threading.Thread(target=lambda: windows.extend(source), daemon=True)
    thread.start()
    try:
        yield source, windows
    finally:
        source.stop()
        thread.join(20)
        assert not thread.is_alive()


def until(holds: Callable[[], object]) -> None:
    for _ in range(2000):
        if holds():
            return
        time.sleep(0.005)
    raise AssertionError("it did not come to pass")


def logins(windows: list[Window]) -> list[tuple[str, str]]:
    return [row for one in windows for row in one.table("logins").select("client", "server").rows()]


@pytest.mark.parametrize("transport", ["udp", "tcp"])
def test_messages_over_the_network_are_told_in_the_window_in_which_they_came(transport: str) -> None:
    clock = Clock()
    kind = socket.SOCK_DGRAM if transport == "udp" else socket.SOCK_STREAM
    with received("127.0.0.1:0", clock) as (source, windows), socket.socket(socket.AF_INET, kind) as sender:
        sender.connect(("127.0.0.1", source.port))
        for text in (f"<38>Nov 14 11:00:00 attic {FAILED}", f"<38>{FAILED}", f"<38>Jan  1 00:00:00 10.0.0.1 {FAILED}"):
            sender.sendall(text.encode() + (b"\n" if transport == "tcp" else b""))
        until(lambda: source.stats()["packets"] == 0 and source._listener.held.qsize() + len(source._pool) == 3)
        clock.now += STEP
        until(lambda: windows)
    (window,) = [one for one in windows if one.tables]
    assert (window.begin, window.end) == (NOON, NOON + STEP)
    assert sorted(logins(windows)) == [("203.0.113.4", "10.0.0.1"), *[("203.0.113.4", "127.0.0.1")] * 2]
    assert set(window.table("logins")["time"]) == {NOON}
    assert source.stats()["packets"] == 3 and source.damaged() == {}


def test_a_near_time_with_a_zone_counts_and_others_do_not() -> None:
    clock = Clock()
    with received("udp://127.0.0.1:0", clock) as (source, windows), socket.socket(type=socket.SOCK_DGRAM) as sender:
        clock.now = NOON + 7 * SECOND
        for stamp in ("2023-11-14T12:00:03Z", "2023-11-14T11:00:03Z", "nonsense"):
            message = f"<38>1 {stamp} - sshd - - - {FAILED.partition(': ')[2]}"
            sender.sendto(message.encode(), ("127.0.0.1", source.port))
        until(lambda: source._listener.held.qsize() + len(source._pool) == 3)
        clock.now = NOON + STEP
        until(lambda: windows)
    times = sorted(time - NOON for one in windows for time in one.table("logins")["time"])
    assert times == [3 * SECOND, 7 * SECOND, 7 * SECOND]


def test_messages_over_tls_are_read_and_others_break_off(tmp_path: Path) -> None:
    pem = tmp_path / "both.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
         "-subj", "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", str(tmp_path / "key"),
         "-out", str(tmp_path / "cert")],
        check=True, capture_output=True,
    )  # fmt: skip
    pem.write_bytes((tmp_path / "cert").read_bytes() + (tmp_path / "key").read_bytes())
    trust = ssl.create_default_context(cafile=tmp_path / "cert")
    clock = Clock()
    with received("tls://127.0.0.1:0", clock, pem) as (source, windows):
        with socket.create_connection(("127.0.0.1", source.port)) as plain:
            plain.sendall(b"<38>not TLS at all\n")
            until(lambda: source._listener.lost or source.damaged())
        with (
            socket.create_connection(("127.0.0.1", source.port)) as connection,
            trust.wrap_socket(connection, server_hostname="127.0.0.1") as stream,
        ):
            message = f"<38>{FAILED}".encode()
            stream.sendall(b"%d %s" % (len(message), message))
            until(lambda: source._listener.held.qsize() + len(source._pool) == 1)
    assert logins(windows) == [("203.0.113.4", "127.0.0.1")]
    assert source.damaged() == {"syslog: connections broken off": 1}
    with pytest.raises(SourceError, match="wants a certificate"):
        SyslogSource(place_of("tls://127.0.0.1:0"), site="s", window=STEP)  # type: ignore[arg-type]
    (tmp_path / "bad").write_text("nothing")
    for path, says in ((tmp_path / "bad", "must hold a certificate"), (tmp_path / "gone", "No such file")):
        with pytest.raises(SourceError, match=says):
            SyslogSource(place_of("tls://127.0.0.1:0"), site="s", window=STEP, certificate=path)  # type: ignore[arg-type]


def test_a_flood_is_bounded_and_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listening, "MOST_HELD", 50)
    monkeypatch.setattr(listening, "MOST_CONNECTIONS", 1)
    place = place_of("tcp://127.0.0.1:0")
    assert place is not None
    source = SyslogSource(place, site="site", window=STEP, clock=lambda: NOON)
    source._listener.start()
    with socket.create_connection(("127.0.0.1", source.port)) as one:
        one.sendall(f"<38>{FAILED}\n".encode() * 200)
        until(lambda: source._listener.lost.get("messages dropped, Cordon was too slow") == 150)
        with socket.create_connection(("127.0.0.1", source.port)):
            until(lambda: "connections refused, there are too many" in source._listener.lost)
    source.stop()
    source.close()


def test_an_address_that_cannot_be_had_is_told() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        place = place_of(f"127.0.0.1:{taken.getsockname()[1]}")
        assert place is not None
        with pytest.raises(SourceError, match="Nothing can listen on"):
            SyslogSource(place, site="site", window=STEP)
    away = place_of("nowhere.invalid:514")
    assert away is not None
    with pytest.raises(SourceError, match="is no address to listen on"):
        SyslogSource(away, site="site", window=STEP)


def test_windows_come_although_nothing_is_said() -> None:
    clock = Clock()
    with received("udp://127.0.0.1:0", clock) as (_, windows):
        clock.now += 3 * STEP
        until(lambda: len(windows) == 3)
    assert [one.begin - NOON for one in windows] == [0, STEP, 2 * STEP]
