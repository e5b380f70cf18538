"""How the console says things: times, sizes, sureness, bands. One word for one thing."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Final

from cordon.model.decision import Allowance
from cordon.model.device import Attribute, Device
from cordon.model.finding import Severity
from cordon.model.incident import Incident
from cordon.model.kinds import KIND
from cordon.model.tables import DAY, HOUR, MINUTE, SECOND
from cordon.model.trust import Band
from cordon.store import DeviceView

BAND_NAMES: Final[Mapping[str, str]] = {
    Band.NORMAL: "Normal",
    Band.USUAL_ONLY: "Usual only",
    Band.ESSENTIALS_ONLY: "Essentials only",
    Band.CORDONED: "Cordoned",
}

BAND_MEANINGS: Final[Mapping[str, str]] = {
    Band.NORMAL: "It may reach what its network lets it reach.",
    Band.USUAL_ONLY: "It would be held to what it usually does.",
    Band.ESSENTIALS_ONLY: "It would be held to what its owner marked as essential.",
    Band.CORDONED: "It would be cut off from everything.",
}

SEVERITIES: Final = ("for information", "low", "medium", "high", "critical")

FIELDS: Final[Mapping[str, str]] = {"oui": "maker's part of the hardware address"}


def moment(time: int) -> datetime:
    """A time in µs as the clock on the wall showed it here."""
    return datetime.fromtimestamp(time / SECOND, UTC).astimezone()


def day(time: int) -> str:
    """``12 May 2016``."""
    when = moment(time)
    return f"{when.day} {when:%B %Y}"


def clock(time: int, now: int) -> str:
    """``10:42``; with its day when that is not the day of `now`: ``12 May, 10:42``, ``12 May 2016, 10:42``."""
    when, today = moment(time), moment(now)
    if when.date() == today.date() or not now:
        return f"{when:%H:%M}"
    year = "" if when.year == today.year else f" {when.year}"
    return f"{when.day} {when:%b}{year}, {when:%H:%M}"


def stamp(time: int) -> str:
    """``12 May 2016, 10:42``, whatever day it is."""
    return f"{day(time)}, {moment(time):%H:%M}"


def span(length: int) -> str:
    """``40 s``, ``3 min``, ``2 h 5 min``, ``4 days``."""
    if length < MINUTE:
        return f"{max(0, length) // SECOND} s"
    if length < HOUR:
        return f"{length // MINUTE} min"
    if length < 2 * DAY:
        minutes = length % HOUR // MINUTE
        return f"{length // HOUR} h" + (f" {minutes} min" if minutes else "")
    return f"{length // DAY} days"


def size(octets: int) -> str:
    """``812 B``, ``4.1 kB``, ``1.2 GB``."""
    value, unit = float(octets), "B"
    for unit in ("B", "kB", "MB", "GB", "TB"):  # the last one tried is used below
        if value < 1000 or unit == "TB":
            break
        value /= 1000
    return f"{int(value)} B" if unit == "B" else f"{value:.1f} {unit}" if value < 100 else f"{value:.0f} {unit}"


def count(number: int) -> str:
    """``12 345`` with thin spaces."""
    return f"{number:,}".replace(",", "\u202f")


def plural(number: int, one: str, many: str = "") -> str:
    """``1 device``, ``3 devices``."""
    return f"{count(number)} {one if number == 1 else many or one + 's'}"


def score(tenths: int) -> str:
    """``82`` or ``82.5``."""
    return f"{tenths // 10}" if tenths % 10 == 0 else f"{tenths / 10:.1f}"


def signed(tenths: int) -> str:
    """``+12`` or ``−3.5``."""
    return ("+" if tenths >= 0 else "−") + score(abs(tenths))


def sure(confidence: int) -> str:
    """How sure an answer is, in words."""
    if confidence >= 950:
        return "certain"
    if confidence >= 750:
        return "very likely"
    if confidence >= 500:
        return "probably"
    return "perhaps"


def kind_says(kind: str) -> str:
    """The kind in words."""
    return KIND[kind].says if kind in KIND else "unknown kind"


def capital(text: str) -> str:
    """The text with a capital first letter, the rest as it is."""
    return text[:1].upper() + text[1:]


def going_on(text: str) -> str:
    """The text as it stands after a name: its first letter small, unless its first word is an abbreviation."""
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]


def kind_sure(kind: Attribute) -> str:
    """``Camera``, ``Probably a camera``, ``Not known``."""
    if not kind.value:
        return "Not known"
    if kind.confidence >= 950:
        return capital(kind_says(kind.value))
    return f"{capital(sure(kind.confidence))} {with_article(kind_says(kind.value))}"


UNCOUNTED: Final = {"network storage", "medical imaging"}


def with_article(noun: str) -> str:
    """``a camera``, ``an IP telephone``."""
    if noun in UNCOUNTED:
        return noun
    spelled = noun[:3] in {"RTU", "HMI"}  # read letter by letter, beginning with a vowel's sound
    vowel = noun[:1].lower() in "aeio" or spelled
    return f"{'an' if vowel else 'a'} {noun}"


def severity_name(severity: int) -> str:
    """How bad, in words."""
    return SEVERITIES[Severity(severity)]


def band_of(view: DeviceView) -> str:
    """The band a device is in; one without a score is normal."""
    return view.trust.band.value if view.trust else Band.NORMAL.value


def is_hatched(view: DeviceView) -> bool:
    """Whether its outline is only what would be: so it is for every lowered band while Cordon watches only."""
    return band_of(view) != Band.NORMAL


def band_name(band: str) -> str:
    """The band's name."""
    return BAND_NAMES[band]


