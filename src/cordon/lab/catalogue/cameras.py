"""Cameras, their recorder, and the doorbell."""

from typing import Final

from cordon.lab.catalogue import params
from cordon.lab.habits.cloud import Check, Clock, CloudLink, Fetch
from cordon.lab.habits.discovery import Search
from cordon.lab.habits.video import Record
from cordon.lab.unit import Service, Unit, Upnp


def _dahua(name: str) -> Unit:
    return Unit(
        "camera", "Dahua", "IPC-HFW1320S", "3C:EF:8C", "IPC-HFW1320S", params.UDHCP, "udhcp 1.20.2",
        library="openssl-old", agent="DahuaIPC/2.4",
        services=(Service("_http._tcp", "IPC-HFW1320S {tail}", 80), Service("_rtsp._tcp", "IPC-HFW1320S {tail}", 554)),
        upnp=Upnp("Linux/3.10.73 UPnP/1.0 IPC-HFW1320S/1.0", "urn:schemas-upnp-org:device:Basic:1", 49152, "/rootDesc.xml"),
        habits=(CloudLink("www.easy4ipcloud.com", 60, 110, 80), Clock("pool.ntp.org"), Clock("")),
        serves=(23, 80, 554, 37777), name=name,
    )  # fmt: skip


UNITS: Final = (
    _dahua("camera-yard"),
    _dahua("camera-store"),
    Unit(
        "camera", "Hikvision", "DS-2CD2042WD-I", "C0:56:E3", "HIKVISION-{tail}", params.UDHCP, "udhcp 1.19.4",
        library="openssl-old", agent="HikCentral/1.0",
        services=(Service("_psia._tcp", "HIKVISION DS-2CD2042WD-I - {tail}", 80, ("txtvers=1", "path=/PSIA/index")),
                  Service("_http._tcp", "HIKVISION DS-2CD2042WD-I - {tail}", 80)),
        habits=(CloudLink("litedev.hik-connect.com", 45, 120, 70, 8555), Clock("time.windows.com")),
        serves=(80, 443, 554, 8000), name="camera-gate",
    ),
    Unit(
        "camera", "Axis", "M3045-V", "AC:CC:8E", "axis-{low}", params.NETWORKD, "AXIS,Network Camera,M3045-V,9.80.3.5",
        library="openssl", agent="axis-cloud/1.2",
        services=(Service("_axis-video._tcp", "AXIS M3045-V - {mac}", 80, ("macaddress={mac}",)),
                  Service("_rtsp._tcp", "AXIS M3045-V - {mac}", 554), Service("_http._tcp", "AXIS M3045-V - {mac}", 80)),
        upnp=Upnp("Linux/4.14.0 UPnP/1.0 Portable SDK for UPnP devices/1.6.22", "urn:axis-com:service:BasicService:1",
                  49152, "/rootdesc1.xml"),
        habits=(Check("dispatchse1.avhs.axis.com", 900, 300, 300), Clock("0.pool.ntp.org")),
        serves=(80, 443, 554), name="camera-lobby",
    ),
    Unit(
        "camera", "Axis", "P1448-LE", "B8:A4:4F", "axis-{low}", params.NETWORKD, "AXIS,Network Camera,P1448-LE,10.12.1",
        library="openssl", agent="axis-cloud/1.2",
        services=(Service("_axis-video._tcp", "AXIS P1448-LE - {mac}", 80, ("macaddress={mac}",)),
                  Service("_rtsp._tcp", "AXIS P1448-LE - {mac}", 554)),
        habits=(Check("dispatchse1.avhs.axis.com", 900, 300, 300), Clock("0.pool.ntp.org")),
        serves=(80, 443, 554), name="camera-dock",
    ),
    Unit(
        "camera", "Reolink", "RLC-410", "EC:71:DB", "RLC-410", params.UDHCP, "udhcp 1.24.1", library="mbedtls",
        habits=(CloudLink("p2p.reolink.com", 30, 80, 60, 9999), Clock("pool.ntp.org")), serves=(80, 443, 554, 9000),
        name="camera-roof",
    ),
    Unit(
        "camera", "D-Link", "DCS-935L", "B0:C5:54", "DCS-935L", params.UDHCP, "udhcp 1.22.1", library="openssl-old",
        services=(Service("_dcp._tcp", "DCS-935L-{mac}", 80, ("mac={mac}", "model_number=DCS-935L")),
                  Service("_http._tcp", "DCS-935L-{mac}", 80)),
        habits=(CloudLink("signal.auto.mydlink.com", 60, 130, 60), Clock("ntp1.dlink.com")), serves=(80, 554, 8080),
        name="camera-hall",
    ),
    Unit(
        "camera", "TP-Link", "NC250", "50:C7:BF", "NC250", params.UDHCP_OLD, "udhcp 1.19.4", library="openssl-old",
        agent="NC250/1.3.0",
        services=(Service("_http._tcp", "NC250 {tail}", 80),),
        habits=(CloudLink("ipcserv.tplinkcloud.com", 90), CloudLink("devs.tplinkcloud.com", 120, 100, 90, 50443),
                Clock("0.pool.ntp.org"), Fetch("ipc.tplinkcloud.com", "/firmware/latest?model={model}", 14400)),
        serves=(80, 554, 8080), name="camera-kitchen",
    ),
    Unit(
        "camera", "Wyze", "Cam v3", "2C:AA:8E", "WYZE_CAKP2JFUS-{tail}", params.UDHCP, "udhcp 1.33.1", library="mbedtls",
        habits=(CloudLink("wyze-mars-service.wyzecam.com", 90, 140, 70), Check("api.wyzecam.com", 1200), Clock("time.google.com")),
        name="camera-desk",
    ),
    Unit(
        "nvr", "Hikvision", "DS-7616NI-K2", "44:19:B6", "NVR-{tail}", params.UDHCP, "udhcp 1.19.4", library="openssl-old",
        agent="NVR/3.4",
        services=(Service("_http._tcp", "HIKVISION DS-7616NI-K2 - {tail}", 80),),
        habits=(Record(10, 1), CloudLink("litedev.hik-connect.com", 60, 120, 70, 8555), Clock("time.windows.com"),
                Search("ssdp:all", 3600)),
        serves=(80, 443, 554, 8000), name="nvr",
    ),
    Unit(
        "doorbell", "Ring", "Video Doorbell Pro", "54:E0:19", "RingPro-{low}", params.DHCPCD, "", library="wolfssl",
        system="lwip", ttl=255, agent="Ring/2.1",
        habits=(CloudLink("rss-dpd-service.ring.com", 60, 90, 60, 9998), Check("wu.ring.com", 600, 2000, 700, busy=True),
                Fetch("fw.ring.com", "/firmware/check/doorbell_pro", 21600), Clock("2.pool.ntp.org")),
    ),
)  # fmt: skip
