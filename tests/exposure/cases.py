"""For each check what must be seen, and what looks like it and must not be: which check, whose, and what happens."""

from collections.abc import Callable
from hashlib import blake2s
from typing import Final

from .making import KEY, MINUTE, START, Made

Happens = Callable[[Made], None]
OUT = "203.0.113.9"
DAY = 24 * 60 * MINUTE
YEAR = 365 * DAY
M = MINUTE
GOOD: Final = {
    "is_response": True, "version": "TLS1.2", "cipher": "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256", "subject": "CN=a",
    "issuer": "CN=b", "not_before": START - YEAR, "not_after": START + YEAR, "key_type": "rsa", "key_bits": 2048,
    "signature": "sha256-rsa", "certificate": "aa" * 32,
}  # fmt: skip


def site() -> Made:
    """A site with a bit of everything."""
    return Made(
        camera="camera", cam2="camera", desk="workstation", phone="phone", plug="smart-plug", printer="printer",
        tv="tv", broker="broker", plc="plc", hmi="hmi", nas="nas", voip="voip-phone", light="light",
        thermostat="thermostat", someone="", switch="switch",
    )  # fmt: skip


def tls(src: str = "desk", dst: str = "camera", port: int = 443, sni: str = "", **wrong: object) -> Happens:
    def happens(made: Made) -> None:
        made.row("tls", M, src, dst, port, "tls", **(GOOD | wrong), sni=sni)

    return happens


def talk(src: str, dst: str, port: int, service: str = "", **more: object) -> Happens:
    return lambda made: made.talk(M, src, dst, port, service, **more) and None


def sees(device: str, field: str, value: str) -> Happens:
    return lambda made: made.presents_as(M, device, field, value)


def login(**said: object) -> Happens:
    return lambda made: made.login(M, "desk", "camera", **said)  # type: ignore[arg-type]


def page(dst: str, src: str = "desk", **said: object) -> Happens:
    usual = {"is_response": True, "status": 200, "content_type": "text/html; charset=utf-8"}
    return lambda made: made.row("http", M, src, dst, 80, "http", **(usual | said))


def asks(src: str, host: str, path: str, dst: str = OUT) -> Happens:
    return lambda made: made.row("http", M, src, dst, 80, "http", called=host, method="GET", host=host, path=path)


def joins(user: str, result: str) -> Happens:
    def happens(made: Made) -> None:
        made.row("mqtt", M, "plug", "broker", 1883, "mqtt", message="connack", is_by_server=True, client_id="plug",
                 user=user, result=result)  # fmt: skip

    return happens


def operates(access: str, protocol: str = "modbus", result: str = "ok", response: bool = True) -> Happens:
    def happens(made: Made) -> None:
        made.row("ot", M, "hmi", "plc", 502, protocol, protocol=protocol, is_response=response, access=access,
                 result=result, server_mac=made.mac("plc"))  # fmt: skip

    return happens


def coap(code: str, path: str = "light/on") -> Happens:
    return lambda made: made.row("coap", M, "desk", "light", 5683, "coap", proto=17, is_response=True, code=code,
                                 path=path)  # fmt: skip


def both(*parts: Happens) -> Happens:
    def happens(made: Made) -> None:
        for part in parts:
            part(made)

    return happens


def passwords(camera: str, cam2: str, user: str = "ada") -> Happens:
    def happens(made: Made) -> None:
        made.login(M, "desk", "camera", user=user, word=camera)
        made.login(3 * M, "desk", "cam2", user=user, word=cam2)

    return happens


def certificates(one: str, other: str) -> Happens:
    return both(tls(certificate=one * 32), tls(dst="cam2", certificate=other * 32))


def lease(made: Made) -> None:
    made.add("dhcp", START + M, mac=made.mac("camera"), sender_mac=made.mac("router"), message="ack", dns="192.168.1.1")


def sight_all(*rows: tuple[str, str, str]) -> Happens:
    return both(*(sees(*row) for row in rows))


def twice(first: str, then: str, *ends: str) -> Happens:
    """A server settles on one version of TLS, and later on another."""
    src, dst = ends or ("desk", "camera")

    def happens(made: Made) -> None:
        for at, version in ((M, first), (9 * M, then)):
            made.row("tls", at, src, dst, 443, "tls", **(GOOD | {"version": version}))

    return happens


def hours(*asks: int, log: bool = False) -> Happens:
    """The switch is active for three hours; in these it asks for the time, or sends its log."""

    def happens(made: Made) -> None:
        for hour in range(4):
            made.talk(hour * 60 * M + M, "switch", "desk", 4444)
        for hour in asks:
            port, service = (514, "") if log else (123, "ntp")
            made.talk(hour * 60 * M + 2 * M, "switch", "desk", port, service, proto=17, answered=not log)

    return happens


