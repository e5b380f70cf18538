"""Voices, sound and screens."""

from typing import Final

from cordon.lab.catalogue import params
from cordon.lab.habits.cloud import Check, Clock, CloudLink, Download, Fetch, Play
from cordon.lab.habits.discovery import Browse, Search
from cordon.lab.unit import Service, Unit, Upnp

_CAST: Final = Service("_googlecast._tcp", "{model}-{tail}", 8009, ("md={model}", "fn={model}", "ca=4101", "ve=05"))
_SSDP_BASIC: Final = "urn:schemas-upnp-org:device:basic:1"
_WEMO: Final = "urn:Belkin:device:controllee:1"
_MEDIA: Final = "urn:schemas-upnp-org:device:MediaRenderer:1"

VOICES: Final = (
    Unit(
        "voice-assistant",
        "Amazon",
        "Echo Dot",
        "74:C2:46",
        "",
        params.DHCPCD,
        "",
        library="boring",
        agent="AmazonWebView/Echo",
        services=(Service("_amzn-wplay._tcp", "amzn.dmgr:{mac}", 55443, ("n=Echo Dot", "a=1")),),
        habits=(
            CloudLink("avs-alexa-4-na.amazon.com", 30, 60, 50, 443, ("h2",)),
            Check("device-metrics-us.amazon.com", 900, 4000, 300),
            Check("api.amazonalexa.com", 1500, 26_000, 30_000, busy=True),
            Clock("ntp-g7g.amazon.com"),
            Fetch("kindle-time.amazon.com", "/", 3600, 60),
            Search("upnp:rootdevice", 1200),
        ),
    ),
    Unit(
        "voice-assistant",
        "Google",
        "Nest Mini",
        "F4:F5:D8",
        "Google-Nest-Mini",
        params.DHCPCD,
        "dhcpcd-6.8.2:Linux-4.9",
        library="boring",
        services=(_CAST,),
        serves=(8008, 8009, 8443),
        habits=(
            CloudLink("clients4.google.com", 60, 90, 80, 443, ("h2",)),
            Check("www.google.com", 1800, 22_000, 18_000, busy=True),
            Browse(("_googlecast._tcp",), 900),
            Clock("time.google.com"),
        ),
    ),
)

SOUND: Final = (
    Unit(
        "speaker",
        "Sonos",
        "One",
        "78:28:CA",
        "SonosZP",
        params.UDHCP,
        "udhcp 1.19.4",
        library="openssl",
        agent="Linux UPnP/1.0 Sonos/70.3",
        serves=(1400, 1443),
        services=(Service("_sonos._tcp", "Sonos-{mac}@Office", 1443, ("info=/api/v1/players", "vers=3")),),
        upnp=Upnp(
            "Linux UPnP/1.0 Sonos/70.3-35220 (ZPS18)",
            "urn:schemas-upnp-org:device:ZonePlayer:1",
            1400,
            "/xml/device_description.xml",
        ),
        habits=(
            CloudLink("conn-i-0.ws.sonos.com", 120),
            Play("spotify-audio.cdn.sonos.com", 5400, 60_000, 14, 12),
            Search("urn:schemas-upnp-org:device:ZonePlayer:1", 1800),
            Clock("0.sonostime.pool.ntp.org"),
        ),
    ),
    Unit(
        "speaker",
        "Bose",
        "SoundTouch 10",
        "08:DF:1F",
        "SoundTouch-10",
        params.UDHCP,
        "udhcp 1.21.1",
        library="openssl-old",
        services=(Service("_soundtouch._tcp", "Bose SoundTouch {tail}", 8090, ("MAC={mac}", "MODEL=SoundTouch")),),
        upnp=Upnp("Linux/2.6 UPnP/1.0 Bose/SoundTouch", _MEDIA, 8091, "/XD/BO5EBO5E.xml"),
        serves=(8090,),
        habits=(
            CloudLink("streaming.bose.com", 60, 100, 60),
            Play("audio.cdn.tunein.com", 9000, 40_000, 10, 12),
            Clock(""),
        ),
    ),
)

SCREENS: Final = (
    Unit(
        "tv",
        "Samsung",
        "QE55Q60",
        "8C:79:F5",
        "Samsung",
        params.UDHCP,
        "",
        library="openssl",
        agent="SMART-TV; Linux; Tizen 6.5",
        serves=(8001, 8002),
        services=(Service("_airplay._tcp", "Meeting room TV", 7000, ("model=QE55Q60", "manufacturer=Samsung")),),
        upnp=Upnp("SHP, UPnP/1.0, Samsung UPnP SDK/1.0", _MEDIA, 9197, "/dmr"),
        habits=(
            Check("osb-apps-v2.samsungqbe.com", 1200),
            CloudLink("oempprd.samsungcloudsolution.com", 300),
            Play("cdn.samsungtvplus.net", 7200, 90_000, 10, 10),
            Clock("europe.pool.ntp.org"),
            Download("fota-cdn.samsungqbe.com", "/firmware/T-KSU2E/upgrade.msd", 13.4, 9_000_000),
        ),
    ),
    Unit(
        "display",
        "LG",
        "55UL3J signage",
        "A8:23:FE",
        "LGwebOSTV",
        params.DHCPCD,
        "",
        library="openssl",
        agent="Mozilla/5.0 (Web0S; Linux/SmartTV)",
        serves=(3000, 3001),
        services=(Service("_webos._tcp", "Lobby display", 3000, ("deviceid={mac}",)),),
        upnp=Upnp("WebOS/4.1.0 UPnP/1.0", "urn:lge-com:service:webos-second-screen:1", 1834, "/"),
        habits=(
            CloudLink("eu.lgtvsdp.com", 240, 180, 120),
            Check("ibs.lgappstv.com", 1800),
            Clock("ntp.lgtvsdp.com"),
        ),
    ),
    Unit(
        "streaming",
        "Roku",
        "Streaming Stick 4K",
        "D8:31:34",
        "RokuStick",
        params.UDHCP,
        "",
        library="openssl",
        agent="Roku/DVP-12.0",
        serves=(8060,),
        upnp=Upnp("Roku/12.0 UPnP/1.0 Roku/12.0", "roku:ecp", 8060, "/"),
        habits=(
            CloudLink("scribe.logs.roku.com", 120, 400, 60),
            Check("api.sr.roku.com", 900),
            Clock("pool.ntp.org"),
        ),
    ),
    Unit(
        "streaming",
        "Google",
        "Chromecast Ultra",
        "54:60:09",
        "Chromecast-Ultra",
        params.DHCPCD,
        "",
        library="boring",
        services=(_CAST,),
        serves=(8008, 8009),
        habits=(
            CloudLink("clients3.google.com", 90, 90, 70, 443, ("h2",)),
            Fetch("connectivitycheck.gstatic.com", "/generate_204", 900, 2),
            Clock("time.google.com"),
        ),
    ),
    Unit(
        "photo-frame",
        "Pix-Star",
        "FotoConnect XD",
        "E0:76:D0",
        "pix-star",
        params.UDHCP_OLD,
        "udhcp 1.15.2",
        library="openssl-old",
        agent="Pixstar",
        habits=(
            Check("api.pix-star.com", 900),
            Fetch("iptime.pix-star.com", "/time", 3600, 40, "text/plain"),
        ),
    ),
)
