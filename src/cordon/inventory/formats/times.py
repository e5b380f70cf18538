"""Times of files, as ISO 8601 in UTC."""

from datetime import UTC, datetime


def of_seconds(seconds: object) -> str:
    """Of seconds since 1970; "" where it is no such number."""
    try:
        number = int(float(str(seconds)))
        return datetime.fromtimestamp(number, UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if number > 0 else ""
    except (ValueError, OverflowError, OSError):
        return ""


def of_text(text: str) -> str:
    """Of ``2024-05-06 07:08:09`` and ISO 8601, without a zone taken for UTC; "" where it is no such time."""
    plain = text.strip().replace("/", "-").replace("Z", "+00:00")
    try:
        found = datetime.fromisoformat(plain)
        found = found if found.tzinfo else found.replace(tzinfo=UTC)
        return found.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    except (ValueError, OverflowError):
        return ""
