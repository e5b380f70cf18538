"""What a row of logins comes to: the same for all checks of passwords."""

from typing import Any

from cordon.exposure.check import Check, Sign
from cordon.model.exposure import Reach
from cordon.model.finding import Rows
from cordon.model.tables import STEP


def signed_in(check: Check, row: dict[str, Any], says: str, *, proper: bool = False) -> Sign:
    """The sign of one attempt to sign in, about the user and service it was to."""
    about, step = f"{row['service']}:{row['port']}:{row['user']}", row["step"]
    if proper:
        return check.proper(row["server_device"], step, says, about=about)
    outside = row["outside"]
    where = (("segment", row["segment"]), ("server_mac", row["server_mac"]), ("server", row["server"]))
    return check.shown(
        row["server_device"],
        step,
        says + (f", also from the Internet ({row['client']})" if outside else ""),
        about=about,
        first=row["time"],
        reach=Reach.INTERNET if outside else Reach.NETWORK,
        measured=(("user", row["user"] or "(none)"), ("port", row["port"])),
        peers=(row["client_device"],),
        rows=Rows("logins", step, step + STEP, where),
    )
