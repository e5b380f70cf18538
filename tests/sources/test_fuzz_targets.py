"""Everything that reads bytes of others is fuzzed by itself."""

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
PROTOCOLS = ROOT / "rust" / "packets" / "src" / "protocols"
FUZZ = ROOT / "rust" / "fuzz"
LAYERS = {"link", "arp", "ip", "transport", "tunnel", "neighbours", "fragments"}
FORMATS = {"pcap", "pcapng", "gz", "zst"}
WHOLE = {"engine", "frames", "connection", "datagrams"}


def parsers() -> set[str]:
    """The modules of protocols that have a `parse`; of one in a folder the folder's name counts for its `mod.rs`."""
    files = [path for path in PROTOCOLS.rglob("*.rs") if re.search(r"^pub fn parse\b", path.read_text(), re.MULTILINE)]
    return {path.parent.name if path.stem == "mod" else path.stem for path in files}


def test_every_parser_layer_and_format_has_a_fuzz_target() -> None:
    targets = {path.stem for path in (FUZZ / "fuzz_targets").glob("*.rs")}
    missing = (parsers() - {"head"} | LAYERS | FORMATS | WHOLE) - targets  # heads are parsed as http, rtsp, sip, ssdp
    assert not missing, f"write rust/fuzz/fuzz_targets/<name>.rs for {sorted(missing)} (CONTRIBUTING.md says how)"
    assert parsers() >= {"dns", "tls", "mqtt"}


def test_cargo_knows_every_fuzz_target() -> None:
    command = [sys.executable, str(ROOT / "scripts" / "fuzz_targets.py"), "--check"]
    said = subprocess.run(command, capture_output=True, text=True, check=False)
    assert said.returncode == 0, said.stderr
