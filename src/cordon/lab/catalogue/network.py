"""The router and the access point."""

from typing import Final

from cordon.lab.catalogue import params
from cordon.lab.habits.cloud import Check, Clock
from cordon.lab.unit import Service, Unit, Upnp

ROUTER: Final = Unit(
    "router",
    "AVM",
    "FRITZ!Box 7590",
    "3C:A6:2F",
    "fritz.box",
    params.UDHCP,
    "",
    library="openssl",
    serves=(53, 80, 443),
    services=(Service("_http._tcp", "FRITZ!Box 7590", 80),),
    upnp=Upnp(
        "FRITZ!Box 7590 UPnP/1.0 AVM FRITZ!Box 7590 154.07.57",
        "urn:schemas-upnp-org:device:InternetGatewayDevice:1",
        49000,
        "/igddesc.xml",
    ),
    name="router",
)

ACCESS_POINT: Final = Unit(
    "access-point",
    "Ubiquiti",
    "UAP-AC-Pro",
    "78:8A:20",
    "UBNT",
    params.UDHCP,
    "ubnt",
    library="openssl",
    agent="AirOS/4.3",
    serves=(22,),
    habits=(Check("ping.ubnt.com", 600), Check("fw-update.ubnt.com", 21600), Clock("0.ubnt.pool.ntp.org")),
    name="access-point",
)
