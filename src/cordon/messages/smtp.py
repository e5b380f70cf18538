"""Mail, by SMTP (RFC 5321) with STARTTLS (RFC 3207) or TLS from the start (RFC 8314)."""

import smtplib
import ssl
from contextlib import ExitStack
from email.message import EmailMessage
from email.utils import formatdate
from typing import Final

from cordon.config import Notify
from cordon.messages.message import Message
from cordon.messages.troubles import Refused, Undelivered
from cordon.model.finding import Severity

PATIENCE: Final = 20.0
"""Seconds that one answer of the server may take."""
_PERMANENT: Final = range(500, 600)


class Mail:
    """A mail server that takes messages for some people."""

    def __init__(self, settings: Notify, password: str) -> None:
        self.name = settings.name
        self.least = Severity[settings.least.upper()]
        self._settings = settings
        self._password = password
        host, _, port = settings.smtp.rpartition(":")
        self._host, self._port = host.strip("[]"), int(port)

    @property
    def label(self) -> str:
        """To whom."""
        return f"mail to {', '.join(self._settings.to)} by {self._settings.smtp}"

    def send(self, message: Message) -> None:
        """Hands it to the server for all its readers; see `Channel.send`."""
        try:
            with self._connected() as server:
                refused = server.send_message(self._mail(message))
        except smtplib.SMTPRecipientsRefused as error:
            raise self._refused(error.recipients) from None
        except smtplib.SMTPResponseException as error:
            says = f"{self._settings.smtp} answered {error.smtp_code} {_text(error.smtp_error)}"
            raise (Refused if error.smtp_code in _PERMANENT else Undelivered)(says) from None
        except (OSError, smtplib.SMTPException, ValueError) as error:
            raise Undelivered(f"{self._settings.smtp} cannot be reached ({_why(error)})") from None
        if refused:  # some got it; to try again would tell those twice
            raise Refused(f"{self._settings.smtp} did not take it for {', '.join(sorted(refused))}")

    def _connected(self) -> smtplib.SMTP:
        trusted = ssl.create_default_context(cafile=self._settings.trust_file)
        server: smtplib.SMTP
        if self._settings.security == "tls":
            server = smtplib.SMTP_SSL(self._host, self._port, timeout=PATIENCE, context=trusted)
        else:
            server = smtplib.SMTP(self._host, self._port, timeout=PATIENCE)
        with ExitStack() as undo:
            undo.callback(server.close)
            if self._settings.security == "starttls":
                server.starttls(context=trusted)
            if self._settings.user:
                server.login(self._settings.user, self._password)
            undo.pop_all()
        return server

    def _mail(self, message: Message) -> EmailMessage:
        mail = EmailMessage()
        mail["From"] = self._settings.sender
        mail["To"] = ", ".join(self._settings.to)
        mail["Subject"] = message.subject
        mail["Date"] = formatdate()
        mail["Message-ID"] = f"<{message.id}.{self.name}@cordon.invalid>"  # the same when it comes a second time
        mail["Auto-Submitted"] = "auto-generated"  # RFC 3834: nobody's holiday answers
        mail.set_content(message.text)
        return mail

    def _refused(self, recipients: dict[str, tuple[int, bytes]]) -> Undelivered:
        says = "; ".join(f"{who}: {code} {_text(why)}" for who, (code, why) in sorted(recipients.items()))
        forever = all(code in _PERMANENT for code, _ in recipients.values())
        return (Refused if forever else Undelivered)(f"{self._settings.smtp} did not take it for {says}")


def _text(answer: bytes | str) -> str:
    return answer if isinstance(answer, str) else answer.decode("utf-8", "replace")


def _why(error: Exception) -> str:
    return getattr(error, "strerror", None) or str(error) or type(error).__name__
