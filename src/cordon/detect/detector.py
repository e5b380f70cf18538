"""The contract of a detector: declares itself, looks at shared features, yields findings."""

from collections.abc import Iterator
from typing import ClassVar

from cordon.detect.features import Features
from cordon.model.finding import Finding, Rows, Severity
from cordon.model.ids import derive
from cordon.parts import Part


class Detector(Part):
    """One behaviour, looked for on every step.

    A detector yields a finding for *every* step at whose end the behaviour is there; the stage keeps the first of
    an episode and arms again once the behaviour has paused for `span`. The docstring of a detector is its page in
    the manual, under "Why it matters", "False alarms" and "What to do".
    """

    family: ClassVar[str]
    """One of `FAMILIES`: the kind of attack it shows, or what stands or changed."""
    technique: ClassVar[str]
    """MITRE ATT&CK id."""
    severity: ClassVar[Severity]
    weight: ClassVar[int]
    """Tenths of trust that a finding costs."""
    compromise: ClassVar[bool] = False
    """A finding shows that the device is in somebody else's hands."""
    span: ClassVar[int]
    """How far back it looks, µs, and how long a pause ends an episode."""
    reads: ClassVar[tuple[str, ...]] = ()
    """Features (see `Features.brings`) without a new row of which there is nothing to look at; none: always look."""
    second: ClassVar[bool] = False
    """It wants to know what other detectors noticed, so it looks after them."""

    def look(self, seen: Features) -> Iterator[Finding]:
        """The behaviour, wherever it is there at the end of a step of `seen`."""
        raise NotImplementedError

    def finding(
        self,
        device: str,
        says: str,
        *,
        began: int,
        noticed: int,
        measured: tuple[tuple[str, int | str], ...] = (),
        peers: tuple[str, ...] = (),
        rows: Rows | None = None,
        about: str = "",
        severity: Severity | None = None,
        weight: int | None = None,
        compromise: bool | None = None,
        family: str | None = None,
    ) -> Finding:
        """A finding about `device`; `says` completes the sentence "‹device› …".

        `about` tells apart behaviours of one device that are episodes of their own (per peer, say). The id names
        the behaviour only; the stage makes it the finding's by adding the site and when it began.
        """
        return Finding(
            id=derive("episode", self.id, device, about),
            site="",
            device=device,
            detector=self.id,
            family=self.family if family is None else family,
            technique=self.technique,
            severity=self.severity if severity is None else severity,
            level=str(self.level),
            began=began,
            noticed=noticed,
            says=says,
            measured=measured,
            peers=tuple(sorted(peer for peer in set(peers) if peer and peer != device)),
            weight=self.weight if weight is None else weight,
            compromise=self.compromise if compromise is None else compromise,
            rows=rows,
        )
