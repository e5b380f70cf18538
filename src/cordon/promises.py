"""What a person who lives with something has to say: who answers for it, why, and until when."""

import re
from datetime import UTC, datetime, timedelta
from typing import Final

from cordon.model.tables import DAY

MOST_TEXT: Final = 500
_DAYS: Final = re.compile(r"(\d{1,4}) ?d(?:ays?)?")


class AcceptError(ValueError):
    """A word of acceptance that cannot be kept; the message is for people."""


def said(what: str, text: str) -> str:
    """The text of who answers (`what` is owner) or why (reason), tidied.

    Raises:
        AcceptError: it is missing, too long, or no plain text.
    """
    text = " ".join(text.split())
    if not text:
        raise AcceptError(f"Say {'who answers for it' if what == 'owner' else 'why it is accepted'} (the {what}).")
    if len(text) > MOST_TEXT or not text.isprintable():
        raise AcceptError(f"The {what} must be plain text of at most {MOST_TEXT} characters.")
    return text


def until_of(text: str, now: int, longest: int, words: str) -> int:
    """The end of the day that is meant (2027-03-31, or 90d from now), µs; at most `longest` ahead, in `words`.

    Raises:
        AcceptError: it is no day, over, or too far ahead.
    """
    today = datetime.fromtimestamp(now // 1_000_000, UTC).date()
    if (match := _DAYS.fullmatch(text)) is not None:
        day = today + timedelta(days=int(match[1]))
    else:
        try:
            day = datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=UTC).date()
        except ValueError:
            raise AcceptError(f"Until {text!r} is no day; write it as 2027-03-31, or as 90d.") from None
    until = int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp()) * 1_000_000 + DAY
    if until <= now + DAY // 24 or until > now + longest:
        raise AcceptError(f"Until {text} is {'over' if until <= now else 'too far ahead'}; name a day within {words}.")
    return until
