"""The list of devices, and the page of one."""

from typing import Annotated, Final

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse

from cordon import drafting
from cordon.leaving import PERSONAL, leaving, without_places
from cordon.model.decision import Profile
from cordon.model.device import Attribute, Device
from cordon.model.trust import Band
from cordon.server.console import exposed, words
from cordon.server.console.drawing import unusual_ends, unusual_links
from cordon.server.console.links import LIMIT, link, pages
from cordon.server.console.normal import usual_of
from cordon.server.console.peers import peers
from cordon.server.console.people import record_of
from cordon.server.console.render import as_of, context_of, page, sorry
from cordon.server.context import Context
from cordon.store import DEVICE_SORTS, AmbiguousError, DeviceQuery, DeviceView, FindingQuery, Page, Store

router = APIRouter()

ATTRIBUTES: Final = (
    ("kind", "Kind"),
    ("vendor", "Vendor"),
    ("model", "Model"),
    ("os", "System"),
    ("firmware", "Firmware"),
)
FALLING: Final = {"last_seen", "findings", "severity"}  # columns of which people want the largest first


@router.get("/devices", response_class=HTMLResponse)
def list_devices(
    request: Request,
    text: Annotated[str, Query(max_length=200)] = "",
    kind: str = "",
    vendor: str = "",
    band: str = "",
    segment: str = "",
    sort: str = "trust",
    descending: bool = False,
    offset: Annotated[int, Query(ge=0, le=1_000_000)] = 0,
    location: str = "",
    owner: str = "",
    zone: str = "",
    tag: str = "",
    known: str = "",
) -> HTMLResponse:
    """The devices asked for; an order that does not exist is the usual one."""
    asked = DeviceQuery(
        text=text,
        kind=kind,
        vendor=vendor,
        band=band,
        segment=segment,
        sort=sort if sort in DEVICE_SORTS else "trust",
        descending=descending,
        offset=offset,
        limit=LIMIT,
        location=location,
        owner=owner,
        zone=zone,
        tag=tag,
        known=known if known in {"seen", "import"} else "",
    )
    people = {"location": location, "owner": owner, "zone": zone, "tag": tag}
    question = {
        "text": text, "kind": kind, "vendor": vendor, "band": band, "segment": segment, **people, "known": asked.known,
        "sort": asked.sort, "descending": "true" if descending else "",
    }  # fmt: skip
    store = context_of(request).store
    found: Page[DeviceView] = store.devices(asked) if store else Page((), 0)

    def sort_link(column: str) -> str:
        again = column == asked.sort
        falling = not descending if again else column in FALLING
        return link("/devices", {**question, "sort": column, "descending": "true" if falling else ""})

    kept = context_of(request).kept
    totals = kept.get(store, "totals", store.totals) if store else None
    return page(
        request,
        "devices.html",
        "devices",
        sentence=_sentence(totals.devices if totals else 0, totals.bands if totals else {}),
        asked=asked,
        page=found,
        filtered=any((text, kind, vendor, band, segment, *people.values(), asked.known)),
        people=people,
        places=kept.get(store, "places", store.places) if store else {},
        kinds=kept.get(store, "kinds", store.kinds) if store else (),
        vendors=kept.get(store, "vendors", store.vendors) if store else (),
        segments=kept.get(store, "segments", store.segments) if store else (),
        bands=[value.value for value in Band],
        sort_link=sort_link,
        links=pages("/devices", question, found),
        limit=LIMIT,
        live="facts",
    )


def _sentence(devices: int, bands: object) -> str:
    if not devices:
        return "No device yet"
    lowered = (
        sum(bands.get(band.value, 0) for band in Band if band is not Band.NORMAL) if isinstance(bands, dict) else 0
    )
    return f"{words.plural(devices, 'device')}" + (
        f", {lowered} unlike {'itself' if lowered == 1 else 'themselves'}" if lowered else ""
    )


def find(request: Request, id: str) -> tuple[Store, DeviceView] | HTMLResponse:
    """The device of that id with its store, or the page that says it is not there."""
    store = context_of(request).store
    try:
        view = store.device(id) if store else None
    except AmbiguousError as error:
        return sorry(request, 404, "Which device?", str(error), "/devices", "Show all devices")
    if store is None or view is None:
        return sorry(
            request,
            404,
            "There is no such device",
            "It may have been merged with another.",
            "/devices",
            "Show all devices",
        )
    return store, view


