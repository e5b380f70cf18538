"""The service: what is written, that it is undone, and that the command of its unit works with no more rights."""

import ctypes
import os
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import sysconfig
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from packets_by_hand import PACKETS
from running import Cordon
from veth import PATIENCE, cable, ip, within

from cordon.cli.handover import fresh_address, running, status_of
from cordon.cli.service import SETTINGS, UNIT, command
from cordon.cli.unit import settings_file, unit
from cordon.config import Config, load
from cordon.store import Store

systemd = pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd is not installed")
FRAMES = [frame for _, frame in PACKETS]
PR_SET_MDWE, PR_MDWE_REFUSE_EXEC_GAIN = 65, 1  # prctl(2): what MemoryDenyWriteExecute= does, by the kernel itself


@pytest.fixture
def cordon(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Cordon:
    """The command line of a Cordon that is installed in /opt."""
    monkeypatch.setattr(sys, "executable", "/opt/cordon/bin/python")
    monkeypatch.setattr(sysconfig, "get_path", lambda _: "/opt/cordon/bin")
    return Cordon(tmp_path, capsys)


def test_installing_says_what_it_does_and_twice_changes_nothing(cordon: Cordon, tmp_path: Path) -> None:
    first = cordon("service", "install", "--interface", "eth0", "--site", "clinic", "--root", tmp_path)
    assert (first.status, first.err) == (0, "")
    assert f"will write {tmp_path / UNIT}" in first.out
    assert (load(file=tmp_path / SETTINGS).site, load(file=tmp_path / SETTINGS).watch[0].interface) == (
        "clinic",
        "eth0",
    )
    before = {path: path.read_bytes() for path in (tmp_path / UNIT, tmp_path / SETTINGS)}
    second = cordon("service", "install", "--root", tmp_path)
    assert (second.status, "will" in second.out) == (0, False)
    assert {path: path.read_bytes() for path in before} == before
    assert sorted(path for path in tmp_path.rglob("*") if path.is_file()) == sorted(before)


def test_a_dry_run_does_nothing(cordon: Cordon, tmp_path: Path) -> None:
    told = cordon("service", "install", "--interface", "eth0", "--root", tmp_path, "--dry-run")
    assert f"would write {tmp_path / SETTINGS}" in told.out
    assert list(tmp_path.iterdir()) == []


def test_uninstalling_takes_the_unit_and_leaves_what_is_the_owners(cordon: Cordon, tmp_path: Path) -> None:
    cordon("service", "install", "--interface", "eth0", "--root", tmp_path)
    (tmp_path / "var/lib/cordon").mkdir(parents=True)
    told = cordon("service", "uninstall", "--root", tmp_path)
    assert (told.status, (tmp_path / UNIT).exists(), (tmp_path / SETTINGS).exists()) == (0, False, True)
    assert f"{tmp_path / SETTINGS} and {tmp_path / 'var/lib/cordon'}" in told.out
    assert cordon("service", "uninstall", "--root", tmp_path).status == 0


@pytest.mark.parametrize(
    ("settings", "options", "says"),
    [
        ("", [], "Nothing to watch yet: name an interface with --interface"),
        ('[[watch]]\ninterface = "eth0"', ["--interface", "eth1"], "does not name eth1; add [[watch]]"),
        ('site = "a"', [], "names nothing to watch"),
        ("[[watch]]", [], "watch.0 does not fit: each [[watch]] names one thing"),
        ('[[watch]]\ninterface = "eth0"\nthreads = 99', [], "watch.0.threads is 99; it must be a whole number from 1"),
        ("[[watch]]\nport = 1", [], "watch.0.port is no setting; there are interface, netflow"),
    ],
)
def test_what_does_not_fit_is_told_in_a_sentence_and_nothing_is_written(
    cordon: Cordon, tmp_path: Path, settings: str, options: list[str], says: str
) -> None:
    if settings:
        (tmp_path / SETTINGS).parent.mkdir(parents=True)
        (tmp_path / SETTINGS).write_text(settings, encoding="utf-8")
    told = cordon("service", "install", "--root", tmp_path, *options)
    assert (told.status, told.err.count("\n")) == (2, 1)
    assert says in told.err
    assert not (tmp_path / UNIT).exists()


def test_an_interface_that_is_not_there_is_told_with_those_that_are(cordon: Cordon) -> None:
    told = cordon("service", "install", "--interface", "nowhere0", "--dry-run")
    assert told.status == 2 or Path("/", SETTINGS).exists()
    assert "lo" in told.err


def test_a_unit_of_others_is_left_alone(cordon: Cordon, tmp_path: Path) -> None:
    (tmp_path / UNIT).parent.mkdir(parents=True)
    (tmp_path / UNIT).write_text("[Service]\n", encoding="utf-8")
    for verb in (("install", "--interface", "eth0"), ("uninstall",)):
        told = cordon("service", *verb, "--root", tmp_path)
        assert (told.status, "was not written by Cordon" in told.err) == (2, True)
    assert (tmp_path / UNIT).read_text(encoding="utf-8") == "[Service]\n"


def test_a_cordon_where_the_service_may_not_look_is_told(
    cordon: Cordon, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "executable", "/home/ann/.venv/bin/python")
    told = cordon("service", "install", "--interface", "eth0", "--root", tmp_path)
    assert (told.status, "is below /home, which a service may not look into" in told.err) == (2, True)


def test_the_settings_written_are_those_that_were_asked_for(tmp_path: Path) -> None:
    asked = Config(site="a b", watch=({"interface": "eth0"}, {"netflow": "[::]:4739"}))  # type: ignore[arg-type]  # as read
    (tmp_path / "cordon.toml").write_text(settings_file(asked), encoding="utf-8")
    assert load(tmp_path) == asked.placed(tmp_path)


def test_only_with_flow_export_it_may_receive_from_other_machines() -> None:
    assert "IPAddressDeny=any" in unit(("cordon",), Config(watch=({"interface": "eth0"},)))  # type: ignore[arg-type]
    assert "IPAddressDeny" not in unit(("cordon",), Config(watch=({"netflow": "0.0.0.0:2055"},)))  # type: ignore[arg-type]


def test_words_of_the_command_reach_the_program_as_they_are() -> None:
    said = unit(("/opt/my cordon/100%/$x/cordon", "serve"), Config())
    assert 'ExecStart="/opt/my cordon/100%%/$$x/cordon" serve\n' in said


@systemd
@pytest.mark.parametrize("watch", [{"interface": "eth0"}, {"netflow": "0.0.0.0:2055"}])
def test_systemd_understands_the_unit_and_finds_it_well_confined(tmp_path: Path, watch: dict[str, str]) -> None:
    file = tmp_path / "cordon.service"
    file.write_text(unit(command(check=False), Config(watch=(watch,))), encoding="utf-8")  # type: ignore[arg-type]  # as read
    verified = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", file], capture_output=True, text=True, check=False
    )
    assert (verified.returncode, [line for line in verified.stderr.splitlines() if "cordon" in line]) == (0, [])
    asked = ["systemd-analyze", "security", "--offline=true", "--threshold=20", "--no-pager", file]
    looked = subprocess.run(asked, capture_output=True, text=True, check=False)
    assert looked.returncode == 0, looked.stdout[-300:]


