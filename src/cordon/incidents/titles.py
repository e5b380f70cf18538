"""What an incident is called: one plain sentence, built from the families of its findings."""

from collections.abc import Collection
from typing import Final

from cordon.model.kinds import KIND

COMPROMISE: Final = "compromise"
"""Stands beside the families where a finding shows that a device is in somebody else's hands."""

DEEDS: Final[tuple[tuple[frozenset[str], str], ...]] = (
    (frozenset({COMPROMISE}), "was taken over"),
    (frozenset({"spread", "lateral"}), "attacked others"),
    (frozenset({"flood"}), "took part in a flood"),
    (frozenset({"exfiltration"}), "sent data to a stranger"),
    (frozenset({"command"}), "reported to somebody outside"),
    (frozenset({"spoofing"}), "posed as another device"),
    (frozenset({"scan"}), "searched the network"),
    (frozenset({"credentials"}), "had a part in doubtful sign-ins"),
    (frozenset({"exposure"}), "was reached from the Internet"),
    (frozenset({"volume"}), "sent unusually much"),
    (frozenset({"novelty"}), "did something new"),
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
