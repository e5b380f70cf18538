"""Joins the stages, in order: the only file that knows them all.

Each stage takes its state and the facts so far and hands back both. A stage that fails on a window is left out
for that window: the failure is logged, counted and shown, its state stays as it was, and the rest goes on.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import structlog

from cordon import actions, detect, devices, exposure, incidents, policy, trust
from cordon.config import Config, ConfigError
from cordon.model import snapshot
from cordon.model.edit import Edit
from cordon.model.exposure import Acceptance, Word
from cordon.model.facts import Facts
from cordon.model.finding import Finding
from cordon.model.regrid import Regrid
from cordon.model.tables import DAY
from cordon.model.verdict import Verdict
from cordon.model.window import Window

log = structlog.get_logger()

_EPOCH = date(1970, 1, 1).toordinal()

Step = Callable[[Any, Facts], tuple[Any, Facts]]


@dataclass(frozen=True, slots=True)
class Stage:
    """A stage as the pipeline sees it: its name, the type of its state, and its step."""

    name: str
    state: type[Any]
    step: Step


@dataclass(slots=True)
class Health:
    """What went wrong in which stage: how often, and the last reason."""

    failures: Counter[str] = field(default_factory=Counter)
    reasons: dict[str, str] = field(default_factory=dict)

    @contextmanager
    def guard(self, part: str, begin: int) -> Iterator[None]:
        """Whatever fails within is logged and counted as that part's, and goes no further."""
        try:
            yield
        except Exception as error:  # the one broad except: a failing part must not stop the rest
            self.failures[part] += 1
            self.reasons[part] = f"{type(error).__name__}: {error}"
            log.error("part failed", part=part, begin=begin, exc_info=error)


def stages(config: Config, secret_key: bytes, health: Health, feeds: Path | None = None) -> tuple[Stage, ...]:
    """The flow, in order; `feeds` is the folder of what is known to be bad.

    Raises:
        ConfigError: a setting of a part is unknown or out of its range.
    """
    knowledge = detect.Knowledge(secret_key=secret_key, scanners=[one.lower() for one in config.scanners], feeds=feeds)
    try:
        detectors = detect.chosen(config.detectors)
        checks = exposure.chosen(config.checks)
        book = expected_of(config)
        settings = trust.TrustSettings(**{"know_hours": config.getting_to_know_hours, **config.trust})
    except ValueError as error:
        raise ConfigError(f"A setting does not fit: {error}.") from None
    detectors += _own(config.rules.folder, health)
    look, check = partial(_look, health=health), partial(_check, health=health)
    expected = exposure.Knowledge(secret_key, knowledge.defaults, book)
    return (
        Stage("devices", devices.State, devices.step),
        Stage("detect", detect.State, partial(detect.step, detectors=detectors, knowledge=knowledge, look=look)),
        Stage("exposure", exposure.State, partial(exposure.step, checks=checks, knowledge=expected, look=check)),
        Stage("trust", trust.State, partial(trust.step, settings=settings)),
        Stage("policy", policy.State, policy.step),
        Stage("actions", actions.State, actions.step),
        Stage("incidents", incidents.State, incidents.step),
    )


def _own(folder: Path | None, health: Health) -> tuple[detect.Detector, ...]:
    """The owner's rules as detectors; what is wrong with a file is told, and the rest holds."""
    read = detect.load_rules(folder)
    for mistake in read.mistakes:
        log.warning("rule left out", reason=mistake)
    if read.mistakes:
        health.failures["rules"] += len(read.mistakes)
        health.reasons["rules"] = read.mistakes[0]
    return detect.detectors_of(read.rules)


def expected_of(config: Config) -> exposure.Book:
    """What is expected of each kind: as it is shipped, and as the settings change it.

    Raises:
        ValueError: the settings name a kind that there is not.
    """
    said = {kind: one.model_dump(exclude_none=True) for kind, one in config.expected.items()}
    ends = (
        exposure.Exemption(one.device, one.what, (one.until.toordinal() - _EPOCH + 1) * DAY, one.owner, one.reason)
        for one in config.excepted
    )
    return exposure.book_of(said, ends)


def _look(detector: detect.Detector, seen: detect.Features, *, health: Health) -> list[Finding]:
    """What a detector finds; nothing, and a line in `health`, where it fails."""
    with health.guard(detector.id, seen.begin):
        return list(detector.look(seen))
    return []


def _check(check: exposure.Check, seen: exposure.Sight, *, health: Health) -> list[exposure.Sign]:
    """What a check sees; nothing, and a line in `health`, where it fails."""
    with health.guard(check.id, seen.window.begin):
        return list(check.look(seen))
    return []


class Pipeline:
    """The stages of one site with their states, fed window by window.

    Args:
        site: the site whose traffic this is.
        config: the settings.
        secret_key: the key under which the source hashed the secrets it saw.
        folder: where the states were saved; None or a missing folder starts anew.
        feeds: the folder of the feeds of threat intelligence.

    Raises:
        ValueError: what is in `folder` is no such state; the message names the place.
    """

    def __init__(
        self, site: str, config: Config, secret_key: bytes, folder: Path | None = None, feeds: Path | None = None
    ) -> None:
        self.health = Health()
        self._site = site
        self._stages = stages(config, secret_key, self.health, feeds)
        self._regrid = Regrid(site)
        self._states = {
            stage.name: stage.state() if folder is None else snapshot.load(stage.state, folder / stage.name)
            for stage in self._stages
        }

        self._introduce()

    def _introduce(self) -> None:
        """A state from before there was a stage of exposure: it is told who is who."""
        knows, new = self._states["detect"], self._states["exposure"]
        if not new.clock:
            self._states["exposure"] = replace(new, bindings=knows.bindings, devices=knows.devices)

    def advance(self, window: Window) -> Iterator[Facts]:
        """The facts of all steps that are complete with this window; a short window may complete none."""
        for whole in self._regrid.feed(window):
            yield self._step(whole)

    def finish(self) -> Iterator[Facts]:
        """The facts of what is held back, when the input has ended."""
        for whole in self._regrid.flush():
            yield self._step(whole)

    def tell(self, words: Sequence[Word]) -> Iterator[Facts]:
        """The facts that follow from what people say: of a window without length, at the time that was reached.

        Nothing follows before anything was read: there are no devices then.
        """
        reached = self._states["devices"].clock
        if words and reached:  # what was said is kept already
            yield replace(
                self._step(Window(self._site, reached, reached), words), edits=(), acceptances=(), verdicts=()
            )

    def save(self, folder: Path) -> None:
        """Saves all states; each stage's is replaced in one rename."""
        for stage in self._stages:
            snapshot.save(self._states[stage.name], folder / stage.name)

    def _step(self, window: Window, words: Sequence[Word] = ()) -> Facts:
        edits = tuple(word for word in words if isinstance(word, Edit))
        facts = Facts(
            window,
            edits=edits,
            acceptances=tuple(word for word in words if isinstance(word, Acceptance)),
            verdicts=tuple(word for word in words if isinstance(word, Verdict)),
        )
        for stage in self._stages:
            with self.health.guard(stage.name, window.begin):
                self._states[stage.name], facts = stage.step(self._states[stage.name], facts)
        return facts
