"""Climate, light and power: thermostats, lamps with their hub, plugs."""

from typing import Final

from cordon.lab.catalogue import params
from cordon.lab.habits.cloud import Check, Clock, CloudLink, Fetch
from cordon.lab.habits.discovery import Ping, Search
from cordon.lab.habits.plant import Publish
from cordon.lab.unit import Service, Unit, Upnp

_CAST: Final = Service("_googlecast._tcp", "{model}-{tail}", 8009, ("md={model}", "fn={model}", "ca=4101", "ve=05"))
_SSDP_BASIC: Final = "urn:schemas-upnp-org:device:basic:1"
_WEMO: Final = "urn:Belkin:device:controllee:1"
_MEDIA: Final = "urn:schemas-upnp-org:device:MediaRenderer:1"

THERMOSTATS: Final = (
    Unit(
        "thermostat",
        "ecobee",
        "ecobee3 lite",
        "44:61:32",
        "ecobee3-{low}",
        params.UDHCP,
        "udhcp 1.24.2",
        library="openssl",
        services=(
            Service("_hap._tcp", "ecobee3 {tail}", 1200, ("md=ecobee3 lite", "ci=9", "pv=1.1")),
            Service("_ecobee._tcp", "{mac}", 8080),
        ),
        habits=(
            CloudLink("prod.ecobee.com", 180, 220, 90, 8190),
            Clock("pool.ntp.org"),
            Fetch("weather.ecobee.com", "/v1/now", 1800, 700),
        ),
    ),
    Unit(
        "thermostat",
        "Nest",
        "Learning Thermostat",
        "18:B4:30",
        "",
        params.DHCPCD,
        "",
        library="openssl-old",
        agent="Nest/5.9.4",
        habits=(
            CloudLink("frontdoor.nest.com", 240, 260, 120),
            Clock("time.nest.com"),
            CloudLink("transport01.rts08.iad01.production.nest.com", 120, 90, 80, 9543),
        ),
    ),
    Unit(
        "thermostat",
        "Honeywell",
        "T6 Pro",
        "00:D0:2D",
        "T6Pro-{tail}",
        params.LWIP,
        "",
        system="lwip",
        ttl=255,
        library="lwip-mbedtls",
        habits=(CloudLink("lyric.alarmnet.com", 90, 150, 60), Clock("")),
    ),
)

LIGHTS: Final = (
    Unit(
        "hub",
        "Philips",
        "Hue Bridge v2",
        "00:17:88",
        "Philips-hue",
        params.UDHCP,
        "udhcp 1.19.4",
        library="openssl",
        agent="philips-hue-bridge",
        web="nginx",
        serves=(80, 443, 8080),
        services=(
            Service("_hue._tcp", "Philips Hue - {tail}", 443, ("bridgeid={mac}", "modelid=BSB002")),
            Service("_hap._tcp", "Philips Hue - {tail}", 8080, ("md=BSB002", "ci=2")),
        ),
        upnp=Upnp("Hue/1.0 UPnP/1.0 IpBridge/1.50.0", _SSDP_BASIC, 80, "/description.xml"),
        habits=(
            CloudLink("ws.meethue.com", 60, 100, 70),
            Check("diagnostics.meethue.com", 3600, 1800, 300),
            Fetch("www.ecdinterface.philips.com", "/DevicePortalICPRequestHandler", 1800, 300, post=True),
            Clock("time1.google.com"),
        ),
        name="hue",
    ),
    Unit(
        "light",
        "LIFX",
        "A19",
        "D0:73:D5",
        "LIFX-{tail}",
        params.LWIP,
        "",
        system="lwip",
        ttl=255,
        ipv6=False,
        library="lwip-mbedtls",
        habits=(CloudLink("v2.broker.lifx.co", 60, 70, 50, 56700), Clock("pool.ntp.org")),
    ),
    Unit(
        "light",
        "TP-Link",
        "LB130",
        "50:C7:BF",
        "LB130",
        params.LWIP,
        "",
        system="lwip",
        library="lwip-mbedtls",
        ipv6=False,
        habits=(CloudLink("devs.tplinkcloud.com", 180, 90, 80, 50443), Clock("uk.pool.ntp.org")),
    ),
    Unit(
        "light",
        "Espressif",
        "Shelly Bulb",
        "A4:CF:12",
        "shellybulb-{tail}",
        params.ESP,
        "",
        system="lwip",
        library="lwip-mbedtls",
        ipv6=False,
        web="Mongoose/6.18",
        serves=(80,),
        services=(Service("_http._tcp", "shellybulb-{tail}", 80, ("id=shellybulb-{tail}", "fw_id=20230913")),),
        habits=(Publish("shellies/{host}/light", 60), Clock("time.google.com")),
    ),
)

PLUGS: Final = (
    Unit(
        "smart-plug",
        "TP-Link",
        "HS110(EU)",
        "50:C7:BF",
        "HS110(EU)",
        params.UDHCP_OLD,
        "udhcp 0.9.9-pre",
        library="openssl-old",
        serves=(9999,),
        ipv6=False,
        habits=(CloudLink("devs.tplinkcloud.com", 120, 100, 90, 50443), Clock("time-b.nist.gov")),
    ),
    Unit(
        "smart-plug",
        "Belkin",
        "WeMo Insight",
        "94:10:3E",
        "wemo-insight",
        params.UDHCP,
        "udhcp 1.22.1",
        library="openssl-old",
        serves=(49153,),
        upnp=Upnp("Unspecified, UPnP/1.0, Unspecified", _WEMO, 49153, "/setup.xml"),
        habits=(
            CloudLink("api.xbcs.net", 300, 160, 90, 8443),
            Ping("", 300),
            Search("urn:Belkin:service:basicevent:1", 1800),
            Clock("time.stanford.edu"),
        ),
    ),
    Unit(
        "smart-plug",
        "Espressif",
        "Shelly Plug S",
        "E8:DB:84",
        "shellyplug-s-{tail}",
        params.ESP,
        "",
        system="lwip",
        library="lwip-mbedtls",
        ipv6=False,
        web="Mongoose/6.18",
        serves=(80,),
        services=(Service("_http._tcp", "shellyplug-s-{tail}", 80, ("id=shellyplug-s-{tail}",)),),
        habits=(Publish("shellies/{host}/relay/0/power", 30), Clock("time.google.com")),
    ),
)
