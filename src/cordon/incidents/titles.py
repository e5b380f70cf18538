"""What an incident is called: one plain sentence, built from the families of its findings."""

from collections.abc import Collection, Sequence
from typing import Final

from cordon.model.kinds import KIND

DEEDS: Final[tuple[tuple[frozenset[str], str], ...]] = (
    (frozenset({"compromise", "takeover"}), "was taken over"),
    (frozenset({"spread", "lateral", "lateral-movement", "brute-force", "bruteforce"}), "attacked others"),
    (frozenset({"flood", "ddos", "dos"}), "took part in a flood"),
    (frozenset({"exfiltration", "volume"}), "sent unusually much out"),
    (frozenset({"spoofing", "spoof", "mitm"}), "posed as another device"),
    (frozenset({"command-and-control", "c2", "beacon", "beaconing"}), "reported to somebody outside"),
    (frozenset({"tunnel", "dns-tunnel", "dns"}), "hid data in name lookups"),
    (frozenset({"scan", "scanning", "discovery", "reconnaissance"}), "searched the network"),
    (frozenset({"credentials", "credential", "login", "logins", "password"}), "was reached with a weak password"),
    (frozenset({"destination", "novelty", "new-destination"}), "talked to somebody new"),
)
"""What the families of detectors mean in words, the worst first. A family that is not listed reads "behaved
unusually", so that a detector from elsewhere needs no entry here."""

TOLD: Final = 2
"""Deeds a title names."""


def title(kind: str, others: int, families: Collection[str], *, compromised: bool) -> str:
    """A sentence such as "A camera and 2 other devices were taken over and attacked others".

    Args:
        kind: of patient zero (a key of `KIND`, or "").
        others: how many other devices had findings.
        families: of all findings.
        compromised: a finding shows that a device is in somebody else's hands.
    """
    seen = {family.lower() for family in families} | ({"compromise"} if compromised else set())
    deeds = [says for names, says in DEEDS if names & seen][:TOLD] or ["behaved unusually"]
    return f"{_subject(kind, others)} {_joined(deeds, plural=others > 0)}"


def _subject(kind: str, others: int) -> str:
    known = KIND.get(kind)
    says = known.says if known else "device"
    # "UPS" and "IP" are spelled out, "RTU" and "HMI" begin with a vowel when spelled.
    spelled = says.split()[0].isupper()
    vowel = says[0] in ("AEFHILMNORSX" if spelled else "aeiou")
    subject = f"{'An' if vowel else 'A'} {says}"
    if others:
        subject += f" and {others} other {'device' if others == 1 else 'devices'}"
    return subject


def _joined(deeds: Sequence[str], *, plural: bool) -> str:
    says = " and ".join(deeds)
    return says.replace("was ", "were ") if plural else says
