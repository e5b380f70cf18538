"""What people do at their desks: the web, mail, files, print jobs, the intranet."""

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random
from typing import Final

from cordon.lab.habits import paper
from cordon.lab.lan import MINUTE, SECOND, Lan
from cordon.lab.rhythm import busy_pause, jitter
from cordon.lab.station import Station
from cordon.lab.talk import smb, tls

SITES: Final = (
    "www.google.com",
    "www.wikipedia.org",
    "en.wikipedia.org",
    "github.com",
    "stackoverflow.com",
    "www.bbc.co.uk",
    "news.ycombinator.com",
    "www.nytimes.com",
    "www.theguardian.com",
    "www.reddit.com",
    "www.linkedin.com",
    "www.amazon.com",
    "www.ebay.com",
    "outlook.office.com",
    "teams.microsoft.com",
    "docs.google.com",
    "drive.google.com",
    "www.dropbox.com",
    "slack.com",
    "zoom.us",
    "www.spiegel.de",
    "www.lemonde.fr",
    "www.booking.com",
    "maps.google.com",
    "translate.google.com",
    "www.deepl.com",
    "www.ikea.com",
    "www.dhl.com",
    "www.ups.com",
    "www.fedex.com",
    "www.paypal.com",
    "stripe.com",
    "www.salesforce.com",
    "www.atlassian.com",
    "trello.com",
    "www.notion.so",
    "www.figma.com",
    "www.canva.com",
    "www.adobe.com",
    "www.apple.com",
    "support.microsoft.com",
    "learn.microsoft.com",
    "docs.python.org",
    "www.postgresql.org",
    "www.sqlite.org",
    "developer.mozilla.org",
    "www.mouser.com",
    "www.digikey.com",
    "www.farnell.com",
    "www.weather.com",
    "www.timeanddate.com",
    "www.imdb.com",
    "www.youtube.com",
    "vimeo.com",
    "soundcloud.com",
    "www.cnn.com",
    "www.reuters.com",
    "www.bloomberg.com",
    "www.ft.com",
    "www.economist.com",
    "www.nature.com",
    "arxiv.org",
    "www.ieee.org",
    "www.iso.org",
    "www.heise.de",
    "www.golem.de",
    "arstechnica.com",
    "www.theverge.com",
    "www.wired.com",
    "medium.com",
    "www.quora.com",
    "www.tripadvisor.com",
    "www.airbnb.com",
    "www.lufthansa.com",
    "www.bahn.de",
    "www.sbb.ch",
    "www.trenitalia.com",
    "www.raiffeisen.at",
    "www.ing.com",
)
_SIDE: Final = (
    "fonts.gstatic.com",
    "www.googletagmanager.com",
    "cdn.jsdelivr.net",
    "cdnjs.cloudflare.com",
    "static.doubleclick.net",
    "www.google-analytics.com",
    "d1a2b3c4d5e6f7.cloudfront.net",
    "assets.fastly.net",
    "i.ytimg.com",
    "unpkg.com",
)


@dataclass(frozen=True, slots=True)
class Web:
    """Somebody reads the web: a page is one to four TLS connections, also to content networks."""

    library: str = "chrome"
    every: int = 120
    heavy: float = 1.0

    def run(self, lan: Lan, who: Station, rng: Random, until: int) -> Iterator[int]:
        favourites = rng.sample(SITES, 8)
        yield lan.now + rng.randrange(10 * SECOND, 120 * SECOND)
        while lan.now < until:
            site = rng.choice(favourites) if rng.random() < 0.7 else rng.choice(SITES)
            time = self._load(lan, who, site, lan.now, 4)
            for _ in range(rng.randrange(3)):
                self._load(lan, who, _side(rng), time + rng.randrange(300_000), 2)
            yield lan.now + busy_pause(rng, lan.now, self.every * SECOND)

    def _load(self, lan: Lan, who: Station, site: str, time: int, most: int) -> int:
        rng = who.rng
        talk = lan.secure(who, site, 443, ("h2", "http/1.1"), library=self.library, time=time)
        begun = talk.time
        for _ in range(rng.randrange(1, most)):
            talk.send(tls.data(rng, rng.randrange(200, 900)), rng.randrange(2_000, 60_000))
            talk.reply(tls.data(rng, int(min(rng.expovariate(1 / 3500) * self.heavy, 30_000)) + 300), 15_000)
        talk.pause(talk.time + rng.randrange(2 * SECOND, 40 * SECOND))
        _ = talk.reset() if rng.random() < 0.12 else talk.close()
        return begun


