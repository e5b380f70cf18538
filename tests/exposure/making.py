"""Made-up sites for the tests of exposure: tables by hand through the real schemas, and the stages before this one."""

from hashlib import blake2s
from pathlib import Path
from typing import Any

from cordon import detect, exposure
from cordon.model.exposure import Exposure
from cordon.model.tables import DAY, HOUR, MINUTE, STEP
from detect.traffic import KEY, START, Scenario, Site, facts_of

__all__ = ["DAY", "HOUR", "KEY", "KNOWLEDGE", "MINUTE", "START", "STEP", "Made", "run", "standing"]

KNOWLEDGE = exposure.Knowledge(KEY, detect.Knowledge(KEY).defaults)
CHECKS = exposure.chosen({"no-time": {"hours": 2}, "no-log": {"hours": 2}})


class Made(Site):
    """A site in the making, with words for what checks look at; `at` is µs after the start."""

    def __init__(self, **kinds: str) -> None:
        super().__init__({"router": {"kind": "router", "gateway": True}} | {n: {"kind": k} for n, k in kinds.items()})
        for name in self.described:
            self.number(name)

    def talk(self, at: int, src: str, dst: str, port: int, service: str = "", **more: Any) -> int:
        """One answered flow; gives its number."""
        self.flow(START + at, src, dst, port, service=service, **more)
        return self.flows

    def login(self, at: int, src: str, dst: str, service: str = "http", user: str = "admin", word: str = "x9!kq",
              port: int = 80, outcome: str = "success", clear: bool = True) -> None:  # fmt: skip
        self.talk(at, src, dst, port, service)
        secret = blake2s(f"{user}\0{word}".encode(), key=KEY, digest_size=16).hexdigest()
        self.add("logins", START + at, flow=self.flows, mac=self.end_mac(src), server_mac=self.end_mac(dst),
                 client=self.ip(src), server=self.ip(dst), port=port, service=service, user=user, outcome=outcome,
                 clear=clear, secret=secret if clear else "")  # fmt: skip

    def row(self, table: str, at: int, src: str, dst: str, port: int, service: str = "", **values: Any) -> None:
        """A talk, and a row of what was said in it."""
        flow = self.talk(at, src, dst, port, service, proto=values.pop("proto", 6), name=values.pop("called", ""))
        self.add(table, START + at, flow=flow, mac=self.end_mac(src), client=self.ip(src), server=self.ip(dst),
                 port=port, **values)  # fmt: skip

    def presents_as(self, at: int, device: str, field: str, value: str) -> None:
        self.add("sightings", START + at, mac=self.mac(device), ip=self.ip(device), field=field, value=value)


def run(
    site: Site,
    steps: int = 60,
    checks: tuple[exposure.Check, ...] = CHECKS,
    until: int = 0,
    knowledge: exposure.Knowledge = KNOWLEDGE,
) -> tuple[exposure.State, tuple[Exposure, ...]]:
    """The stage's state and all it told; with `until` (µs after the start) silence follows up to then."""
    seen, state, told = detect.State(), exposure.State(), []
    end = 0
    for given in facts_of(Scenario(Path(), "", {}, [], site), steps):
        seen, talked = detect.step(seen, given, knowledge=detect.Knowledge(KEY), detectors=())
        state, facts = exposure.step(state, talked, checks=checks, knowledge=knowledge)
        told += facts.exposures
        end = given.window.end
    while end < START + until:
        end = min(end + HOUR, START + until)
        state, facts = exposure.step(state, silent(end), checks=checks, knowledge=knowledge)
        told += facts.exposures
    return state, tuple(told)


def silent(end: int) -> Any:
    """An hour in which nobody spoke."""
    from cordon.model.facts import Facts  # noqa: PLC0415
    from cordon.model.window import Window  # noqa: PLC0415

    return Facts(Window("test", end - HOUR, end))


def standing(told: tuple[Exposure, ...]) -> dict[tuple[str, str], str]:
    """How each device stands by each check, as last told."""
    return {(one.check, one.device): one.standing.value for one in told}
