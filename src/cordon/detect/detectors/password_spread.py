"""The detector of passwords tried at one device after the other."""

from collections.abc import Iterator

import polars as pl

from cordon.detect.detector import Detector
from cordon.detect.features import Features
from cordon.model.finding import Finding, Rows, Severity
from cordon.model.tables import MINUTE, STEP
from cordon.parts import Level, Setting


class PasswordSpread(Detector):
    """A device tries to sign in to the shells of several others.

    Why it matters: worms try the same few passwords everywhere; where one is right, the next device is theirs.
    False alarms: a tool that keeps many devices in order and has an old password; those that let it in do not count.
    What to do: cordon the device off, then look which of the others let it in.
    """

    id = "password-spread"
    family = "spread"
    technique = "T1110.003"
    severity = Severity.HIGH
    level = Level.SOUND
    weight = 400
    span = 10 * MINUTE
    reads = ("tries",)
    hosts = Setting(3, at_least=2, at_most=10_000, says="different hosts that did not let it in, within ten minutes")

    def look(self, seen: Features) -> Iterator[Finding]:
        shells = pl.col("service").is_in(["telnet", "ssh", "ftp"]) & (pl.col("client_device") != "")
        if seen.new_tries.filter(shells).is_empty():
            return
        vain = seen.tries.filter(shells & (pl.col("successes") == 0))
        by = ["client_device"]
        many = seen.distinct(vain, self.span, least=self["hosts"], by=by, of=["server"], name="hosts")
        if many.is_empty():
            return
        sums = seen.sums(vain, self.span, by, ["tries"])
        for row in many.join(sums, on=[*by, "step"]).sort("step", *by).iter_rows(named=True):
            device = row["client_device"]
            mine = vain.filter((pl.col("client_device") == device) & (pl.col("step") == row["step"]))
            where = seen.selector("logins", device, row["step"], ip="client")
            yield self.finding(
                device,
                f"tried passwords at {row['hosts']} hosts within 10 minutes",
                began=row["began"],
                noticed=row["step"] + STEP,
                measured=(("hosts", row["hosts"]), ("tries", row["tries"])),
                peers=tuple(mine["server_device"].unique().sort().to_list()),
                rows=Rows("logins", row["began"], row["step"] + STEP, where),
            )
