"""The contract of a channel, and the channels of the settings."""

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from cordon.config import ConfigError, Notify
from cordon.messages.message import Message
from cordon.messages.smtp import Mail
from cordon.messages.troubles import Refused, Undelivered
from cordon.messages.webhook import Webhook
from cordon.model.finding import Severity

__all__ = ["Channel", "Refused", "Undelivered", "channels"]


class Channel(Protocol):
    """A way out."""

    name: str
    least: Severity
    """The least severe incident that is told."""

    @property
    def label(self) -> str:
        """Where it leads, for people; no secret is in it."""

    def send(self, message: Message) -> None:
        """Hands the message over; returns once somebody has taken it.

        Raises:
            Undelivered: nobody took it this time.
            Refused: nobody ever will, as it is.
        """


def channels(settings: Sequence[Notify]) -> tuple[Channel, ...]:
    """The channels of the settings, ready to send.

    Raises:
        ConfigError: two have one name, or a file with a secret cannot be read.
    """
    made: list[Channel] = []
    for one in settings:
        if any(other.name == one.name for other in made):
            raise ConfigError(f"Two [[notify]] are called {one.name}; give each a name of its own.")
        secret = _secret(one.secret_file) if one.secret_file is not None else ""
        made.append(Mail(one, secret) if one.smtp else Webhook(one, secret))
    return tuple(made)


def _secret(path: Path) -> str:
    try:
        return path.expanduser().read_text(encoding="utf-8").strip()
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or "it is no text"
        raise ConfigError(f"{path}, the secret_file of a [[notify]], cannot be read ({why}).") from None
