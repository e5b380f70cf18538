"""Steps that change this machine: each says what it will do, whether it is done already, and does it."""

import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from cordon.cli.asked import AskedError


class Step(Protocol):
    """One change of the machine."""

    @property
    def says(self) -> str:
        """What it will do, as a verb first."""

    def is_done(self) -> bool:
        """Whether there is nothing left to do."""

    def do(self) -> None:
        """Does it.

        Raises:
            AskedError: it cannot be done; the message says what, where, and what to do.
        """


@dataclass(frozen=True, slots=True)
class Write:
    """A file with this text, readable to all; it appears whole or not at all."""

    path: Path
    text: str

    @property
    def says(self) -> str:
        """What it will do."""
        return f"{'replace' if self.path.exists() else 'write'} {self.path}"

    def is_done(self) -> bool:
        """Whether it stands there as it should."""
        return text_of(self.path) == self.text

    def do(self) -> None:
        """Writes it."""
        fresh = self.path.with_name(self.path.name + ".new")
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            fresh.write_text(self.text, encoding="utf-8")
            fresh.chmod(0o644)
            fresh.replace(self.path)
        except OSError as error:
            raise AskedError(f"{self.path} cannot be written ({error.strerror}); run it again with sudo.") from None


@dataclass(frozen=True, slots=True)
class Delete:
    """No such file."""

    path: Path

    @property
    def says(self) -> str:
        """What it will do."""
        return f"delete {self.path}"

    def is_done(self) -> bool:
        """Whether it is gone."""
        return not self.path.exists()

    def do(self) -> None:
        """Deletes it."""
        try:
            self.path.unlink(missing_ok=True)
        except OSError as error:
            raise AskedError(f"{self.path} cannot be deleted ({error.strerror}); run it again with sudo.") from None


@dataclass(frozen=True, slots=True)
class Run:
    """A program to run; each time, for what it does twice does no harm."""

    command: tuple[str, ...]

    @property
    def says(self) -> str:
        """What it will do."""
        return f"run {' '.join(self.command)}"

    def is_done(self) -> bool:
        """Never known."""
        return False

    def do(self) -> None:
        """Runs it."""
        try:
            ended = subprocess.run(self.command, capture_output=True, text=True, check=False)  # noqa: S603  # fixed words
        except OSError as error:
            raise AskedError(f"{self.command[0]} cannot be run ({error.strerror}); is systemd installed?") from None
        if ended.returncode:
            said = (ended.stderr or ended.stdout).strip().splitlines()
            raise AskedError(
                f"{' '.join(self.command)} failed ({said[-1] if said else f'status {ended.returncode}'}); "
                "put that right and run it again: what was done stays done."
            )


def text_of(path: Path) -> str | None:
    """What a file holds; None where there is none.

    Raises:
        AskedError: it is there but cannot be read.
    """
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError) as error:
        raise AskedError(f"{path} cannot be read ({error}); look at it, and run this again with sudo.") from None
