"""What leaves a device for the Internet: ``leaving``."""

from typing import Annotated

import typer

from cordon.cli.asking import found
from cordon.cli.options import AsJson, State, reading_of
from cordon.cli.output import many, print_json, say, size, table, watching, when


def leaving(
    device: Annotated[str, typer.Argument(metavar="DEVICE", help="A name, address or id.")],
    *,
    state: State = None,
    as_json: AsJson = False,
    personal: Annotated[
        bool, typer.Option("--personal", help="Also of people's own telephones and watches, which are left out.")
    ] = False,
) -> None:
    """List what leaves a device for the Internet: to whom, where that is, and whether it is enciphered.

    Examples: cordon leaving tv · cordon leaving lobby-camera --json
    """
    from cordon.leaving import PERSONAL, leaving  # noqa: PLC0415
    from cordon.shapes import place_entry, plain  # noqa: PLC0415

    with reading_of(state) as store:
        of = found(store, device).device
        places = leaving(store, of.id)
    is_hidden = of.kind.value in PERSONAL and not personal
    if as_json:
        print_json(plain([] if is_hidden else [place_entry(one) for one in places]))
        return watching(as_json)
    if is_hidden:
        say(f"{of.name} is somebody's own: where it goes ({many(len(places), 'place')}) is shown with --personal.")
        return watching()
    if places:
        table(
            ("to", "who", "country", "how", "sent", "received", "last"),
            [
                (one.host, one.organisation + (f" ({one.tracker})" if one.tracker else ""), one.country,
                 one.enciphered or "not known", size(one.sent), size(one.received), when(one.last))
                for one in places
            ],
        )  # fmt: skip
        say()
    say(f"{many(len(places), 'place')} on the Internet." if places else "Nothing of it was seen to leave.")
    return watching()
