"""What an incident is called: one plain sentence, built from the families of its findings."""

from collections.abc import Collection
from typing import Final

from cordon.model.kinds import KIND

COMPROMISE: Final = "compromise"
"""Stands beside the families where a finding shows that a device is in somebody else's hands."""

DEEDS: Final[tuple[tuple[frozenset[str], str], ...]] = (
    (frozenset({COMPROMISE}), "was taken over"),
    (frozenset({"spread"}), "attacked others"),
    (frozenset({"ot"}), "meddled with controllers"),
    (frozenset({"flood"}), "took part in a flood"),
    (frozenset({"exploit"}), "had a part in an attack on a weakness"),
    (frozenset({"exfiltration"}), "sent data to a stranger"),
    (frozenset({"tunnel"}), "hid data in other traffic"),
    (frozenset({"command-and-control"}), "reported to somebody outside"),
    (frozenset({"download"}), "fetched a program from a stranger"),
    (frozenset({"man-in-the-middle"}), "posed as another device"),
    (frozenset({"abuse"}), "worked for somebody else"),
    (frozenset({"scan"}), "searched the network"),
    (frozenset({"brute-force"}), "had a part in doubtful sign-ins"),
    (frozenset({"exposure"}), "has a weakness"),
    (frozenset({"change"}), "did something new"),
)
"""What the families of detectors mean in words, the worst first. A family that is not listed reads "behaved
unusually", so that a detector from elsewhere needs no entry here."""

TOLD: Final = 2
"""Deeds a title names."""


def title(kind: str, others: int, families: Collection[str]) -> str:
    """A sentence such as "A camera was taken over and attacked others; 2 other devices are involved".

    Args:
        kind: of patient zero (a key of `KIND`, or "").
        others: how many other devices had findings.
        families: of patient zero's findings, and `COMPROMISE`.
    """
    deeds = [says for names, says in DEEDS if not names.isdisjoint(families)][:TOLD] or ["behaved unusually"]
    says = f"{_subject(kind)} {' and '.join(deeds)}"
    if others:
        says += f"; {others} other {'device is' if others == 1 else 'devices are'} involved"
    return says


def _subject(kind: str) -> str:
    known = KIND.get(kind)
    says = known.says if known else "device"
    # What stands in capitals is spelled out, and "RTU" and "HMI" then begin with a vowel.
    vowels = "AEFHILMNORSX" if says.split()[0].isupper() else "aeiou"
    return f"{'An' if says[0] in vowels else 'A'} {says}"
