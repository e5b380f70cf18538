"""What tells files apart, by which a second reading is noticed."""

from hashlib import blake2s
from pathlib import Path


def fingerprint(file: Path) -> str:
    """What tells a file from others, from its size, beginning and end: two equal ones were hardly ever two captures."""
    size = file.stat().st_size
    digest = blake2s(str(size).encode(), digest_size=8)
    with file.open("rb") as opened:
        digest.update(opened.read(1 << 16))
        opened.seek(max(0, size - (1 << 16)))
        digest.update(opened.read(1 << 16))
    return digest.hexdigest()
