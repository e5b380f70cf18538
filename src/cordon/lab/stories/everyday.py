"""What is not fine on the site although nobody attacks: old habits a careful owner would end."""

from cordon.lab.habits.service import ClearLogin, Transfer
from cordon.lab.lan import Lan
from cordon.lab.stories.story import Allowed


def allowed_findings(lan: Lan) -> list[Allowed]:
    """Passwords that cross the network in clear: at the device that sends and at the one that takes them."""
    found = []
    for station in lan.stations:
        for habit in station.unit.habits:
            if isinstance(habit, ClearLogin | Transfer):
                says = f"an administrator's password for {habit.target} crosses in clear"
                found += [
                    Allowed("clear-text-credential", device, says)
                    for device in (station, lan.named(habit.target))
                ]
    return found
