"""Office things: printers, telephones, doors, storage, servers."""

from typing import Final

from cordon.lab.catalogue import params
from cordon.lab.habits.cloud import Check, Clock, CloudLink, Fetch, Upload
from cordon.lab.habits.service import Badge, PrinterStatus, Register, Watch
from cordon.lab.unit import Service, Unit, Upnp

_PRINTS: Final = (9100, 631, 80, 443)


def _printed(instance: str, make: str) -> tuple[Service, ...]:
    txt = (
        "txtvers=1",
        "rp=ipp/print",
        f"ty={make}",
        f"usb_MFG={make.split(maxsplit=1)[0]}",
        "pdl=application/pdf,image/urf",
    )
    return (
        Service("_ipp._tcp", instance, 631, txt),
        Service("_pdl-datastream._tcp", instance, 9100, txt),
        Service("_http._tcp", instance, 80),
    )


PRINTERS: Final = (
    Unit(
        "printer",
        "HP",
        "OfficeJet Pro 8720",
        "9C:7B:EF",
        "HP{tail}",
        params.JETDIRECT,
        "Hewlett-Packard OfficeJet",
        library="openssl-old",
        web="HP HTTP Server; HP OfficeJet Pro 8720 - M9L74A; Serial Number: CN6{tail}; Built: Sep 2017",
        serves=_PRINTS,
        services=_printed("HP OfficeJet Pro 8720 [{tail}]", "HP OfficeJet Pro 8720"),
        agent="HP-ePrint/1.0",
        habits=(CloudLink("chat.hpeprint.com", 120, 100, 60), Check("h10141.www1.hp.com", 14400), Clock("")),
        name="printer1",
    ),
    Unit(
        "printer",
        "Brother",
        "HL-L2370DN",
        "30:05:5C",
        "BRN30055C{tail}",
        params.BROTHER,
        "",
        system="plain",
        library="openssl-old",
        web="debut/1.30",
        serves=_PRINTS,
        services=_printed("Brother HL-L2370DN series", "Brother HL-L2370DN series"),
        habits=(Clock(""),),
        name="printer2",
    ),
    Unit(
        "printer",
        "Canon",
        "MF645C",
        "60:12:8B",
        "Canon{tail}",
        params.CANON,
        "Canon MF640C Series",
        system="plain",
        library="openssl-old",
        web="CANON HTTP Server",
        serves=_PRINTS,
        services=_printed("Canon MF645C ({tail})", "Canon MF645C/643C"),
        habits=(Check("gdlp01.c-wss.com", 7200), Clock("")),
        name="printer3",
    ),
)


def _phone(number: str) -> Unit:
    return Unit(
        "voip-phone",
        "Yealink",
        "SIP-T42S",
        "80:5E:C0",
        "SIP-T42S",
        params.YEALINK,
        "yealink",
        library="openssl-old",
        agent="Yealink SIP-T42S 66.85.0.5 {mac}",
        web="yealink embed httpd",
        serves=(80, 443),
        habits=(
            Register("sip.provider-voice.net", number, 240),
            Clock(""),
            Fetch("rps.yealink.com", "/{mac}.cfg", 28800),
        ),
    )


PHONES: Final = (
    *(_phone(number) for number in ("2001", "2002", "2003")),
    Unit(
        "voip-phone",
        "Snom",
        "D725",
        "00:04:13",
        "snomD725-{tail}",
        params.YEALINK,
        "snomD725",
        library="openssl",
        agent="snomD725/10.1.54.13",
        web="snom embedded",
        serves=(80, 443),
        habits=(Register("sip.provider-voice.net", "2010", 240), Clock("")),
    ),
    Unit(
        "conference",
        "Polycom",
        "SoundStation IP 7000",
        "00:04:F2",
        "Polycom_{low}",
        params.POLYCOM,
        "Polycom-SSIP7000",
        library="openssl-old",
        agent="PolycomSoundStationIP-SSIP_7000-UA/4.0.14",
        web="Polycom SoundPoint IP Telephone HTTPd",
        serves=(80,),
        habits=(Register("sip.provider-voice.net", "2090", 300), Clock("")),
    ),
)