OFFERS: Final = "curve25519-sha256,diffie-hellman-group14-sha256;ssh-ed25519;aes128-ctr;hmac-sha2-256"
OLD_OFFERS: Final = "diffie-hellman-group1-sha1;ssh-dss,ssh-rsa;aes128-ctr,3des-cbc;hmac-sha1,hmac-md5"
COMMUNITY: Final = blake2s(b"\0public", key=KEY, digest_size=16).hexdigest()
NTP, DNS = {"proto": 17}, {"proto": 17}
LOCAL_CLOCK = talk("tv", "router", 123, "ntp", **NTP)

MUST: Final[tuple[tuple[str, str, Happens], ...]] = (
    ("adb-open", "tv", talk("desk", "tv", 5555)),
    ("answers-internet", "camera", talk(OUT, "camera", 8080)),
    ("clear-data", "thermostat", asks("thermostat", "weather.example.com", "/v1/now")),
    ("clear-management", "camera", page("camera")),
    ("clear-management", "printer", page("printer", status=401, content_type="", realm="printer")),
    ("clear-password", "camera", login(service="rtsp", port=554)),
    ("clear-password", "camera", lambda made: made.login(M, "camera", OUT, "ftp", port=21)),
    ("clear-telephony", "voip", talk("voip", OUT, 5060, "sip", proto=17)),
    ("clear-update", "camera", asks("camera", "ipc.example.com", "/firmware/latest")),
    ("clear-video", "camera", talk("nas", "camera", 554, "rtsp")),
    ("coap-open", "light", coap("2.05")),
    ("default-password", "camera", login(word="admin")),
    ("expired-certificate", "camera", tls(not_after=START - DAY)),
    ("expired-certificate", "camera", tls(not_before=START + 9 * DAY, not_after=1 << 61)),
    ("flat-placement", "plc", talk("tv", "plc", 80)),
    ("foreign-dns", "camera", both(lease, talk("camera", "8.8.8.8", 53, "dns", **DNS))),
    ("foreign-time", "camera", both(LOCAL_CLOCK, talk("camera", OUT, 123, "ntp", **NTP))),
    ("ftp-in-use", "nas", talk("printer", "nas", 21, "ftp")),
    ("guessable-password", "camera", login(user="ada", word="ada123")),
    ("guessable-password", "camera", login(user="kai", word="letmein")),
    ("mqtt-clear", "broker", talk("plug", "broker", 1883, "mqtt")),
    ("mqtt-open", "broker", joins("", "accepted")),
    ("ot-open", "plc", operates("write")),
    ("remote-desktop", "printer", talk("desk", "printer", 5900)),
    ("remote-management", "router", talk("desk", "router", 7547)),
    ("self-signed", "camera", tls(self_signed=True)),
    ("shared-certificate", "cam2", certificates("ab", "ab")),
    ("shared-certificate", "camera", certificates("ab", "ab")),
    ("shared-password", "camera", passwords("t0gether!x", "t0gether!x")),
    ("shared-password", "cam2", passwords("t0gether!x", "t0gether!x")),
    ("smb1", "nas", sees("nas", "smb.version", "1")),
    ("ssh1", "nas", sees("nas", "ssh.banner", "SSH-1.99-OpenSSH_3.9p1")),
    ("telnet-in-use", "camera", talk("desk", "camera", 23, "telnet")),
    ("tls-old-version", "camera", tls(version="TLS1.0")),
    ("tls-old-version", "tv", tls("tv", OUT, sni="api.example.com", version="TLS1.1")),
    ("tls-weak-suite", "camera", tls(cipher="TLS_RSA_WITH_3DES_EDE_CBC_SHA")),
    ("tracker", "tv", talk("tv", OUT, 443, "tls", name="acr-eu.samsungacr.com")),
    ("unneeded-service", "light", sees("light", "tcp.serves", "22")),
    ("upnp-port-mapping", "router",
     sees("router", "ssdp.type", "urn:schemas-upnp-org:device:InternetGatewayDevice:1")),
    ("end-of-support", "camera", sees("camera", "http.server", "Boa/0.94.13")),
    ("end-of-support", "nas", sees("nas", "smb.system", "Windows 5.1|Windows 2000 LAN Manager")),
    ("no-log", "switch", hours()),
    ("no-time", "switch", hours(0)),
    ("ntlm1", "desk", sees("desk", "ntlm.version", "1")),
    ("onvif-open", "camera", sees("camera", "onvif.access", "open:GetStreamUri")),
    ("port-mapped", "camera", sees("camera", "upnp.mapping", "TCP 8080 to 192.168.1.20:80")),
    ("rogue-dns", "plug", both(lease, talk("tv", "plug", 53, "dns", **DNS))),
    ("rogue-time", "plug", talk("tv", "plug", 123, "ntp", **NTP)),
    ("rtsp-open", "camera", sees("camera", "rtsp.access", "open")),
    ("shared-certificate", "cam2",
     both(certificates("ab", "cd"), sight_all(("camera", "tls.key", "443 aabb"), ("cam2", "tls.key", "443 aabb")))),
    ("snmp-clear", "printer", sees("printer", "snmp.version", "2c")),
    ("snmp-community", "printer", sees("printer", "snmp.community", COMMUNITY)),
    ("ssh-shared-key", "camera",
     sight_all(("camera", "ssh.hostkey", "ssh-rsa 2048 aabb"), ("cam2", "ssh.hostkey", "ssh-rsa 2048 aabb"))),
    ("ssh-shared-key", "cam2",
     sight_all(("camera", "ssh.hostkey", "ssh-rsa 2048 aabb"), ("cam2", "ssh.hostkey", "ssh-rsa 2048 aabb"))),
    ("ssh-weak", "switch", sees("switch", "ssh.offers", f"server:{OLD_OFFERS}")),
    ("ssh-weak", "nas", sees("nas", "ssh.hostkey", "ssh-rsa 1024 aabb")),
    ("tls-downgrade", "camera", twice("TLS1.2", "TLS1.0")),
    ("unneeded-service", "light", talk("desk", "light", 8022, "ssh")),
    ("unusual-protocol", "light", talk("light", "nas", 445, "smb")),
    ("wrong-name", "camera", tls(sni="yard.example", subject="CN=other.example,O=x")),
    ("wrong-name", "camera",
     both(tls(sni="yard.example", subject="CN=yard.example"), sees("camera", "tls.names", "443 a.example,b.example"))),
    ("weak-key", "camera", tls(key_bits=1024)),
    ("weak-key", "camera", tls(signature="sha1-rsa")),
)  # fmt: skip

