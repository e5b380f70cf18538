"""``watch --netflow`` and ``--syslog``: flow export and messages of devices, until it is told to end."""

from pathlib import Path
from typing import TYPE_CHECKING, Final

from cordon.cli.asked import AskedError
from cordon.cli.listening import keep, tell_end

if TYPE_CHECKING:
    from cordon.config import Config

HIGHEST: Final = 65_535


def listen_for_exports(folder: Path, settings: "Config", place: str, as_json: bool) -> None:
    """Listens on ``HOST:PORT`` until Ctrl-C or SIGTERM; what was seen is kept.

    Raises:
        AskedError: that is no address.
        SourceError: the address cannot be listened on; the state is as it was.
        StateError: the state cannot be written.
    """
    from cordon.sources import FlowExportSource  # noqa: PLC0415
    from cordon.store import Store  # noqa: PLC0415

    host, _, port = place.rpartition(":")
    if not (host and port.isdigit() and int(port) <= HIGHEST):
        raise AskedError(f"{place} is no address; give host and port, such as 0.0.0.0:2055 or [::]:4739.")
    length = settings.window(live=True)
    source = FlowExportSource(host.strip("[]"), int(port), site=settings.site, window=length, segment=settings.segment)
    with source, Store.open(folder, write=True, what="cordon watch") as store:
        opening = f"{source.label}; Ctrl-C ends it, and what was seen is kept."
        account = keep(source, source.kind, store, settings, as_json, opening)
    tell_end(folder, account, as_json)


def listen_for_messages(folder: Path, settings: "Config", told: str, certificate: Path | None, as_json: bool) -> None:
    """Listens for syslog on ``[udp://|tcp://|tls://]HOST:PORT`` until Ctrl-C or SIGTERM; what was seen is kept.

    Raises:
        AskedError: that is no address.
        SourceError: it cannot be listened on; the state is as it was.
        StateError: the state cannot be written.
    """
    from cordon.sources import SyslogSource, place_of  # noqa: PLC0415
    from cordon.store import Store  # noqa: PLC0415

    place = place_of(told)
    if place is None:
        raise AskedError(f"{told} is no address; give host and port, such as 0.0.0.0:514 or tls://[::]:6514.")
    length = settings.window(live=True)
    source = SyslogSource(place, site=settings.site, window=length, segment=settings.segment, certificate=certificate)
    with source, Store.open(folder, write=True, what="cordon watch") as store:
        opening = f"Listening: {source.label}; Ctrl-C ends it, and what was seen is kept."
        account = keep(source, source.kind, store, settings, as_json, opening)
    tell_end(folder, account, as_json)
