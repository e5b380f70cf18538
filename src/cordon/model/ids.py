"""Ids that derive from evidence, so that the same input always yields the same ids."""

from hashlib import blake2s


def derive(kind: str, *parts: object) -> str:
    """An id like ``finding-3f9a…``: a kind and 12 hex digits of a hash over the parts, in their order."""
    digest = blake2s("\x1f".join(map(str, parts)).encode(), digest_size=6, person=b"cordonid")
    return f"{kind}-{digest.hexdigest()}"