def band_says(band: str, hatched: bool) -> str:
    """The band as part of a sentence."""
    return f"would be {BAND_NAMES[band].lower()}" if hatched else BAND_NAMES[band].lower()


def tone_of(band: str) -> str:
    """The tone a band is shown in: none, unlike itself, confirmed."""
    return {"normal": "", "cordoned": "confirmed"}.get(band, "unlike")


def address_of(device: Device) -> str:
    """The address people know it by: IPv4 before IPv6 before hardware."""
    v4 = [ip for ip in device.ips if "." in ip]
    return next(iter((*v4, *device.ips, *device.macs)), "")


def presence_says(view: DeviceView, now: int) -> str:
    """Whether it is here, as of `now`: ``here now``, ``last heard 3 h ago``, ``known from an import, never seen``."""
    last = view.presence.last_seen if view.presence else 0
    if view.known == "import":
        return "never seen"
    if view.known == "gone":
        return "now part of another device"
    if not last:
        return "spoken to, but never heard"
    quiet, usual = now - last, view.device.silence
    if quiet < 10 * MINUTE:
        return "here now"
    heard = f"last heard {span(quiet)} before the newest event"
    if not usual:
        return heard
    return (
        f"silent as usual, {heard}" if quiet <= usual else f"missing, {heard}; it is usually back within {span(usual)}"
    )


def headline(view: DeviceView, incidents: tuple[Incident, ...], now: int) -> str:
    """The sentence over a device: what it is, and how it stands."""
    device = view.device
    if not device.kind.value:
        what = "A device Cordon does not know yet"
    else:
        what = kind_sure(device.kind)
        if device.kind.confidence >= 950:
            what = capital(with_article(kind_says(device.kind.value)))
    maker = " ".join(part for part in (device.vendor.value, device.model.value) if part)
    by = f"{'' if device.vendor.confidence >= 750 else ', perhaps'} by {maker}" if maker else ""
    return f"{what}{by}{_standing(view, incidents, now)}"


def _standing(view: DeviceView, incidents: tuple[Incident, ...], now: int) -> str:
    if view.known == "import":
        return "; known from an import, never seen"
    device = view.device.id
    since = min(
        (incident.began for incident in incidents if not incident.closed and device in incident.devices), default=0
    )
    band = band_of(view)
    if band == Band.CORDONED:
        return f"; since {clock(since, now)} in somebody else’s hands" if since else "; it would be cut off"
    if band != Band.NORMAL or since:
        return f"; since {clock(since, now)} unlike itself" if since else "; unlike itself"
    if view.trust and view.trust.getting_to_know:
        return "; Cordon is getting to know it"
    return "; as usual"


def allowance_says(allowance: Allowance, names: Mapping[str, str]) -> str:
    """An allowance as a sentence a person can read."""
    other = allowance.name or allowance.network or names.get(allowance.peer) or allowance.peer or "anything"
    service = allowance.service.upper() if allowance.service else ""
    at = f"{allowance.proto} {allowance.port}" if allowance.port else allowance.proto
    how = ", ".join(part for part in (service, at) if part) or "any service"
    return f"to {other}: {how}" if allowance.direction == "out" else f"from {other}: {how}"


def field_says(field: str) -> str:
    """Where a piece of evidence was seen, in words."""
    return FIELDS.get(field) or field.replace(".", " ")