MUST_NOT: Final[tuple[tuple[str, str, Happens], ...]] = (
    ("adb-open", "a port that is tried and does not answer", talk("desk", "tv", 5555, answered=False)),
    ("answers-internet", "a server that is there to answer", talk(OUT, "nas", 8080)),
    ("answers-internet", "an attempt from outside that gets no answer", talk(OUT, "camera", 8080, answered=False)),
    ("clear-data", "a look whether the Internet is there", asks("thermostat", "connectivity-check.example", "/")),
    ("clear-data", "what people's own computers do", asks("desk", "news.example.com", "/")),
    ("clear-management", "pages that lead to HTTPS", page("camera", status=301)),
    ("clear-management", "a description for programs", page("camera", content_type="text/xml")),
    ("clear-management", "a server's own site", page("nas")),
    ("clear-password", "a password over TLS", login(clear=False)),
    ("clear-telephony", "calls that are enciphered", talk("voip", OUT, 5061, "tls")),
    ("clear-update", "a look for the time", asks("camera", "ipc.example.com", "/time")),
    ("clear-update", "what a computer of people's own fetches", asks("desk", "vendor.example", "/firmware.bin")),
    ("clear-video", "video over TLS", talk("nas", "camera", 322, "tls")),
    ("coap-open", "a list of what there is", coap("2.05", ".well-known/core")),
    ("coap-open", "a request that is turned away", coap("4.01")),
    ("default-password", "a default that is refused", login(word="admin", outcome="failure")),
    ("default-password", "a password of its own", login(word="kZ4-long-and-own")),
    ("expired-certificate", "a certificate that is valid", tls()),
    ("flat-placement", "the panel of the plant", talk("hmi", "plc", 502, "modbus")),
    ("flat-placement", "a name looked up", talk("tv", "plc", 53, "dns", proto=17)),
    ("foreign-dns", "the resolver that the network gives", both(lease, talk("camera", "router", 53, "dns", **DNS))),
    ("foreign-dns", "a network that gives none", talk("camera", "8.8.8.8", 53, "dns", **DNS)),
    ("foreign-time", "a network without a clock", talk("camera", OUT, 123, "ntp", **NTP)),
    ("ftp-in-use", "files over SSH", talk("printer", "nas", 22, "ssh")),
    ("guessable-password", "a guess that is refused", login(user="ada", word="ada123", outcome="failure")),
    ("guessable-password", "a password that is none of them", login(user="ada", word="Ada-likes-9-birds")),
    ("mqtt-clear", "a broker over TLS", talk("plug", "broker", 8883, "tls")),
    ("mqtt-open", "a client that names itself", joins("sensors", "accepted")),
    ("mqtt-open", "a client that is turned away", joins("", "not-authorised")),
    ("ot-open", "a question that got no answer", operates("write", response=False)),
    ("ot-open", "a command that is refused", operates("write", result="illegal function")),
    ("ot-open", "OPC UA, which can know who asks", operates("write", protocol="opcua")),
    ("remote-desktop", "the same port, enciphered", talk("desk", "printer", 5900, "tls")),
    ("remote-management", "a port that does not answer", talk("desk", "router", 7547, answered=False)),
    ("self-signed", "one that an authority signed", tls()),
    ("shared-certificate", "one each", certificates("ab", "cd")),
    ("shared-password", "one each", passwords("t0gether!x", "al0ne!y")),
    ("smb1", "SMB 3", sees("nas", "smb.version", "3")),
    ("snmp-clear", "version 3", sees("printer", "snmp.version", "3")),
    ("end-of-support", "a server that goes on", sees("camera", "http.server", "lighttpd/1.4.76")),
    ("no-log", "a device that sends its log", hours(0, 1, 2, log=True)),
    ("no-log", "a kind that has none to send", talk("camera", "desk", 4444)),
    ("no-time", "a device that asks now and then", hours(1)),
    ("ntlm1", "version 2", sees("desk", "ntlm.version", "2")),
    ("onvif-open", "what everybody may ask", sees("camera", "onvif.access", "open:GetSystemDateAndTime")),
    ("onvif-open", "a call that is turned away", sees("camera", "onvif.access", "guarded:GetStreamUri")),
    ("port-mapped", "a router that offers it", sees("router", "ssdp.type", "urn:x:WANIPConnection:1")),
    ("rogue-dns", "the resolver that the network gives", both(lease, talk("tv", "router", 53, "dns", **DNS))),
    ("rogue-dns", "a network of which nobody knows its resolver", talk("tv", "plug", 53, "dns", **DNS)),
    ("rogue-time", "a router is a clock", talk("tv", "router", 123, "ntp", **NTP)),
    ("rtsp-open", "a camera that asks who it is", sees("camera", "rtsp.access", "guarded")),
    ("snmp-community", "a community of its own", sees("printer", "snmp.community", "ab" * 16)),
    ("ssh-shared-key", "one each",
     sight_all(("camera", "ssh.hostkey", "ssh-rsa 2048 aabb"), ("cam2", "ssh.hostkey", "ssh-rsa 2048 ccdd"))),
    ("ssh-weak", "what is good today", sees("switch", "ssh.offers", f"server:{OFFERS}")),
    ("ssh-weak", "what a client can do besides", sees("switch", "ssh.offers", f"client:{OLD_OFFERS}")),
    ("tls-downgrade", "a server that never did better", twice("TLS1.0", "TLS1.0")),
    ("tls-downgrade", "two servers without a name", twice("TLS1.2", "TLS1.0", "tv", OUT)),
    ("tls-downgrade", "a server that was updated", twice("TLS1.0", "TLS1.2")),
    ("unneeded-service", "a service with a check of its own", talk("desk", "light", 23, "telnet")),
    ("unusual-protocol", "what a camera does with its recordings", talk("camera", "nas", 445, "smb")),
    ("unusual-protocol", "a share that does not answer", talk("light", "nas", 445, answered=False)),
    ("wrong-name", "a name of the certificate", tls(sni="yard.example", subject="CN=yard.example")),
    ("wrong-name", "a star in it", tls(sni="yard.example.org", subject="CN=*.example.org")),
    ("wrong-name", "a call by address", tls(subject="CN=other.example")),
    ("ssh1", "version 2", sees("nas", "ssh.banner", "SSH-2.0-OpenSSH_9.6")),
    ("telnet-in-use", "a scan that nobody answers", talk("desk", "camera", 23, answered=False)),
    ("telnet-in-use", "SSH", talk("desk", "camera", 22, "ssh")),
    ("tls-old-version", "TLS 1.3", tls(version="TLS1.3", certificate="", key_type="")),
    ("tls-old-version", "what people's own telephones use", tls("phone", OUT, version="TLS1.0")),
    ("tls-weak-suite", "a good suite", tls()),
    ("tracker", "where people's own telephones go", talk("phone", OUT, 443, "tls", name="a.samsungacr.com")),
    ("tracker", "where something unknown goes", talk("someone", OUT, 443, "tls", name="a.samsungacr.com")),
    ("tracker", "a name that ends alike", talk("tv", OUT, 443, "tls", name="notsamsungacr.com")),
    ("unneeded-service", "what a server needs", sees("nas", "tcp.serves", "445")),
    ("unneeded-service", "what is nobody's concern", sees("light", "tcp.serves", "80")),
    ("upnp-port-mapping", "a device that describes itself",
     sees("tv", "ssdp.type", "urn:schemas-upnp-org:device:MediaRenderer:1")),
    ("weak-key", "a short key on a curve is long enough", tls(key_type="ec", key_bits=256, signature="sha256-ecdsa")),
)  # fmt: skip
