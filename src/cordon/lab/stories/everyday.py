"""What is not fine on the site although nobody attacks: old habits a careful owner would end."""

from cordon.lab.habits.plant import Publish
from cordon.lab.habits.service import ClearLogin, Transfer
from cordon.lab.lan import Lan
from cordon.lab.station import Station
from cordon.lab.stories.story import Allowed


def allowed_findings(lan: Lan) -> list[Allowed]:
    """Passwords that cross the network in clear: at the device that sends and at the one that takes them."""
    found = []
    for station in lan.stations:
        for habit in station.unit.habits:
            if isinstance(habit, ClearLogin | Transfer):
                found += _both(lan, station, habit.target, "an administrator's password")
            if isinstance(habit, Publish) and habit.password:
                found += _both(lan, station, "broker", "a sensor's password")
    return found


def _both(lan: Lan, client: Station, target: str, whose: str) -> list[Allowed]:
    says = f"{whose} for {target} crosses in clear"
    return [Allowed("clear-text-credential", device, says) for device in (client, lan.named(target))]
