"""All that a state holds, as plain values by their kind: what an upgrade must not lose."""

from collections.abc import Mapping, Sequence
from typing import Any

from cordon.model.codec import encode
from cordon.store import DeviceQuery, FindingQuery, Store
from cordon.store.history import KEPT


def all_of(store: Store) -> dict[str, Any]:
    """Every fact of the record and every row of the history."""
    views = store.devices(DeviceQuery(limit=None)).items
    ids = [view.device.id for view in views]
    return {
        "device": [encode(view.device) for view in views],
        "presence": {view.device.id: encode(view.presence) for view in views if view.presence},
        "binding": [encode(one) for one in store.bindings()],
        "finding": [encode(one) for one in store.findings(FindingQuery(limit=None)).items],
        "exposure": [encode(one) for one in store.exposures(gone=True)],
        "acceptance": [encode(one) for one in store.acceptances()],
        "trust": [encode(one) for id_ in ids for one in store.trust_history(id_)],
        "decision": [encode(one) for one in store.decisions()],
        "change": [encode(one) for one in store.changes()],
        "incident": [encode(one) for one in store.incidents()],
        "profile": [encode(one) for id_ in ids if (one := store.profile(id_))],
        "rhythm": {id_: [encode(one) for one in store.rhythm(id_, 48) if one.flows] for id_ in ids},
        "source": [encode(one) for one in store.sources()],
        "totals": encode(store.totals()),
        "history": {name: store.history(name).collect().to_dicts() for name in KEPT},
    }


def lost(before: Any, after: Any, place: str = "") -> list[str]:
    """Where something that was there is no longer, or differs; what came in addition is no loss."""
    if isinstance(before, Mapping):
        if not isinstance(after, Mapping):
            return [place]
        return [gone for name, value in before.items() for gone in lost(value, after.get(name), f"{place}.{name}")]
    if isinstance(before, Sequence) and not isinstance(before, str):
        if not isinstance(after, Sequence) or len(after) < len(before):
            return [place]
        return [gone for at, value in enumerate(before) for gone in lost(value, after[at], f"{place}[{at}]")]
    return [] if before == after else [f"{place}: {before!r} became {after!r}"]
