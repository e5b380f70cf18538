"""Installs a wheel apart from the sources, with nothing that builds within reach, and tries it.

python scripts/try_wheel.py dist/cordon-…whl        1 when something is not as it should be
"""

import json
import os
import subprocess
import sys
import tempfile
import time
import tomllib
import urllib.request
import venv
import zipfile
from email.message import Message
from email.parser import BytesParser
from http.cookiejar import CookieJar
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parent.parent
SUFFIXES: Final = {
    "",
    ".py",
    ".pyi",
    ".so",
    ".toml",
    ".tsv",
    ".gz",
    ".html",
    ".css",
    ".js",
    ".svg",
    ".woff2",
    ".txt",
    ".json",
}
NEEDED: Final = (
    "_native.abi3.so",
    "static/vendor/htmx.min.js",
    "licences/htmx.txt",
    "versions/0001_record.py",
    "licenses/LICENSE",
)
LARGEST: Final = 8_000_000  # bytes; much more than it has, much less than what would slip in by accident
PATIENCE: Final = 120.0  # seconds


class Wrong(Exception):  # noqa: N818  # reads as what it is
    """The wheel is not as it should be."""


def expect(holds: bool, says: str) -> None:
    """Raises what is wrong, unless it holds."""
    if not holds:
        raise Wrong(says)


def look(wheel: Path) -> str:
    """Holds the wheel's contents and metadata against the project's; its version.

    Raises:
        Wrong: they differ.
    """
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
        told: Message = BytesParser().parsebytes(archive.read(next(n for n in names if n.endswith("/METADATA"))))
    strange = [n for n in names if Path(n).suffix not in SUFFIXES or "__pycache__" in n or Path(n).name.startswith(".")]
    expect(not strange, f"{wheel.name} holds {', '.join(strange[:3])}")
    missing = [needed for needed in NEEDED if not any(name.endswith(needed) for name in names)]
    expect(not missing, f"{wheel.name} lacks {', '.join(missing)}")
    expect(wheel.stat().st_size < LARGEST, f"{wheel.name} has {wheel.stat().st_size:,} bytes")
    expect("-abi3-" in wheel.name, f"{wheel.name} fits one Python only")
    said = (told["Name"], told["Version"], told["License-Expression"], told["Requires-Python"])
    expect(
        said == tuple(project[k] for k in ("name", "version", "license", "requires-python")), f"metadata says {said}"
    )
    readme = (ROOT / project["readme"]).read_text(encoding="utf-8")
    expect(str(told.get_payload()).split("\n")[0] == readme.split("\n")[0], "the README is not in it")
    return str(project["version"])


class Installed:
    """The wheel in a new environment, where no compiler and no Node is to be found."""

    def __init__(self, wheel: Path, folder: Path) -> None:
        venv.create(folder / "env", with_pip=True)
        self.folder = folder
        self.bin = folder / "env" / "bin"
        self.env = {"PATH": str(self.bin), "HOME": str(folder)} | {
            k: v for k, v in os.environ.items() if k.startswith("PIP_")
        }
        pip = (
            str(self.bin / "python"),
            "-m",
            "pip",
            "install",
            "--quiet",
            "--no-compile",
            "--disable-pip-version-check",
        )
        self.run(*pip, "--only-binary", ":all:", "--require-hashes", "-r", str(ROOT / "requirements.lock"))
        self.run(*pip, "--no-deps", "--no-index", str(wheel))
        self.run(str(self.bin / "python"), "-m", "pip", "check")

    def run(self, *words: str) -> str:
        """What a command prints.

        Raises:
            Wrong: it failed.
        """
        ended = subprocess.run(words, env=self.env, cwd=self.folder, capture_output=True, text=True, check=False)
        expect(ended.returncode == 0, f"{' '.join(words)}: {ended.stdout}{ended.stderr}")
        return ended.stdout

    def cordon(self, *words: str) -> str:
        """What ``cordon`` prints."""
        return self.run(str(self.bin / "cordon"), *words)


def try_reading(installed: Installed, version: str) -> None:
    """Reads a simulated capture."""
    expect(installed.cordon("--version") == f"cordon {version}\n", "cordon --version says something else")
    installed.cordon("lab", "office", "--devices", "60", "--days", "0.02", "--story", "quiet")
    read = json.loads(installed.cordon("read", "office/traffic.pcap", "--state", "state", "--json"))
    expect(read["devices"] >= 30, f"only {read['devices']} devices were found")


def try_console(installed: Installed) -> None:
    """Opens the console by its one-time address; the page and what it loads must come."""
    command = [str(installed.bin / "cordon"), "open", "--state", "state", "--port", "0"]
    with subprocess.Popen(
        command, env=installed.env, cwd=installed.folder, stdout=subprocess.PIPE, text=True
    ) as server:
        try:
            line = server.stdout.readline() if server.stdout else ""
            browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
            address = line.removeprefix("Cordon is at ").strip()
            expect(address.startswith("http://127.0.0.1:"), f"the console said {line!r}")
            page = browser.open(address, timeout=PATIENCE).read().decode()
            expect("What Cordon can see" in page, "Today does not say what Cordon can see")
            expect("are not built" not in page, "the page says that its assets are missing")
            base = address.split("/?")[0]
            font = browser.open(f"{base}/static/vendor/fonts/ibm-plex-sans-400.woff2", timeout=PATIENCE).read()
            expect(font.startswith(b"wOF2"), "the font does not come")
        finally:
            server.terminate()
        expect(server.wait(PATIENCE) == 0, f"it ended with status {server.returncode}")


def main(wheel: Path) -> int:
    """Tries all."""
    began = time.monotonic()
    try:
        version = look(wheel)
        with tempfile.TemporaryDirectory() as folder:
            installed = Installed(wheel.resolve(), Path(folder))
            try_reading(installed, version)
            try_console(installed)
    except Wrong as wrong:
        sys.stderr.write(f"{wrong}\n")
        return 1
    sys.stdout.write(f"{wheel.name}: installs, reads and serves on its own ({time.monotonic() - began:.0f} s)\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
