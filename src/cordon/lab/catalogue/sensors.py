"""Small sensors, detectors and scales."""

from typing import Final

from cordon.lab.catalogue import params
from cordon.lab.habits.cloud import Check, Clock, CloudLink, Fetch
from cordon.lab.habits.discovery import Ping
from cordon.lab.habits.plant import Publish
from cordon.lab.unit import Service, Unit, Upnp

_CAST: Final = Service("_googlecast._tcp", "{model}-{tail}", 8009, ("md={model}", "fn={model}", "ca=4101", "ve=05"))
_SSDP_BASIC: Final = "urn:schemas-upnp-org:device:basic:1"
_WEMO: Final = "urn:Belkin:device:controllee:1"
_MEDIA: Final = "urn:schemas-upnp-org:device:MediaRenderer:1"

SENSORS: Final = (
    Unit(
        "smoke-detector",
        "Nest",
        "Protect",
        "18:B4:30",
        "",
        params.LWIP,
        "",
        system="lwip",
        ttl=255,
        library="wolfssl",
        habits=(
            Check("czfe03.front01.iad01.production.nest.com", 1200, 700, 300, 11095),
            Clock("time.nest.com"),
        ),
    ),
    Unit(
        "smoke-detector",
        "Nest",
        "Protect",
        "64:16:66",
        "",
        params.LWIP,
        "",
        system="lwip",
        ttl=255,
        library="wolfssl",
        habits=(
            Check("czfe04.front01.iad01.production.nest.com", 1200, 700, 300, 11095),
            Clock("time.nest.com"),
        ),
    ),
    Unit(
        "weather-station",
        "Netatmo",
        "NWS01",
        "70:EE:50",
        "",
        params.LWIP,
        "",
        system="lwip",
        ttl=255,
        ipv6=False,
        library="lwip-mbedtls",
        habits=(CloudLink("netcom.netatmo.net", 300, 240, 60, 25050),),
    ),
    Unit(
        "scale",
        "Withings",
        "Body+",
        "00:24:E4",
        "",
        params.LWIP,
        "",
        system="lwip",
        ttl=64,
        ipv6=False,
        library="lwip-mbedtls",
        habits=(Fetch("scalews.withings.net", "/cgi-bin/once", 7200, 200, "text/plain", post=True),),
    ),
    Unit(
        "air-quality",
        "Espressif",
        "Air monitor",
        "24:0A:C4",
        "air-{low}",
        params.ESP,
        "",
        system="lwip",
        library="lwip-mbedtls",
        ipv6=False,
        habits=(Publish("air/{host}", 60), Check("ota.awair.is", 7200), Clock("")),
    ),
    Unit(
        "sensor",
        "Espressif",
        "Room sensor",
        "24:6F:28",
        "room-{low}",
        params.ESP,
        "",
        system="lwip",
        library="lwip-mbedtls",
        ipv6=False,
        habits=(Publish("site/{host}/climate", 60, "sensors", "Wq8-room-71"), Clock("")),
    ),
    Unit(
        "sensor",
        "Espressif",
        "Door contact",
        "8C:AA:B5",
        "door-{low}",
        params.ESP,
        "",
        system="lwip",
        library="lwip-mbedtls",
        ipv6=False,
        habits=(Publish("site/{host}/door", 120, "sensors", "Wq8-room-71"), Clock("")),
    ),
    Unit(
        "sensor",
        "Belkin",
        "WeMo Motion",
        "EC:1A:59",
        "wemo-motion",
        params.UDHCP,
        "udhcp 1.18.5",
        library="openssl-old",
        upnp=Upnp("Unspecified, UPnP/1.0, Unspecified", "urn:Belkin:device:sensor:1", 49153, "/setup.xml"),
        serves=(49153,),
        habits=(CloudLink("devices.xbcs.net", 300, 160, 90, 8899), Ping("", 300), Clock("time.stanford.edu")),
    ),
    Unit(
        "water-sensor",
        "Espressif",
        "Leak sensor",
        "84:F3:EB",
        "leak-{low}",
        params.ESP,
        "",
        system="lwip",
        library="lwip-mbedtls",
        ipv6=False,
        habits=(Publish("site/{host}/leak", 180, "sensors", "Wq8-room-71"), Clock("")),
    ),
)
