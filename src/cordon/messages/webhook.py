"""A signed call to a web server: JSON by POST, for chat rooms, ticket systems and programs of one's own.

The header ``Cordon-Signature: t=SECONDS,v1=HEX`` holds the HMAC-SHA256 (RFC 2104) of the time, a full stop and the
body, under the key that both sides know. Who checks it knows that the message is Cordon's, whole, and no old one again.
"""

import hashlib
import hmac
import ssl
import time
import urllib.error
import urllib.request
from http.client import HTTPException, HTTPMessage
from typing import IO, Final
from urllib.parse import urlsplit

from cordon.config import Notify
from cordon.messages.message import Message
from cordon.messages.troubles import Refused, Undelivered
from cordon.model.finding import Severity

PATIENCE: Final = 20.0
"""Seconds that the server may take."""
_PASSING: Final = frozenset({408, 425, 429})
"""Answers below 500 that mean: try again later."""


def signature(key: str, seconds: int, body: bytes) -> str:
    """The value of the header, for a body sent at a time."""
    signed = hmac.new(key.encode(), f"{seconds}.".encode() + body, hashlib.sha256).hexdigest()
    return f"t={seconds},v1={signed}"


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    """A message goes where its owner sent it, and nowhere else."""

    def redirect_request(
        self, req: urllib.request.Request, fp: IO[bytes], code: int, msg: str, headers: HTTPMessage, newurl: str
    ) -> None:
        """Never."""


class Webhook:
    """A web server that takes messages."""

    def __init__(self, settings: Notify, key: str) -> None:
        self.name = settings.name
        self.least = Severity[settings.least.upper()]
        self._url = settings.webhook
        self._key = key
        self._trust_file = settings.trust_file

    @property
    def label(self) -> str:
        """Where to; what stands after the host's name is often a secret."""
        return f"webhook at {urlsplit(self._url).hostname}"

    def send(self, message: Message) -> None:
        """Posts it; see `Channel.send`."""
        headers = {"Content-Type": "application/json", "User-Agent": "Cordon", "Cordon-Message": message.id}
        if self._key:
            headers["Cordon-Signature"] = signature(self._key, int(time.time()), message.body)
        request = urllib.request.Request(self._url, message.body, headers, method="POST")  # noqa: S310  # http or https: the settings see to it
        trusted = ssl.create_default_context(cafile=self._trust_file)
        opener = urllib.request.build_opener(_NoRedirects, urllib.request.HTTPSHandler(context=trusted))
        where = urlsplit(self._url).hostname
        try:
            with opener.open(request, timeout=PATIENCE) as answer:
                answer.read(1)
        except urllib.error.HTTPError as error:
            error.close()
            later = error.code >= 500 or error.code in _PASSING
            raise (Undelivered if later else Refused)(f"{where} answered {error.code} {error.reason}") from None
        except (OSError, HTTPException, ValueError) as error:
            reason = getattr(error, "reason", None) or getattr(error, "strerror", None) or error
            raise Undelivered(f"{where} cannot be reached ({reason})") from None
