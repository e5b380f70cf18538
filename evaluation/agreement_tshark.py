"""What tshark reads in a capture, put into the terms of the traffic tables: the independent side of `agreement.py`.

Only tshark's own fields are used. Nothing here asks the native engine; the names of record types, response codes and
versions are written down a second time on purpose (IANA registries), so that a wrong one on either side shows.
"""

import hashlib
import os
import re
import subprocess
import tempfile
import zlib
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

Item = tuple[int, str]
"""When (µs; 0 where the moment is not compared) and what."""

STEP = 10_000_000  # µs; sightings are told once in such a step
SEPARATOR, AGGREGATOR = "\x1f", "\x1e"

ASKED = """frame.time_epoch frame.protocols eth.src ip.src ip.dst ipv6.src ipv6.dst
tcp.srcport tcp.dstport
arp.opcode arp.src.hw_mac arp.src.proto_ipv4 arp.dst.proto_ipv4
dns.flags.response dns.flags.opcode dns.flags.rcode dns.count.queries dns.count.answers dns.count.auth_rr
dns.count.add_rr dns.count.zones dns.count.prerequisites dns.count.updates dns.resp.ext_rcode
dns.qry.name dns.qry.type dns.resp.name dns.resp.type dns.a dns.aaaa dns.cname dns.ptr.domain_name
dns.ns dns.mx.mail_exchange dns.srv.service dns.srv.proto dns.srv.name dns.srv.target dns.svcb.targetname
dhcp.type dhcp.hw.mac_addr dhcp.option.hostname dhcp.option.vendor_class_id dhcp.option.request_list_item
dhcpv6.msgtype dhcpv6.duidll.link_layer_addr dhcpv6.duidllt.link_layer_addr dhcpv6.client_domain dhcpv6.tld
dhcpv6.vendorclass.data dhcpv6.requested_option_code dhcpv6.option.type dhcpv6.duid.type
tls.handshake.type tls.handshake.version tls.handshake.extensions.supported_version
tls.handshake.extensions_server_name tls.handshake.extensions_alpn_str
http.request.method http.host http.request.uri http.user_agent http.response.code http.server
mqtt.msgtype mqtt.clientid mqtt.topic ntp.flags.mode
tls.handshake.ja3 tls.handshake.ciphersuite tls.handshake.certificate x509af.utcTime quic.version coap.code
modbus.func_code mbtcp.len s7comm.header.rosctr s7comm.param.func s7comm.param.userdata.type
s7comm.param.userdata.funcgroup s7comm.param.userdata.subfunc
wlan.sa sll.src.eth udp.srcport udp.dstport tcp.analysis.retransmission _ws.malformed
tls.record.version mbtcp.trans_id mbtcp.unit_id tls.handshake.random"""
FIELDS = tuple(ASKED.split())

IN_ORDER = "tcp.reassemble_out_of_order"
"""Whether tshark puts segments in order, as the engine does. Where one was not captured it then reads no further, so it
is asked both ways for HTTP, and what it reads in either counts."""

FIRST_TYPES = "A NS MD MF CNAME SOA MB MG MR NULL WKS PTR HINFO MINFO MX TXT RP AFSDB"
TYPES = {
    **dict(enumerate(FIRST_TYPES.split(), 1)),
    **{28: "AAAA", 29: "LOC", 33: "SRV", 35: "NAPTR", 39: "DNAME", 41: "OPT", 43: "DS", 44: "SSHFP", 46: "RRSIG"},
    **{
        47: "NSEC",
        48: "DNSKEY",
        50: "NSEC3",
        51: "NSEC3PARAM",
        52: "TLSA",
        64: "SVCB",
        65: "HTTPS",
        99: "SPF",
        249: "TKEY",
    },
    **{250: "TSIG", 251: "IXFR", 252: "AXFR", 255: "ANY", 256: "URI", 257: "CAA"},
}
FIRST_CODES = "NOERROR FORMERR SERVFAIL NXDOMAIN NOTIMP REFUSED YXDOMAIN YXRRSET NXRRSET NOTAUTH NOTZONE DSOTYPENI"
CODES = {**dict(enumerate(FIRST_CODES.split())), 16: "BADVERS", 23: "BADCOOKIE"}
VERSIONS = {2: "SSL2", 0x300: "SSL3", 0x301: "TLS1.0", 0x302: "TLS1.1", 0x303: "TLS1.2", 0x304: "TLS1.3"}
DATA = {
    **{1: "dns.a", 28: "dns.aaaa", 2: "dns.ns", 5: "dns.cname", 12: "dns.ptr.domain_name"},
    **{15: "dns.mx.mail_exchange", 33: "dns.srv.target", 64: "dns.svcb.targetname", 65: "dns.svcb.targetname"},
}


