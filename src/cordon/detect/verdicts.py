"""What people said of findings, at work: what is fine is marked, what is not is unlearned and told again."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

import polars as pl

from cordon.detect.baseline import fold
from cordon.detect.baseline.memory import LIKES
from cordon.detect.detector import Detector
from cordon.detect.features import Features, novelty
from cordon.detect.state import State
from cordon.model.device import DeviceEvent
from cordon.model.finding import Finding
from cordon.model.verdict import Scope, Verdict, concerned, standing

REJECTED = {"device": pl.String, "about": pl.String}


def taken(state: State, words: Iterable[Verdict], time: int) -> State:
    """The state once people have said that, at `time` (µs). What is not fine is as if it had never been met."""
    words = tuple(words)
    if not words:
        return state
    state = replace(state, verdicts=standing((*state.verdicts, *words), time))
    return unlearned(state)


def unlearned(state: State) -> State:
    """Without what is not fine among what is known and learned."""
    rejected = rejected_of(state)
    if rejected.is_empty():
        return state
    keys = pl.concat([rejected.select("device", pl.format(sign + "{}", "about").alias("key")) for sign in "=#?@"])
    return replace(
        state,
        known=state.known.join(keys, on=["device", "key"], how="anti"),
        baselines=fold.without(state.baselines, rejected),
    )


def rejected_of(state: State) -> pl.DataFrame:
    """What is not fine for which device: places, addresses and their networks, peers, services."""
    found: set[tuple[str, str]] = set()
    kinds: list[tuple[str, str]] | None = None
    for word in state.verdicts:
        if word.fine or not word.about:
            continue
        if kinds is None:
            kinds = list(_kinds(state.likes))
        whose = (
            [word.whose]
            if word.scope is Scope.DEVICE
            else [device for device, kind in kinds if word.scope is Scope.SITE or kind == word.whose]
        )
        found |= {(device, one) for device in whose for one in with_networks([word.about])}
    return pl.DataFrame(sorted(found), schema=REJECTED, orient="row")


def _kinds(likes: pl.DataFrame) -> Iterable[tuple[str, str]]:
    latest = likes.select(*LIKES).group_by("device", maintain_order=True).last()
    return latest.select("device", "kind").iter_rows()


def marked(looked: Iterable[tuple[Detector, Finding]], seen: Features) -> Iterator[tuple[Detector, Finding]]:
    """What was found, with what a person lives with marked."""
    fine = [word for word in seen.state.verdicts if word.fine]
    for detector, one in looked:
        yield detector, _marked(one, fine, seen.device(one.device, one.noticed).kind) if fine else one


def _marked(finding: Finding, fine: list[Verdict], kind: str) -> Finding:
    covering = next((word.id for word in fine if word.covers(finding, kind)), "")
    return replace(finding, accepted=covering) if covering else finding


def named(finding: Finding) -> tuple[str, ...]:
    """What a finding speaks of, with the networks of addresses."""
    return tuple(sorted(with_networks(concerned(finding))))


def with_networks(several: Iterable[str]) -> set[str]:
    """All of them, and the network of each that is an address."""
    several = set(several)
    addresses = {one for one in several if one.replace(".", "").isdigit() or one.count(":") > 1}
    return several | {novelty.network(one) for one in addresses}


def moved(verdicts: tuple[Verdict, ...], join: DeviceEvent) -> tuple[Verdict, ...]:
    """What was said of a device holds for the one of which it is a part from now on."""
    return tuple(
        replace(word, whose=join.device) if word.scope is Scope.DEVICE and word.whose == join.other else word
        for word in verdicts
    )