DOORS: Final = (
    Unit(
        "badge-reader",
        "Suprema",
        "BioEntry W2",
        "00:17:FC",
        "BioEntryW2-{tail}",
        params.UDHCP,
        "udhcp 1.23.2",
        library="mbedtls",
        serves=(51211,),
        habits=(Badge(150), Clock("")),
    ),
    Unit(
        "badge-reader",
        "HID",
        "EVO Edge EHR40",
        "00:06:8E",
        "EdgeEVO-{tail}",
        params.UDHCP_OLD,
        "udhcp 1.15.3",
        library="openssl-old",
        serves=(443, 4070),
        habits=(Badge(300), Clock("")),
    ),
    Unit(
        "door-lock",
        "Nuki",
        "Smart Lock 3.0 Pro",
        "54:D2:72",
        "Nuki_{tail}",
        params.ESP,
        "",
        system="lwip",
        library="lwip-mbedtls",
        ipv6=False,
        habits=(CloudLink("bridge-server.nuki.io", 60, 70, 50, 8883), Clock("pool.ntp.org")),
    ),
)

SERVERS: Final = (
    Unit(
        "server",
        "Supermicro",
        "SYS-5019",
        "AC:1F:6B",
        "fileserver",
        params.DHCLIENT,
        "",
        library="openssl",
        agent="Debian APT-HTTP/1.3 (2.6.1)",
        serves=(22, 80, 443, 445, 8443),
        services=(
            Service("_smb._tcp", "FILESERVER", 445),
            Service("_device-info._tcp", "FILESERVER", 9, ("model=RackMac",)),
        ),
        habits=(
            PrinterStatus(600),
            Watch(150),
            Fetch("www.kernel.org", "/releases.json", 21600, 8_000, "text/plain"),
            Check("login.microsoftonline.com", 900),
            Clock("1.debian.pool.ntp.org"),
        ),
        name="server",
    ),
    Unit(
        "nas",
        "Synology",
        "DS920+",
        "00:11:32",
        "DiskStation",
        params.UDHCP,
        "udhcp 1.16.1",
        library="openssl",
        agent="synology_geminilake_920+",
        web="nginx",
        serves=(21, 22, 80, 443, 445, 5000, 5001),
        services=(
            Service("_http._tcp", "DiskStation", 5000, ("vendor=Synology", "model=DS920+", "mac_address={mac}")),
            Service("_smb._tcp", "DiskStation", 445),
            Service("_adisk._tcp", "DiskStation", 9, ("sys=waMA={mac}",)),
        ),
        upnp=Upnp(
            "Synology/DSM/192.168.40.11",
            "urn:schemas-upnp-org:device:Basic:1",
            5000,
            "/ssdp/desc-DSM-eth0.xml",
        ),
        habits=(
            CloudLink("global.quickconnect.to", 60, 90, 60),
            Check("update7.synology.com", 21600),
            Clock("time.google.com"),
            Upload("backup-eu.c2.synology.com", 1.0),
            Upload("backup-eu.c2.synology.com", 22.0),
        ),
        name="nas",
    ),
    Unit(
        "broker",
        "Raspberry Pi",
        "4 Model B",
        "DC:A6:32",
        "mqtt-broker",
        params.NETWORKD,
        "",
        library="go",
        serves=(22, 1883, 8883),
        services=(
            Service("_mqtt._tcp", "mosquitto on {host}", 1883),
            Service("_workstation._tcp", "mqtt-broker [{mac}]", 9),
        ),
        agent="Debian APT-HTTP/1.3 (2.6.1)",
        habits=(
            Check("api.github.com", 14400),
            Clock("2.debian.pool.ntp.org"),
            Fetch("archive.raspberrypi.com", "/debian/dists/bookworm/InRelease", 21600, 8_000, "text/plain"),
        ),
        name="broker",
    ),
)
