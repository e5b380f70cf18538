"""Computers and telephones of the people, who come in the morning and go in the evening."""

from typing import Final

from cordon.lab.catalogue import params
from cordon.lab.habits.cloud import Check, Clock, CloudLink, Download, Fetch
from cordon.lab.habits.desk import Antivirus, Files, Intranet, Print, Web
from cordon.lab.habits.discovery import Browse, NetBios, Search
from cordon.lab.habits.service import ClearLogin, Transfer, Visit
from cordon.lab.unit import Habit, Service, Unit

_PRINTER_TYPES: Final = ("_ipp._tcp", "_pdl-datastream._tcp")
_WINDOWS: Final[tuple[Habit, ...]] = (
    Web("chrome"),
    Files("server", 1200),
    Files("nas", 2700),
    Intranet(1800),
    Print(),
    NetBios(),
    Antivirus(),
    Check("outlook.office.com", 240, 900, 2500, alpn=("h2", "http/1.1")),
    Clock("time.windows.com", 3600),
    CloudLink("client.wns.windows.com", 240, 80, 60),
    Fetch("www.msftconnecttest.com", "/connecttest.txt", 3600, 22, "text/plain"),
    Search("upnp:rootdevice", 3600),
    Browse(_PRINTER_TYPES, 3600),
)
_MAC: Final[tuple[Habit, ...]] = (
    Web("apple"),
    Files("nas", 1500),
    Intranet(2400, "apple"),
    Print(),
    CloudLink("courier.push.apple.com", 300, 90, 60, 5223),
    Check("imap.fastmail.com", 300, 500, 1800, 993),
    Clock("time.apple.com", 1800),
    Check("gateway.icloud.com", 900, alpn=("h2", "http/1.1")),
    Browse(("_ipp._tcp", "_airplay._tcp", "_companion-link._tcp"), 1200),
)
_LINUX: Final[tuple[Habit, ...]] = (
    Web("firefox"),
    Intranet(2400, "firefox"),
    Print(),
    Clock("ntp.ubuntu.com", 2048),
    Check("api.snapcraft.io", 7200),
    Check("imap.fastmail.com", 300, 500, 1800, 993),
    Fetch("connectivity-check.ubuntu.com", "/", 300, 2),
    Browse(("_ipp._tcp",), 1800),
)
_CHROME: Final = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/134.0.0.0 Safari/537.36"
)


def windows(prefix: str, vendor: str, model: str, host: str) -> Unit:
    return Unit(
        "workstation",
        vendor,
        model,
        prefix,
        host,
        params.WINDOWS,
        "MSFT 5.0",
        "windows",
        128,
        "schannel",
        _CHROME,
        habits=_WINDOWS,
        presence="office",
    )


def _apple(host: str) -> Unit:
    return Unit(
        "workstation",
        "Apple",
        "MacBook Pro",
        "F0:18:98",
        host,
        params.MACOS,
        "",
        "apple",
        64,
        "apple",
        "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 Safari/605.1.15",
        services=(Service("_companion-link._tcp", host, 49390, ("rpMd=MacBookPro18,1", "rpVr=600.6")),),
        habits=_MAC,
        presence="office",
    )


_ADMIN: Final = Unit(
    "workstation",
    "Lenovo",
    "ThinkPad T14",
    "54:EE:75",
    "admin-t14",
    params.NETWORKD,
    "",
    "linux",
    64,
    "openssl",
    "Mozilla/5.0 (X11; Linux x86_64; rv:135.0) Gecko/20100101 Firefox/135.0",
    habits=(
        *_LINUX,
        Visit("server", 9.6),
        Visit("nas", 10.4),
        Visit("broker", 14.2),
        ClearLogin("camera-hall", 11.2, "admin", "Hallway-2019-west"),
        Transfer("nas", 11.6, "scanner", "Scan-to-folder-7"),
    ),
    presence="office",
    name="admin",
)

WORKSTATIONS: Final = (
    windows("D0:43:1E", "Dell", "OptiPlex 7070", "DESKTOP-7F3K2LQ"),
    windows("D0:43:1E", "Dell", "OptiPlex 7070", "DESKTOP-9QX41AB"),
    windows("54:EE:75", "Lenovo", "ThinkCentre M70", "ACCOUNTING-1"),
    windows("10:E7:C6", "HP", "EliteDesk 800", "RECEPTION"),
    windows("10:E7:C6", "HP", "EliteDesk 800", "STORE-PC"),
    windows("E4:C7:67", "Intel", "NUC 11", "MEETING-PC"),
    _apple("Marias-MBP"),
    _apple("Studio-MacBook"),
    _ADMIN,
    Unit(
        "workstation",
        "Dell",
        "Precision 5560",
        "00:19:B9",
        "dev-5560",
        params.NETWORKD,
        "",
        "linux",
        64,
        "openssl",
        "Mozilla/5.0 (X11; Ubuntu; Linux x86_64; rv:135.0) Gecko/20100101 Firefox/135.0",
        habits=_LINUX,
        presence="office",
    ),
)

_IPHONE: Final = Unit(
    "phone",
    "Apple",
    "iPhone",
    "",
    "iPhone",
    params.IOS,
    "",
    "apple",
    64,
    "apple",
    "CFNetwork/1568.300.101 Darwin/24.2.0",
    habits=(
        Web("apple", 500, 0.6),
        CloudLink("courier.push.apple.com", 600, 80, 60, 5223),
        Clock("time.apple.com", 3600),
        Check("gateway.icloud.com", 1200, alpn=("h2", "http/1.1")),
        Browse(("_companion-link._tcp", "_airplay._tcp"), 1800),
    ),
    presence="office",
    random_mac=True,
)
_ANDROID: Final = Unit(
    "phone",
    "Google",
    "Pixel 8",
    "",
    "Pixel-8",
    params.ANDROID,
    "android-dhcp-14",
    "linux",
    64,
    "boring",
    "Dalvik/2.1.0 (Linux; U; Android 14; Pixel 8)",
    habits=(
        Web("chrome", 500, 0.6),
        CloudLink("mtalk.google.com", 600, 70, 60, 5228),
        Clock("time.android.com", 7200),
        Fetch("connectivitycheck.gstatic.com", "/generate_204", 1800, 2),
        Browse(("_googlecast._tcp",), 1200),
    ),
    presence="office",
    random_mac=True,
)
_GALAXY: Final = Unit(
    "phone",
    "Samsung",
    "Galaxy S23",
    "",
    "Galaxy-S23",
    params.ANDROID,
    "android-dhcp-14",
    "linux",
    64,
    "boring",
    "Dalvik/2.1.0 (Linux; U; Android 14; SM-S911B)",
    habits=(
        *_ANDROID.habits,
        Download("fota-cloud-dn.ospserver.net", "/firmware/SM-S911B.bin", 12.3, 4_000_000),
    ),
    presence="office",
    random_mac=True,
)

PHONES: Final = (_IPHONE, _IPHONE, _ANDROID, _GALAXY)
