"""The detector of guessed passwords."""

from collections.abc import Iterator

import polars as pl

from cordon.detect.detector import Detector
from cordon.detect.features import Features
from cordon.model.finding import Finding, Rows, Severity
from cordon.model.tables import MINUTE, STEP
from cordon.parts import Level, Setting


class BruteForce(Detector):
    """A device tries one password after the other.

    Why it matters: it is how worms and intruders get in where the default password was changed.
    False alarms: a person who has forgotten a password; a device that repeats one wrong password does not count.
    What to do: look what else the device did; change the password if any try succeeded.
    """

    id = "brute-force"
    family = "brute-force"
    technique = "T1110"
    severity = Severity.MEDIUM
    level = Level.SOUND
    weight = 250
    span = 10 * MINUTE
    reads = ("tries",)
    failures = Setting(10, at_least=3, at_most=10_000, says="failed tries within ten minutes")
    passwords = Setting(8, at_least=2, at_most=10_000, says="different passwords among them")
    unseen = Setting(30, at_least=3, at_most=10_000, says="failed tries where passwords cannot be told apart")

    def look(self, seen: Features) -> Iterator[Finding]:
        by = ["client_device", "client", "guessed"]
        tries = seen.tries.with_columns(
            guessed=pl.when(pl.col("client_device") == "").then("server_device").otherwise(pl.lit(""))
        ).filter((pl.col("client_device") != "") | (pl.col("server_device") != ""))
        sums = seen.sums(tries, self.span, by, ["tries", "failures"])
        if sums.is_empty():
            return
        tries = tries.with_columns(guess=(pl.col("tag") != "") & (pl.col("successes") < pl.col("tries")))
        of = ["server", "tag"]
        tags = seen.distinct(tries, self.span, least=1, by=by, of=of, name="passwords", where="guess")
        joined = sums.join(tags, on=[*by, "step"], how="left").with_columns(pl.col("passwords").fill_null(0))
        many = (pl.col("failures") >= self["failures"]) & (pl.col("passwords") >= self["passwords"])
        unanswered = (pl.col("failures") == 0) & (pl.col("passwords") >= 2 * self["passwords"])
        blind = (pl.col("passwords") == 0) & (pl.col("failures") >= self["unseen"])
        for row in joined.filter(many | unanswered | blind).sort("step", *by).iter_rows(named=True):
            device = row["client_device"] or row["guessed"]
            count = max(row["failures"], row["passwords"])
            tried = f"tried to sign in to others {count} times" if row["client_device"] else (
                f"was tried with {count} passwords by {row['client']}")  # fmt: skip
            ends = {"mac": "mac", "ip": "client"} if row["client_device"] else {"mac": "server_mac", "ip": "server"}
            where = seen.selector("logins", device, row["step"], **ends, such=pl.col("client") == row["client"])
            yield self.finding(
                device,
                f"{tried} within 10 minutes, in vain",
                began=row["began"],
                noticed=row["step"] + STEP,
                measured=(("failures", row["failures"]), ("passwords", row["passwords"])),
                about=row["client"],
                rows=Rows(
                    "logins", row["began"], row["step"] + STEP, tuple({**dict(where), "client": row["client"]}.items())
                ),
            )