@dataclass
class Seen:
    """What one side reads in a capture: by field, how often each item; when it came first; and all packets."""

    items: dict[str, Counter[Item]] = field(default_factory=dict)
    first: dict[tuple[str, Item], int] = field(default_factory=dict)
    packets: int = 0
    ports: set[tuple[str, int]] = field(default_factory=set)  # protocol and the port at which it was read

    def add(self, name: str, at: int, value: str, time: int) -> None:
        """Adds an item of a field; `time` is when it was seen, whatever is compared. Sightings count once a step."""
        item = (at // 1000 * 1000, value)
        counts = self.items.setdefault(name, Counter())
        counts[item] = 1 if name in SIGHTED else counts[item] + 1
        self.first.setdefault((name, item), time)


Frame = dict[str, list[str]]
Tell = Callable[[str, int, str], None]


@cache
def version() -> str:
    """The first line tshark says of itself.

    Raises:
        OSError: there is no tshark.
    """
    said = subprocess.run(["tshark", "--version"], capture_output=True, text=True, check=True)  # noqa: S607
    return said.stdout.splitlines()[0].rstrip(".")


AS_USUAL = ("-o", "http.desegment_body:TRUE")
"""Without bodies put together, lines within a body that look like a head's are taken for one."""
AT_ONCE = ("-o", "http.desegment_body:FALSE")
"""With them put together, a message whose body was not captured whole is never told."""


def frames(path: Path, in_order: str, options: Sequence[str] = AS_USUAL) -> Iterator[Frame]:
    """Every frame that tshark reads, as the values of each field that it has; `in_order` is TRUE or FALSE."""
    command = ["tshark", "-n", "-T", "fields"]
    command += ["-E", f"separator={SEPARATOR}", "-E", f"aggregator={AGGREGATOR}", "-E", "occurrence=a"]
    for name in FIELDS:
        command += ["-e", name]
    command += ["-o", f"{IN_ORDER}:{in_order}", *options]
    for line in asked(command, path).decode("utf-8", "surrogateescape").split("\n"):
        values = line.split(SEPARATOR)
        if len(values) == len(FIELDS):
            yield {name: value.split(AGGREGATOR) for name, value in zip(FIELDS, values, strict=True) if value}


def asked(command: Sequence[str], path: Path) -> bytes:
    """What tshark answers about a capture; kept in a folder of the user's among the temporary files.

    A change of the capture, of the question or of tshark asks anew.
    """
    digest = hashlib.sha256("\0".join((version(), *command, "")).encode() + path.read_bytes()).hexdigest()
    kept = Path(tempfile.gettempdir(), f"cordon-agreement-{os.getuid()}", digest)
    if kept.exists():
        return zlib.decompress(kept.read_bytes())
    ran = subprocess.run([*command, "-r", str(path)], capture_output=True, check=False)
    if b"aren't valid" in ran.stderr:
        raise ValueError(ran.stderr.decode("utf-8", "replace"))
    said = ran.stdout
    kept.parent.mkdir(mode=0o700, exist_ok=True)
    written = kept.with_suffix(f".{os.getpid()}")
    written.write_bytes(zlib.compress(said, 1))
    written.replace(kept)
    return said


def read(path: Path) -> Seen:
    """What tshark reads in a capture."""
    seen = _read(path, "TRUE")
    if any(name.startswith("http") for name in seen.items):
        other = _read(path, "FALSE")
        for name, items in other.items.items():
            if name.startswith("http"):
                seen.items[name] = seen.items.get(name, Counter()) | items
        seen.first = other.first | seen.first
    return seen


def confirm(path: Path, theirs: Seen, ours: Seen) -> None:
    """Adds to `theirs` what only the engine told and tshark tells too once it is asked otherwise.

    It is told at which ports the engine read TLS and HTTP, for it goes by ports where the engine goes by content; and
    to tell heads before their bodies have come. What it says only then counts where the engine said the same.
    """
    names = [
        name for name in ours.items if name.startswith(LOOKED_AT) and ours.items[name] - theirs.items.get(name, _NONE)
    ]
    if not names:
        return
    told = [part for service, port in sorted(ours.ports) for part in ("-d", f"tcp.port=={port},{service}")]
    for options in ((*AT_ONCE,), (*AT_ONCE, *told)):
        for in_order in ("TRUE", "FALSE"):
            loose = _read(path, in_order, options)
            for name in names:
                theirs.items[name] = theirs.items.get(name, Counter()) | (
                    ours.items[name] & loose.items.get(name, Counter())
                )


LOOKED_AT = ("http", "tls")
_NONE: Counter[Item] = Counter()


def _read(path: Path, in_order: str, options: Sequence[str] = AS_USUAL) -> Seen:
    seen, hellos, asked = Seen(), set[str](), dict[str, str]()
    for frame in frames(path, in_order, options):
        seen.packets += 1
        protocols = frame.get("frame.protocols", [""])[0].split(":")
        if {"icmp", "icmpv6"} & set(protocols[:-1]):
            continue  # what an error quotes was told when it was sent
        time = microseconds(frame["frame.time_epoch"][0])

        def tell(name: str, at: int, value: str, time: int = time) -> None:
            seen.add(name, at, value, time)

        is_retold = _is_retold(frame, hellos)
        _complete_s7(frame, asked)
        for name, reads in READERS.items():
            if name in protocols and not (is_retold and name == "tls"):
                reads(frame, time, tell)
    return seen


def microseconds(text: str) -> int:
    """A time in decimal seconds since the epoch, exactly."""
    whole, _, part = text.partition(".")
    return int(whole) * 1_000_000 + int(part.ljust(6, "0")[:6])


def _arp(frame: Frame, time: int, tell: Tell) -> None:
    operation = {"1": "request", "2": "reply"}.get(_first(frame, "arp.opcode"))
    sender, sender_ip = _first(frame, "arp.src.hw_mac"), _first(frame, "arp.src.proto_ipv4")
    target = _first(frame, "arp.dst.proto_ipv4")
    if operation and sender and sender_ip and target:
        tell("arp", time, f"{operation} {sender} {sender_ip} → {target}")


def _names(transport: str) -> Callable[[Frame, int, Tell], None]:
    def reads(frame: Frame, time: int, tell: Tell) -> None:
        at = Counter[str]()  # how many values of each field the messages before this one took

        def take(field: str, count: int) -> list[str]:
            start = at[field]
            at[field] += count
            return frame.get(field, [])[start : start + count]

        for place, flag in enumerate(frame.get("dns.flags.response", ())):
            sections = UPDATE if _number(frame, "dns.flags.opcode", place) == 5 else SECTIONS
            counts = [_number(frame, f"dns.count.{section}", place) for section in sections]
            names, kinds = take("dns.qry.name", counts[0]), take("dns.qry.type", counts[0])
            records = take("dns.resp.type", sum(counts[1:]))
            owners = [_owner(kind, take) for kind in records]
            data = [take(DATA[int(kind)], 1) if int(kind) in DATA else [] for kind in records]
            response = flag not in {"0", "False"}
            answers = [_name(value) for one in data[: counts[1]] for value in one]
            name = (names or owners or [""])[0]
            kind = (kinds or records or [""])[0]
            tell(f"{transport} name", time, f"{'answer' if response else 'question'} {_name(name)}")
            tell(f"{transport} type", time, TYPES.get(int(kind), f"TYPE{kind}") if kind else "")
            if response:
                code = _number(frame, "dns.flags.rcode", place) | _number(frame, "dns.resp.ext_rcode", place) << 4
                tell(f"{transport} code", time, CODES.get(code, f"RCODE{code}"))
                tell(f"{transport} answers", time, ",".join(answers))

    return reads


SECTIONS = ("queries", "answers", "auth_rr", "add_rr")
UPDATE = ("zones", "prerequisites", "updates", "add_rr")
"""What the same four counts are called in an update (RFC 2136)."""


def _owner(kind: str, take: Callable[[str, int], list[str]]) -> str:
    """The name a record is of; that of a service record stands in parts."""
    if TYPES.get(int(kind)) != "SRV":
        return "".join(take("dns.resp.name", 1))
    return ".".join(part for name in ("service", "proto", "name") for part in take(f"dns.srv.{name}", 1))


def _dhcp(frame: Frame, time: int, tell: Tell) -> None:
    if _first(frame, "dhcp.type") != "1":
        return
    mac, step = _first(frame, "dhcp.hw.mac_addr"), time - time % STEP
    for name, source in (("dhcp host name", "hostname"), ("dhcp vendor class", "vendor_class_id")):
        if value := _first(frame, f"dhcp.option.{source}").strip():
            tell(name, step, f"{mac} {value}")
    if listed := frame.get("dhcp.option.request_list_item"):
        tell("dhcp parameters", step, f"{mac} {','.join(listed)}")


def _dhcpv6(frame: Frame, time: int, tell: Tell) -> None:
    if _first(frame, "dhcpv6.msgtype") in {"2", "7", "10", "13"}:  # advertise, reply, reconfigure, relayed reply
        return
    mac, step = _client(frame) or _first(frame, "eth.src"), time - time % STEP
    if name := (_first(frame, "dhcpv6.client_domain") or _first(frame, "dhcpv6.tld")).strip("."):
        tell("dhcp host name", step, f"{mac} {name.lower()}")  # a domain name, which the engine tells in lower case
    if vendor := _first(frame, "dhcpv6.vendorclass.data"):
        tell("dhcp vendor class", step, f"{mac} {vendor}")
    if listed := frame.get("dhcpv6.requested_option_code"):
        tell("dhcp parameters", step, f"{mac} {','.join(listed)}")


def _client(frame: Frame) -> str:
    """The hardware address within the client's identifier (option 1, not the server's, 2); "" where it holds none."""
    whose = [kind for kind in frame.get("dhcpv6.option.type", ()) if kind in {"1", "2"}]
    kinds = frame.get("dhcpv6.duid.type", [])
    place = whose.index("1") if "1" in whose else len(kinds)
    sources = {"1": "dhcpv6.duidllt.link_layer_addr", "3": "dhcpv6.duidll.link_layer_addr"}
    if place >= len(kinds) or kinds[place] not in sources:
        return ""
    held = frame.get(sources[kinds[place]], [])
    before = kinds[:place].count(kinds[place])
    return held[before] if before < len(held) else ""


def _is_retold(frame: Frame, told: set[str]) -> bool:
    """Whether a client's hello was told before: sent again, or after a request to retry it, with the same random bytes.

    RFC 8446 section 4.1.2 has a client change little else; the engine tells a connection's hello once.
    """
    kinds = [kind for kind in frame.get("tls.handshake.type", ()) if kind in {"1", "2"}]
    if "1" not in kinds:
        return False
    randoms = frame.get("tls.handshake.random", [])
    random = randoms[place] if (place := kinds.index("1")) < len(randoms) else ""
    hello = f"{_ends(frame, is_response=False)} {_first(frame, 'tcp.srcport')} {random}"
    is_retold = bool(random) and hello in told
    told.add(hello)
    return is_retold


def _tls(frame: Frame, time: int, tell: Tell) -> None:
    kinds = frame.get("tls.handshake.type", ())
    if _carrier(frame) == "udp":
        return
    if "2" in kinds:
        _server_hello(frame, tell)
    if "1" not in kinds:
        return
    place = frame["tls.handshake.type"].index("1")
    offered = [int(value, 16) for value in frame.get("tls.handshake.extensions.supported_version", ())]
    offered = [value for value in offered if value & 0x0F0F != 0x0A0A]  # GREASE, RFC 8701
    versions = frame.get("tls.handshake.version", ["0"])
    highest = max(offered, default=int(versions[min(place, len(versions) - 1)], 16))
    tell("tls hello", time, "")
    tell("tls version", time, "TLS1.3" if highest >> 8 == 0x7F else VERSIONS.get(highest, ""))
    tell("tls server name", time, _first(frame, "tls.handshake.extensions_server_name").lower())
    tell("tls alpn", time, _first(frame, "tls.handshake.extensions_alpn_str"))
    tell("tls ja3", time, _first(frame, "tls.handshake.ja3"))


def _server_hello(frame: Frame, tell: Tell) -> None:
    """What a server chose; a request to try again (RFC 8446 section 4.1.4) chooses nothing yet."""
    if RETRY in frame.get("tls.handshake.random", ()):
        return
    chosen = frame.get("tls.handshake.extensions.supported_version") or frame.get("tls.handshake.version", ["0"])
    version, ends = int(chosen[0], 16), _ends(frame, is_response=True)
    tell("tls version chosen", 0, f"{ends} {'TLS1.3' if version >> 8 == 0x7F else VERSIONS.get(version, '')}")
    suite = int(_first(frame, "tls.handshake.ciphersuite") or "0", 0)
    tell("tls suite chosen", 0, f"{ends} {suites().get(suite, f'0x{suite:04X}')}")


RETRY = "cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c"
"""The random bytes of a hello that asks to try again (RFC 8446 section 4.1.3)."""


@cache
def suites() -> dict[int, str]:
    """Names of the suites of TLS, as tshark knows them."""
    said = subprocess.run(["tshark", "-G", "values"], capture_output=True, text=True, check=True)  # noqa: S607
    rows = (line.split("\t") for line in said.stdout.splitlines() if line.startswith("V\ttls.handshake.ciphersuite\t"))
    return {int(number, 0): name for _, _, number, name in rows}


def _quic(frame: Frame, time: int, tell: Tell) -> None:
    if "1" in frame.get("tls.handshake.type", ()):
        tell("quic server name", time, _first(frame, "tls.handshake.extensions_server_name").lower())
        tell("quic alpn", time, _first(frame, "tls.handshake.extensions_alpn_str"))


def _modbus(frame: Frame, time: int, tell: Tell) -> None:
    side = "answer" if _first(frame, "tcp.srcport") == "502" else "question"
    for function in frame.get("modbus.func_code", ()):
        tell("modbus operation", time, f"{side} {function}")


def _complete_s7(frame: Frame, asked: dict[str, str]) -> None:
    """Gives an answer without a function, as errors have none, that of the question before it in the connection."""
    kinds, functions = frame.get("s7comm.header.rosctr", []), frame.get("s7comm.param.func", [])
    if kinds == ["1"] and functions:
        asked[_ends(frame, is_response=False)] = functions[0]
    elif kinds in (["2"], ["3"]) and not functions and (function := asked.get(_ends(frame, is_response=True))):
        frame["s7comm.param.func"] = [function]


def _s7comm(frame: Frame, time: int, tell: Tell) -> None:
    functions, rest = iter(frame.get("s7comm.param.func", ())), Counter[str]()
    for rosctr in frame.get("s7comm.header.rosctr", ()):
        if rosctr == "7":
            place = rest[rosctr]
            rest[rosctr] += 1
            side = {4: "question", 8: "answer"}.get(_number(frame, "s7comm.param.userdata.type", place), "news")
            group = _number(frame, "s7comm.param.userdata.funcgroup", place)
            tell("s7 operation", time, f"{side} {group << 8 | _number(frame, 's7comm.param.userdata.subfunc', place)}")
        elif function := next(functions, ""):
            tell("s7 operation", time, f"{'question' if rosctr == '1' else 'answer'} {int(function, 0)}")


def _coap(frame: Frame, time: int, tell: Tell) -> None:
    for code in frame.get("coap.code", ()):
        number = int(code)
        name = METHODS[number] if number < len(METHODS) else f"{number >> 5}.{number & 31:02}"
        tell("coap code", time, name)


METHODS = ("", "GET", "POST", "PUT", "DELETE", "FETCH", "PATCH", "iPATCH")


def _http(frame: Frame, _time: int, tell: Tell) -> None:
    if _carrier(frame) == "udp":
        return

    def each(field: str, source: str, change: Callable[[str], str] = str.strip) -> None:
        response = source in {"http.response.code", "http.server"}
        ends = _ends(frame, response)
        for value in frame.get(source, ()):
            tell(field, 0, f"{ends} {change(value)}")

    each("http method", "http.request.method")
    each("http path", "http.request.uri", _path)
    each("http host", "http.host", lambda host: host.strip().lower())
    each("http agent", "http.user_agent")
    each("http status", "http.response.code")
    each("http server", "http.server")


def _carrier(frame: Frame) -> str:
    """The innermost of TCP and UDP."""
    return next((name for name in reversed(frame["frame.protocols"][0].split(":")) if name in {"tcp", "udp"}), "")


def _ends(frame: Frame, is_response: bool) -> str:
    """Client, server and its port of the innermost packet: tunnels have addresses of their own."""
    families = [name for name in frame["frame.protocols"][0].split(":") if name in {"ip", "ipv6"}]
    family = families[-1] if families else "ip"
    sender, receiver = (frame.get(f"{family}.{end}", [""])[-1] for end in ("src", "dst"))
    port = frame.get("tcp.srcport" if is_response else "tcp.dstport", [""])[-1]
    client, server = (receiver, sender) if is_response else (sender, receiver)
    return f"{client} > {server} {port}"


def _path(uri: str) -> str:
    return re.sub(r"(?i)^https?://[^/]*", "", re.split(r"[?#]", uri)[0]) or "/"


MQTT = {"1": "connect", "2": "connack", "3": "publish", "8": "subscribe", "10": "unsubscribe", "14": "disconnect"}


def _mqtt(frame: Frame, time: int, tell: Tell) -> None:
    for client in frame.get("mqtt.clientid", [""] * frame.get("mqtt.msgtype", []).count("1")):
        tell("mqtt client", time, client)
    for kind in frame.get("mqtt.msgtype", ()):
        if name := MESSAGES.get(int(kind)):
            tell("mqtt message", time, name)
    for topic in frame.get("mqtt.topic", ()):
        tell("mqtt topic", time, topic)


MESSAGES = {1: "connect", 2: "connack", 3: "publish", 8: "subscribe", 10: "unsubscribe", 14: "disconnect"}


def _ntp(frame: Frame, time: int, tell: Tell) -> None:
    if "3" in frame.get("ntp.flags.mode", ()):
        server = _ends(frame, is_response=False).split()[2]
        tell("ntp client", time - time % STEP, f"{_first(frame, 'eth.src')} {server}")


READERS: dict[str, Callable[[Frame, int, Tell], None]] = {
    "arp": _arp,
    "dns": _names("dns"),
    "mdns": _names("mdns"),
    "llmnr": _names("llmnr"),
    "dhcp": _dhcp,
    "dhcpv6": _dhcpv6,
    "tls": _tls,
    "http": _http,
    "quic": _quic,
    "mqtt": _mqtt,
    "modbus": _modbus,
    "s7comm": _s7comm,
    "coap": _coap,
    "ntp": _ntp,
}

SIGHTED = ("dhcp host name", "dhcp vendor class", "dhcp parameters", "ntp client")
"""Fields that the engine tells once a step."""


def _first(frame: Frame, field: str) -> str:
    return frame.get(field, [""])[0]


def _number(frame: Frame, field: str, place: int) -> int:
    values: Sequence[str] = frame.get(field, ())
    return int(values[place], 0) if place < len(values) else 0


def _name(text: str) -> str:
    return "." if text == "<Root>" else plain(text.lower())


def plain(name: str) -> str:
    """A name without what the two write differently: a run of bytes that are not printable ASCII is one `?`.

    tshark does not mark a dot or a backslash that stands within a label; the engine puts a backslash before it.
    """
    return re.sub(r"([^ -~]|\\[0-7]{3})+", "?", name)