def _side(rng: Random) -> str:
    """A content network; now and then one of those long opaque names that look like tunnels."""
    if rng.random() < 0.05:
        return f"{rng.getrandbits(64):016x}.{rng.getrandbits(48):012x}.cdn.video-edge.net"
    return rng.choice(_SIDE)


@dataclass(frozen=True, slots=True)
class Files:
    """Opens and saves files on the server or the network storage, by encrypted SMB 3."""

    target: str
    every: int = 900

    def run(self, lan: Lan, who: Station, rng: Random, until: int) -> Iterator[int]:
        yield lan.now + rng.randrange(30 * SECOND, 5 * MINUTE)
        while lan.now < until:
            talk = lan.connect(who, lan.named(self.target), 445)
            session = rng.getrandbits(48)
            talk.send(smb.negotiate(rng)).reply(smb.negotiated(rng, lan.now), 900)
            for _ in range(rng.randrange(3, 9)):
                up, down = rng.choice(((160, 200), (160, 200), (220, 12_000), (9_000, 140), (180, 24_000)))
                talk.send(smb.sealed(rng, session, up), rng.randrange(1000, 400_000))
                talk.reply(smb.sealed(rng, session, down), 1200)
            talk.close()
            yield max(talk.time + 1, lan.now + busy_pause(rng, lan.now, self.every * SECOND))


@dataclass(frozen=True, slots=True)
class Intranet:
    """Looks something up on the company's own web server, by HTTPS."""

    every: int = 1500
    library: str = "chrome"

    def run(self, lan: Lan, who: Station, rng: Random, until: int) -> Iterator[int]:
        yield lan.now + rng.randrange(MINUTE, 10 * MINUTE)
        server = lan.named("server")
        while lan.now < until:
            name = "intranet.office.lan"
            talk = lan.secure(who, server, 443, ("h2", "http/1.1"), library=self.library, name=name)
            talk.send(tls.data(rng, 500)).reply(tls.data(rng, rng.randrange(2_000, 30_000)), 12_000)
            talk.close()
            yield max(talk.time + 1, lan.now + busy_pause(rng, lan.now, self.every * SECOND))


@dataclass(frozen=True, slots=True)
class Print:
    """Prints: asks the printer what it is (IPP), then sends the job raw to port 9100."""

    every: int = 5400

    def run(self, lan: Lan, who: Station, rng: Random, until: int) -> Iterator[int]:
        printer = rng.choice(lan.of_kind("printer"))
        yield lan.now + busy_pause(rng, lan.now, self.every * SECOND)
        while lan.now < until:
            paper.ask(lan.connect(who, printer, 631), who, printer)
            talk = lan.connect(who, printer, 9100, lan.now + SECOND)
            talk.send(paper.job(rng, who.host)).close()
            yield max(talk.time + 1, lan.now + busy_pause(rng, lan.now, self.every * SECOND))


@dataclass(frozen=True, slots=True)
class Antivirus:
    """Asks a reputation service by DNS: long opaque names, few of them."""

    every: int = 1200

    def run(self, lan: Lan, who: Station, rng: Random, until: int) -> Iterator[int]:
        yield lan.now + rng.randrange(MINUTE, 10 * MINUTE)
        while lan.now < until:
            name = f"{rng.getrandbits(120):030x}.{rng.getrandbits(64):016x}.avqs.mcafee.com"
            lan.lookup(who, name, lan.now)
            who.names.clear()
            yield lan.now + jitter(rng, self.every * SECOND, 0.5)