@router.get("/devices/{id}", response_class=HTMLResponse)
def show_device(request: Request, id: str, personal: bool = False) -> HTMLResponse:
    """One device: who it is, normal and now, what it may reach."""
    found = find(request, id)
    if isinstance(found, HTMLResponse):
        return found
    store, view = found
    device = view.device
    incidents = store.incidents(device=device.id)
    kept = context_of(request).kept
    profile = store.profile(device.id) or _drafted(context_of(request), store, device)
    hides = device.kind.value in PERSONAL and not personal
    profile = without_places(profile) if profile and hides else profile
    unusual = unusual_ends(kept.get(store, "unusual", lambda: unusual_links(store)), device.id)
    ends = kept.get(store, f"peers {device.id}", lambda: peers(store, device.id, unusual))
    outside = sum(not end.device and not end.is_unusual for end in ends) if hides else 0
    ends = tuple(end for end in ends if end.device or end.is_unusual) if hides else ends
    places = () if hides else kept.get(store, f"leaving {device.id}", lambda: leaving(store, device.id))
    return page(
        request,
        "device.html",
        "devices",
        view=view,
        device=device,
        now=as_of(store),
        record=record_of(store, view),
        headline=words.headline(view, incidents, as_of(store)),
        meaning=words.BAND_MEANINGS[words.band_of(view)],
        incidents=incidents,
        attributes=[(label, field, getattr(device, field)) for field, label in ATTRIBUTES],
        usual=usual_of(store, device),
        profile=profile,
        profile_says=_profile_says(device, profile),
        peers=ends,
        outside=outside,
        places=places,
        names=names_of(store, profile, {end.device for end in ends}),
        exposures=store.exposures(device.id, gone=True),
        stands=lambda one: exposed.stands(one, as_of(store)),
        action_of=exposed.action_of,
        findings=store.findings(FindingQuery(device=device.id, sort="severity", limit=6)).items,
        live="facts",
    )


def _drafted(context: Context, store: Store, device: Device) -> Profile | None:
    profile = draft_of(context, store, device).profile
    return profile if profile.allowances or profile.left_out else None


def draft_of(context: Context, store: Store, device: Device) -> drafting.Draft:
    """The device's draft as the state stands."""
    return context.kept.get(store, f"draft {device.id}", lambda: drafting.draft(store, device))


def names_of(store: Store, profile: Profile | None, ids: set[str]) -> dict[str, str]:
    """The names of devices that a profile and a list speak of."""
    if profile is not None:
        ids = ids | {allowance.peer for allowance in (*profile.allowances, *profile.left_out)}
    return store.device_names(ids - {""})


def _profile_says(device: Device, profile: Profile | None) -> str:
    if profile is None:
        return ""
    learned = words.span(profile.learned_until - profile.learned_from) if profile.learned_until else ""
    over = f" Learned over {learned}." if learned else ""
    return f"From what it usually does, {device.name} needs {words.plural(len(profile.allowances), 'allowance')}.{over}"


@router.get("/devices/{id}/why", response_class=HTMLResponse)
def why_trust(request: Request, id: str) -> HTMLResponse:
    """The reasons that add up to a device's trust."""
    found = find(request, id)
    if isinstance(found, HTMLResponse):
        return found
    store, view = found
    if view.trust is None:
        return sorry(
            request,
            404,
            "It has no score yet",
            "It gets one when its first step is judged.",
            f"/devices/{id}",
            "Back to the device",
        )
    return page(
        request,
        "why_device.html",
        "devices",
        view=view,
        trust=view.trust,
        meaning=words.BAND_MEANINGS[words.band_of(view)],
        history=tuple(reversed(store.trust_history(view.device.id)[-40:])),
    )


@router.get("/devices/{id}/evidence/{field}", response_class=HTMLResponse)
def why_attribute(request: Request, id: str, field: str) -> HTMLResponse:
    """The evidence for one thing that is said of a device."""
    found = find(request, id)
    if isinstance(found, HTMLResponse):
        return found
    _, view = found
    label = dict(ATTRIBUTES).get(field)
    attribute = getattr(view.device, field, None) if label else None
    if not isinstance(attribute, Attribute):
        return sorry(
            request, 404, "Nothing is said of that", "Look at the device again.", f"/devices/{id}", "Back to the device"
        )
    says = words.kind_says if field == "kind" else str
    return page(
        request,
        "evidence.html",
        "devices",
        view=view,
        label=str(label).lower(),
        attribute=attribute,
        value=says(attribute.value) if attribute.value else "not known",
        others=[(says(one.value), one.confidence) for one in attribute.others if one.confidence >= 10],
        sure_long=f"{words.capital(words.sure(attribute.confidence))}: of such answers about"
        f" {attribute.confidence // 10} in 100 are right.",
    )
