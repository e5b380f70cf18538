"""Features: what all detectors share, computed once for the steps being judged.

Each is a function of (device, step) over the rows of these steps and the bounded past in the state, so it comes
out the same however many steps come at once.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from functools import cached_property

import polars as pl

from cordon.detect.baseline.kin import common
from cordon.detect.baseline.memory import ENOUGH
from cordon.detect.data.kinds import GENERAL
from cordon.detect.features import claims, habits, links, logins, novelty, periodicity, questions, trailing
from cordon.detect.features.known import Known, settled_of, usual_of, versions_of
from cordon.detect.features.mates import mates_of
from cordon.detect.features.novelty import CONTACTS
from cordon.detect.features.parties import parties
from cordon.detect.knowledge import Knowledge
from cordon.detect.state import Sign, State
from cordon.model import sides
from cordon.model.baseline import What
from cordon.model.device import DeviceEvent
from cordon.model.memo import nothing
from cordon.model.tables import HOUR, MINUTE, STEP
from cordon.model.window import Window

MANY = 30
"""Places that a device knows which does one thing only: those of its maker, and where that has its servers."""


class Features:
    """What detectors look at: the steps ``begin <= step < end`` of one hour, and what trails them.

    Args:
        state: with bindings, devices and names of these steps folded in, the rest as it was before them.
        window: the rows of these steps.
        talks: theirs, with names.
        events: what became of devices in these steps.
    """

    def __init__(
        self,
        state: State,
        window: Window,
        talks: pl.DataFrame,
        knowledge: Knowledge,
        events: tuple[DeviceEvent, ...] = (),
    ) -> None:
        self.state, self.window, self.talks, self.events = state, window, talks, events
        self.begin, self.end = window.begin, window.end
        self.threats, self.tallies = knowledge.threats, state.tallies
        self.new_links = links.links_of(talks)
        self.links = links.recent(state.links, self.new_links, self.begin)
        self.contacts = novelty.contacts_of(talks)
        self.services = novelty.services_of(talks)
        asked = periodicity.asked_of(self.lookups)
        self.habits = habits.habits_of(self.operations, self.offers, self.contacts, asked, self.advertisements)
        self.known = novelty.learn(state.known, self.contacts, self.services, self.habits)
        self.new_tries = logins.tries_of(state, window.table("logins"), knowledge.defaults)
        self.tries = links.recent(state.tries, self.new_tries, self.begin)
        self.new_questions = questions.questions_of(self.lookups)
        self.questions = links.recent(state.questions, self.new_questions, self.begin)
        arp = claims.speakers(state, window.table("arp"))
        self.new_claims, self.new_asked = claims.claims_of(arp), claims.asked_of(arp)
        self.claims = links.recent(state.claims, self.new_claims, self.begin)
        self.asked = links.recent(state.asked, self.new_asked, self.begin, 10 * MINUTE)
        late = periodicity.asked_late(asked, self.known, settled_of(state.usual))
        beats = periodicity.beats_of(pl.concat([self._met_late.select(*CONTACTS), self._met_early]), state.known)
        self.new_beats = pl.concat([beats, late]) if len(late) else beats
        self.beats = pl.concat([state.beats, self.new_beats]) if len(self.new_beats) else state.beats
        self.signs: tuple[Sign, ...] = state.signs
        self._firsts: dict[tuple[str, str], int] = {}  # asked for again and again within a window
        self._places: dict[str, list[int]] = {}
        self._mates: dict[str, frozenset[str]] = {}

    def brings(self, inputs: Sequence[str]) -> bool:
        """Whether any of these features has a row of this window: ``links``, ``first_contacts``, ``early_contacts``,
        ``services``, ``tries``, ``questions``, ``claims``, ``asked``, ``beats``, ``events``, ``requests``,
        ``operations``, ``files``, ``offers``, ``advertisements``."""
        news = (f"new_{name}" if hasattr(self, f"new_{name}") else name for name in inputs)
        return any(len(getattr(self, name)) for name in news)

    def now(self, rows: pl.DataFrame) -> pl.DataFrame:
        """The rows whose step is being judged."""
        first, last = rows["step"].min(), rows["step"].max()
        if not isinstance(first, int) or not isinstance(last, int) or (self.begin <= first and last < self.end):
            return rows
        return rows.filter((pl.col("step") >= self.begin) & (pl.col("step") < self.end))

    def fan_out(
        self,
        rows: pl.DataFrame,
        span: int,
        *,
        least: int,
        by: Sequence[str] = ("device",),
        of: Sequence[str] = ("peer",),
    ) -> pl.DataFrame:
        """How many different `of` (hosts, ports) each `by` reached out to within `span`, where it was `least` or more.

        Returns:
            `by`, step, reached (how many different), answered (of these), began; steps being judged only.
        """
        mine = self.busy(rows, by, of, least)
        if mine.is_empty():
            types = {name: mine.schema[name] for name in (*by, "step")}
            return pl.DataFrame(schema=types | dict.fromkeys(("reached", "answered", "began"), pl.Int64))
        joined = self.now(trailing.trailing_distinct(mine, by, of, span=span, name="reached", least=least))
        if not joined.is_empty():
            mine = mine.join(joined.select(by).unique(), on=list(by), how="semi")
            heard = trailing.trailing_sums(mine, by, [], span)
            spoken = trailing.trailing_distinct(mine, by, of, span=span, name="answered", where="answered")
            for more in (spoken, heard):
                joined = joined.join(more, on=[*by, "step"], how="left")
            return joined.sort("step", *by)
        return joined.with_columns(answered=pl.lit(0, pl.Int64), began=pl.lit(0, pl.Int64))

    def distinct(
        self,
        rows: pl.DataFrame,
        span: int,
        *,
        least: int,
        by: Sequence[str],
        of: Sequence[str],
        name: str,
        where: str = "",
    ) -> pl.DataFrame:
        """How many different `of` each `by` had within `span` (where a column holds), where it was `least` or more."""
        mine = self.busy(rows, by, of, least)
        if mine.is_empty():
            return pl.DataFrame(schema={one: mine.schema[one] for one in (*by, "step")} | {name: pl.Int64})
        counts = trailing.trailing_distinct(mine, by, of, span=span, name=name, where=where, least=least)
        return self.now(counts).sort("step", *by)

    def sums(
        self, rows: pl.DataFrame, span: int, by: Sequence[str], sums: Sequence[str], such: pl.Expr | None = None
    ) -> pl.DataFrame:
        """Sums of columns within `span` for each `by` at the steps being judged, where `such` holds, and `began`."""
        mine = self.busy(rows, by, by, 1)
        if mine.is_empty():
            return pl.DataFrame(schema={one: mine.schema[one] for one in (*by, "step", *sums)} | {"began": pl.Int64})
        return self.now(trailing.trailing_sums(mine, by, sums, span, such)).sort("step", *by)

    def busy(self, rows: pl.DataFrame, by: Sequence[str], of: Sequence[str], least: int) -> pl.DataFrame:
        """Rows of those `by` that did something in the steps being judged, and had at least so many different `of`."""
        if rows.height < least or rows.is_empty():
            return rows.clear()
        who = rows.select(trailing.key(by)).to_series()
        now = self.now(rows.select("step", who=who))
        groups = now.select("who").unique() if len(now) < len(rows) else None
        if least > 1:
            counts = rows.select(who=who, what=trailing.key([*by, *of]))
            counts = counts if groups is None else counts.join(groups, on="who", how="semi")
            many = counts.group_by("who").len().filter(pl.col("len") >= least)
            if len(many):
                counts = counts.join(many, on="who", how="semi")
                many = counts.group_by("who").agg(pl.col("what").n_unique()).filter(pl.col("what") >= least)
            groups = many
        return rows if groups is None else rows.filter(who.is_in(groups["who"].implode()))

    def opened(self, such: pl.Expr, span: int, by: Sequence[str]) -> pl.DataFrame:
        """Links of that kind whose connection the device opened, within `span` before the steps being judged and in
        them, of devices that have one in this window; `by` names further columns that are wanted."""
        such = pl.col("initiated") & (pl.col("flows") > 0) & such
        fresh = self.new_links.filter(such)
        if fresh.is_empty():
            return fresh
        devices = fresh["device"].unique().to_list()
        rows = self._theirs.filter((pl.col("step") > self.begin - span) & such & pl.col("device").is_in(devices))
        return rows.select(*dict.fromkeys(["device", *by, "peer", "proto", "port", "step", "first", "answered"]))

    @cached_property
    def _theirs(self) -> pl.DataFrame:
        """Links of the devices that speak in this window; there may be very many others."""
        return self._of_these(self.links)

    @cached_property
    def known_of_these(self) -> pl.DataFrame:
        """What is known of the devices that speak in this window."""
        return self._of_these(self.known)

    def _of_these(self, rows: pl.DataFrame) -> pl.DataFrame:
        devices = self.new_links["device"].unique()
        if 2 * len(devices) > len(self.state.usual):
            return rows
        return rows.filter(pl.col("device").is_in(devices.to_list()))

    @cached_property
    def first_contacts(self) -> pl.DataFrame:
        """Contacts of devices that are known, in the steps being judged, with when each destination was first met;
        see `features.novelty`."""
        return self.now(self._met)

    @cached_property
    def rhythms(self) -> pl.DataFrame:
        """Regularity of beats at the steps being judged; see `features.periodicity`."""
        touched = self.now(self.new_beats).select("device", "dest", "port").unique()
        beats = self.beats.join(touched, on=["device", "dest", "port"], how="semi")
        return periodicity.rhythms(beats.sort("device", "dest", "port", "time"), self.begin)

    @cached_property
    def hourly(self) -> pl.DataFrame:
        """Bytes sent to the Internet since the hour began: device, step, outside, began."""
        sent = self.now(self.talks).filter(pl.col("scope") == "internet")
        steps = sent.group_by("device", "step").agg(pl.col("bytes_out").sum(), began=pl.col("time").min())
        before = self.state.running.select("device", "outside")
        return (
            steps.sort("device", "step")
            .join(before, on="device", how="left", maintain_order="left")
            .with_columns(outside=pl.col("outside").fill_null(0) + pl.col("bytes_out").cum_sum().over("device"))
            .sort("step", "device")
        )

    def hourly_most(self) -> int:
        """The most bytes that any device may have sent to the Internet since the hour began: never too few."""
        before, now = self.state.running["outside"].max(), self.talks["bytes_out"].sum()
        return (before if isinstance(before, int) else 0) + int(now)

    def selector(
        self, table: str, device: str, step: int, *, mac: str = "mac", ip: str = "", such: pl.Expr | bool = True
    ) -> tuple[tuple[str, str], ...]:
        """What selects the device's own rows of a traffic table: the segment, MAC and address it had in `step`.

        Args:
            table: which table; the device has a row of it in that step.
            device: whose rows.
            step: a step being judged.
            mac: the column of its MAC.
            ip: the column of its address; "" for tables that go by the MAC alone.
            such: what else holds for the row to go by.
        """
        rows = self.window.table(table).filter((pl.col("step") == step) & such)
        rows = sides.owner(rows, self.state.bindings, mac=mac, ip=ip or mac, into="owner")
        columns = ["segment", mac, ip] if ip else ["segment", mac]
        mine = rows.filter(pl.col("owner") == device).select(columns).unique().sort(columns)
        return tuple(zip(columns, mine.row(0), strict=True)) if mine.height else ()

    @cached_property
    def requests(self) -> pl.DataFrame:
        """What was asked over the web in clear, with the devices at both ends."""
        http = self.window.table("http")
        return parties(self.state, http if http.is_empty() else http.filter(~pl.col("is_response")))

    @cached_property
    def lookups(self) -> pl.DataFrame:
        """Questions of DNS and their answers, with the `device` that asked."""
        return questions.lookups_of(self.state, self.window.table("dns"))

    @cached_property
    def operations(self) -> pl.DataFrame:
        """What was asked of controllers and what they answered, with the devices at both ends."""
        return parties(self.state, self.window.table("ot"))

    @cached_property
    def files(self) -> pl.DataFrame:
        """Files that were handed over in clear, with the devices at both ends."""
        return parties(self.state, self.window.table("files"))

    @cached_property
    def advertisements(self) -> pl.DataFrame:
        """Who said that it is a router of IPv6; see `features.habits`."""
        return habits.advertisements_of(self.state, self.window.table("flows"))

    @cached_property
    def offers(self) -> pl.DataFrame:
        """Answers of DHCP servers, with the `device` that sent them."""
        return habits.offers_of(self.state, self.window.table("dhcp"))

    def since(self, device: str, key: str) -> int:
        """When a key of what is known was first met by the device (step); 0 where it never was."""
        if (device, key) not in self._firsts:
            firsts = self.known.filter((pl.col("device") == device) & (pl.col("key") == key))["first"]
            self._firsts[device, key] = int(firsts[0]) if len(firsts) else 0
        return self._firsts[device, key]

    def usual_for_kin(self, device: str, what: What, key: str) -> bool:
        """Whether half of the others like it, and no fewer than `ENOUGH`, had that habit up to the hour before."""
        having, others = common(self.state.baselines, device, key, what)
        return having >= ENOUGH and 2 * having >= others

    def settled(self, device: str) -> int:
        """When the device's getting-to-know period was over (µs); 0 while it is not."""
        return usual_of(self.state.usual).get(device, (0, 0, 0))[0]

    def peak(self, device: str) -> int:
        """The most bytes it sent to the Internet within any learned hour."""
        return usual_of(self.state.usual).get(device, (0, 0, 0))[1]

    def presence(self, device: str) -> int:
        """Hours in which it was there and that were learned."""
        return usual_of(self.state.usual).get(device, (0, 0, 0))[2]

    def device(self, device: str, time: int) -> Known:
        """What the device was known to be just before `time`."""
        times, versions = versions_of(self.state.devices).get(device, ([], []))
        at = bisect_left(times, time)
        return versions[at - 1] if at else Known()

    def wanders(self, device: str, step: int) -> bool:
        """Whether it goes wherever people send it: by its kind or, where that is not known, by the places it knew."""
        kind = self.kind(device, step)
        if kind:
            return kind in GENERAL
        if device not in self._places:
            mine = self.known.filter((pl.col("device") == device) & pl.col("key").str.starts_with("="))
            self._places[device] = mine["first"].sort().to_list()
        return bisect_right(self._places[device], step) > MANY

    def mates(self, device: str) -> frozenset[str]:
        """Other devices that are like it: hours ago they knew most of the names it knew that not everybody knows."""
        if device not in self._mates:
            self._mates[device] = mates_of(self.known, device, self.begin - self.begin % HOUR - 6 * HOUR)
        return self._mates[device]

    def kind(self, device: str, step: int) -> str:
        """Its kind as known at the end of the step."""
        return self.device(device, step + STEP).kind

    @cached_property
    def _met(self) -> pl.DataFrame:
        since = settled_of(self.state.usual)
        if since.is_empty() or self.contacts.is_empty():
            return nothing(novelty.MET)
        mine = self.contacts.join(since, on="device", how="inner", maintain_order="left")
        return novelty.first_contacts(mine, self.known_of_these) if len(mine) else nothing(novelty.MET)

    @cached_property
    def early_contacts(self) -> pl.DataFrame:
        """As `first_contacts`, of devices that are not known yet; `settled` is an hour after their first contact."""
        return self.now(novelty.early_contacts(self.contacts, self.known, settled_of(self.state.usual)))

    @property
    def _met_late(self) -> pl.DataFrame:
        """Contacts with destinations that devices met only after they were known."""
        return self._met if self._met.is_empty() else self._met.filter(pl.col("met") >= pl.col("settled"))

    @property
    def _met_early(self) -> pl.DataFrame:
        """Contacts over TCP of devices that are not known yet, and call by name, with places without a name that they
        did not call at first."""
        known = settled_of(self.state.usual)
        return periodicity.met_early(self.contacts, self.known, known, self.state.names)