class Manager:
    """A service manager's ear: gathers what the service says of itself."""

    def __init__(self, place: Path) -> None:
        self.place = place
        self.said: list[str] = []
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.bind(str(place))
        self._socket.settimeout(PATIENCE)

    def hears(self, line: str) -> None:
        """Waits until the service has said that."""
        while line not in self.said:
            self.said += self._socket.recv(4096).decode().splitlines()


@contextmanager
def started(folder: Path, namespace: str, manager: Manager, settings: str) -> Iterator["subprocess.Popen[str]"]:
    """The command of the unit, with the one capability that the unit grants and memory that is never both written and
    executed; only settings and state are of the test."""
    (folder / "cordon.toml").write_text(settings, encoding="utf-8")
    lines = [line.partition("=") for line in unit(command(check=False), Config()).splitlines()]
    words = shlex.split(next(value for name, _, value in lines if name == "ExecStart"))
    told = dict(value.split("=", 1) for name, _, value in lines if name == "Environment")
    words[words.index("--config") + 1] = str(folder / "cordon.toml")
    words[words.index("--state") + 1] = str(folder / "state")
    one = "-all,+net_raw"
    rights = ["setpriv", "--no-new-privs", "--securebits=+noroot,+noroot_locked", f"--bounding-set={one}",
              f"--inh-caps={one}", f"--ambient-caps={one}"]  # fmt: skip
    process = subprocess.Popen(
        ["ip", "netns", "exec", namespace, *rights, *words],
        env=os.environ | told | {"NOTIFY_SOCKET": str(manager.place)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=lambda: ctypes.CDLL(None).prctl(PR_SET_MDWE, PR_MDWE_REFUSE_EXEC_GAIN, 0, 0, 0),  # noqa: PLW1509
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


@pytest.mark.root
@pytest.mark.skipif(os.geteuid() != 0, reason="network namespaces take root")
@pytest.mark.skipif(not (shutil.which("ip") and shutil.which("setpriv")), reason="ip or setpriv is not installed")
def test_the_command_of_the_unit_watches_with_its_one_capability_and_ends_cleanly(tmp_path: Path) -> None:
    manager = Manager(tmp_path / "notify")
    with cable() as laid:
        ip("-n", laid.far, "link", "set", "lo", "up")
        settings = 'port = 0\n[[watch]]\ninterface = "far0"\n[[watch]]\ninterface = "lo"\nsegment = "self"\n'
        with started(tmp_path, laid.far, manager, settings) as process:
            manager.hears("READY=1")
            laid.send(FRAMES)
            manager.hears("WATCHDOG=1")
            server = running(tmp_path / "state")
            assert server is not None
            assert within(laid.far, lambda: status_of(server))["watches"] == "far0, lo"
            assert within(laid.far, lambda: fresh_address(server)).startswith(f"{server.url}/?token=")
            process.send_signal(signal.SIGTERM)
            out, err = process.communicate(timeout=PATIENCE)
    assert (process.returncode, err) == (0, "")
    manager.hears("STOPPING=1")
    assert any(
        line.startswith("STATUS=Watching far0, lo; the console is at http://127.0.0.1:") for line in manager.said
    )
    assert "token" not in out
    assert not (tmp_path / "state/server.json").exists()
    with Store.open(tmp_path / "state") as store:
        heard = {source.label: source for source in store.sources()}
        assert {label: source.segment for label, source in heard.items()} == {"far0": "lan", "lo": "self"}
        assert heard["far0"].packets >= len(FRAMES)
        assert store.totals().devices
