"""What a home would have, and an office has too: climate, light, voices, screens, small sensors."""

from typing import Final

from cordon.lab.catalogue import params
from cordon.lab.habits.cloud import Check, Clock, CloudLink, Download, Fetch, Play
from cordon.lab.habits.discovery import Browse, Ping, Search
from cordon.lab.habits.plant import Publish
from cordon.lab.unit import Service, Unit, Upnp

_CAST: Final = Service(
    "_googlecast._tcp", "{model}-{tail}", 8009, ("md={model}", "fn={model}", "ca=4101", "ve=05")
)
_SSDP_BASIC: Final = "urn:schemas-upnp-org:device:basic:1"
_WEMO: Final = "urn:Belkin:device:controllee:1"
_MEDIA: Final = "urn:schemas-upnp-org:device:MediaRenderer:1"

THERMOSTATS: Final = (
    Unit("thermostat", "ecobee", "ecobee3 lite", "44:61:32", "ecobee3-{low}", params.UDHCP, "udhcp 1.24.2",
         library="openssl", services=(Service("_hap._tcp", "ecobee3 {tail}", 1200, ("md=ecobee3 lite", "ci=9", "pv=1.1")),
                                      Service("_ecobee._tcp", "{mac}", 8080)),
         habits=(CloudLink("prod.ecobee.com", 180, 220, 90, 8190), Clock("pool.ntp.org"),
                 Fetch("weather.ecobee.com", "/v1/now", 1800, 700))),
    Unit("thermostat", "Nest", "Learning Thermostat", "18:B4:30", "", params.DHCPCD, "", library="openssl-old",
         agent="Nest/5.9.4", habits=(CloudLink("frontdoor.nest.com", 240, 260, 120), Clock("time.nest.com"),
                                     CloudLink("transport01.rts08.iad01.production.nest.com", 120, 90, 80, 9543))),
    Unit("thermostat", "Honeywell", "T6 Pro", "00:D0:2D", "T6Pro-{tail}", params.LWIP, "", system="lwip", ttl=255,
         library="lwip-mbedtls", habits=(CloudLink("lyric.alarmnet.com", 90, 150, 60), Clock(""))),
)  # fmt: skip

LIGHTS: Final = (
    Unit("hub", "Philips", "Hue Bridge v2", "00:17:88", "Philips-hue", params.UDHCP, "udhcp 1.19.4", library="openssl",
         agent="philips-hue-bridge", serves=(80, 443, 8080),
         services=(Service("_hue._tcp", "Philips Hue - {tail}", 443, ("bridgeid={mac}", "modelid=BSB002")),
                   Service("_hap._tcp", "Philips Hue - {tail}", 8080, ("md=BSB002", "ci=2"))),
         upnp=Upnp("Hue/1.0 UPnP/1.0 IpBridge/1.50.0", _SSDP_BASIC, 80, "/description.xml"),
         habits=(CloudLink("ws.meethue.com", 60, 100, 70), Check("diagnostics.meethue.com", 3600, 1800, 300),
                 Fetch("www.ecdinterface.philips.com", "/DevicePortalICPRequestHandler", 1800, 300, post=True),
                 Clock("time1.google.com")), name="hue"),
    Unit("light", "LIFX", "A19", "D0:73:D5", "LIFX-{tail}", params.LWIP, "", system="lwip", ttl=255, ipv6=False,
         library="lwip-mbedtls", habits=(CloudLink("v2.broker.lifx.co", 60, 70, 50, 56700), Clock("pool.ntp.org"))),
    Unit("light", "TP-Link", "LB130", "50:C7:BF", "LB130", params.LWIP, "", system="lwip", library="lwip-mbedtls",
         ipv6=False, habits=(CloudLink("devs.tplinkcloud.com", 180, 90, 80, 50443), Clock("uk.pool.ntp.org"))),
    Unit("light", "Espressif", "Shelly Bulb", "A4:CF:12", "shellybulb-{tail}", params.ESP, "", system="lwip",
         library="lwip-mbedtls", ipv6=False, serves=(80,),
         services=(Service("_http._tcp", "shellybulb-{tail}", 80, ("id=shellybulb-{tail}", "fw_id=20230913")),),
         habits=(Publish("shellies/{host}/light", 60), Clock("time.google.com"))),
)  # fmt: skip

PLUGS: Final = (
    Unit("smart-plug", "TP-Link", "HS110(EU)", "50:C7:BF", "HS110(EU)", params.UDHCP_OLD, "udhcp 0.9.9-pre",
         library="openssl-old", serves=(9999,), ipv6=False,
         habits=(CloudLink("devs.tplinkcloud.com", 120, 100, 90, 50443), Clock("time-b.nist.gov"))),
    Unit("smart-plug", "Belkin", "WeMo Insight", "94:10:3E", "wemo-insight", params.UDHCP, "udhcp 1.22.1",
         library="openssl-old", serves=(49153,), upnp=Upnp("Unspecified, UPnP/1.0, Unspecified", _WEMO, 49153, "/setup.xml"),
         habits=(CloudLink("api.xbcs.net", 300, 160, 90, 8443), Ping("", 300), Search("urn:Belkin:service:basicevent:1", 1800),
                 Clock("time.stanford.edu"))),
    Unit("smart-plug", "Espressif", "Shelly Plug S", "E8:DB:84", "shellyplug-s-{tail}", params.ESP, "", system="lwip",
         library="lwip-mbedtls", ipv6=False, serves=(80,),
         services=(Service("_http._tcp", "shellyplug-s-{tail}", 80, ("id=shellyplug-s-{tail}",)),),
         habits=(Publish("shellies/{host}/relay/0/power", 30), Clock("time.google.com"))),
)  # fmt: skip

VOICES: Final = (
    Unit("voice-assistant", "Amazon", "Echo Dot", "74:C2:46", "", params.DHCPCD, "", library="boring", agent="AmazonWebView/Echo",
         services=(Service("_amzn-wplay._tcp", "amzn.dmgr:{mac}", 55443, ("n=Echo Dot", "a=1")),),
         habits=(CloudLink("avs-alexa-4-na.amazon.com", 30, 60, 50, 443, ("h2",)), Check("device-metrics-us.amazon.com", 900, 4000, 300),
                 Check("api.amazonalexa.com", 1500, 26_000, 30_000, busy=True), Clock("ntp-g7g.amazon.com"),
                 Fetch("kindle-time.amazon.com", "/", 3600, 60), Search("upnp:rootdevice", 1200))),
    Unit("voice-assistant", "Google", "Nest Mini", "F4:F5:D8", "Google-Nest-Mini", params.DHCPCD, "dhcpcd-6.8.2:Linux-4.9",
         library="boring", services=(_CAST,), serves=(8008, 8009, 8443),
         habits=(CloudLink("clients4.google.com", 60, 90, 80, 443, ("h2",)), Check("www.google.com", 1800, 22_000, 18_000, busy=True),
                 Browse(("_googlecast._tcp",), 900), Clock("time.google.com"))),
)  # fmt: skip

SOUND: Final = (
    Unit("speaker", "Sonos", "One", "78:28:CA", "SonosZP", params.UDHCP, "udhcp 1.19.4", library="openssl", agent="Linux UPnP/1.0 Sonos/70.3",
         serves=(1400, 1443), services=(Service("_sonos._tcp", "Sonos-{mac}@Office", 1443, ("info=/api/v1/players", "vers=3")),),
         upnp=Upnp("Linux UPnP/1.0 Sonos/70.3-35220 (ZPS18)", "urn:schemas-upnp-org:device:ZonePlayer:1", 1400, "/xml/device_description.xml"),
         habits=(CloudLink("conn-i-0.ws.sonos.com", 120), Play("spotify-audio.cdn.sonos.com", 5400, 60_000, 14, 12),
                 Search("urn:schemas-upnp-org:device:ZonePlayer:1", 1800), Clock("0.sonostime.pool.ntp.org"))),
    Unit("speaker", "Bose", "SoundTouch 10", "08:DF:1F", "SoundTouch-10", params.UDHCP, "udhcp 1.21.1", library="openssl-old",
         services=(Service("_soundtouch._tcp", "Bose SoundTouch {tail}", 8090, ("MAC={mac}", "MODEL=SoundTouch")),),
         upnp=Upnp("Linux/2.6 UPnP/1.0 Bose/SoundTouch", _MEDIA, 8091, "/XD/BO5EBO5E.xml"), serves=(8090,),
         habits=(CloudLink("streaming.bose.com", 60, 100, 60), Play("audio.cdn.tunein.com", 9000, 40_000, 10, 12), Clock(""))),
)  # fmt: skip

SCREENS: Final = (
    Unit("tv", "Samsung", "QE55Q60", "8C:79:F5", "Samsung", params.UDHCP, "", library="openssl", agent="SMART-TV; Linux; Tizen 6.5",
         serves=(8001, 8002), services=(Service("_airplay._tcp", "Meeting room TV", 7000, ("model=QE55Q60", "manufacturer=Samsung")),),
         upnp=Upnp("SHP, UPnP/1.0, Samsung UPnP SDK/1.0", _MEDIA, 9197, "/dmr"),
         habits=(Check("osb-apps-v2.samsungqbe.com", 1200), CloudLink("oempprd.samsungcloudsolution.com", 300),
                 Play("cdn.samsungtvplus.net", 7200, 90_000, 10, 10), Clock("europe.pool.ntp.org"),
                 Download("fota-cdn.samsungqbe.com", "/firmware/T-KSU2E/upgrade.msd", 13.4, 9_000_000))),
    Unit("display", "LG", "55UL3J signage", "A8:23:FE", "LGwebOSTV", params.DHCPCD, "", library="openssl", agent="Mozilla/5.0 (Web0S; Linux/SmartTV)",
         serves=(3000, 3001), services=(Service("_webos._tcp", "Lobby display", 3000, ("deviceid={mac}",)),),
         upnp=Upnp("WebOS/4.1.0 UPnP/1.0", "urn:lge-com:service:webos-second-screen:1", 1834, "/"),
         habits=(CloudLink("eu.lgtvsdp.com", 240, 180, 120), Check("ibs.lgappstv.com", 1800), Clock("ntp.lgtvsdp.com"))),
    Unit("streaming", "Roku", "Streaming Stick 4K", "D8:31:34", "RokuStick", params.UDHCP, "", library="openssl", agent="Roku/DVP-12.0",
         serves=(8060,), upnp=Upnp("Roku/12.0 UPnP/1.0 Roku/12.0", "roku:ecp", 8060, "/"),
         habits=(CloudLink("scribe.logs.roku.com", 120, 400, 60), Check("api.sr.roku.com", 900), Clock("pool.ntp.org"))),
    Unit("streaming", "Google", "Chromecast Ultra", "54:60:09", "Chromecast-Ultra", params.DHCPCD, "", library="boring",
         services=(_CAST,), serves=(8008, 8009), habits=(CloudLink("clients3.google.com", 90, 90, 70, 443, ("h2",)),
                 Fetch("connectivitycheck.gstatic.com", "/generate_204", 900, 2), Clock("time.google.com"))),
    Unit("photo-frame", "Pix-Star", "FotoConnect XD", "E0:76:D0", "pix-star", params.UDHCP_OLD, "udhcp 1.15.2", library="openssl-old",
         agent="Pixstar", habits=(Check("api.pix-star.com", 900), Fetch("iptime.pix-star.com", "/time", 3600, 40, "text/plain"))),
)  # fmt: skip

SENSORS: Final = (
    Unit("smoke-detector", "Nest", "Protect", "18:B4:30", "", params.LWIP, "", system="lwip", ttl=255, library="wolfssl",
         habits=(Check("czfe03.front01.iad01.production.nest.com", 1200, 700, 300, 11095), Clock("time.nest.com"))),
    Unit("smoke-detector", "Nest", "Protect", "64:16:66", "", params.LWIP, "", system="lwip", ttl=255, library="wolfssl",
         habits=(Check("czfe04.front01.iad01.production.nest.com", 1200, 700, 300, 11095), Clock("time.nest.com"))),
    Unit("weather-station", "Netatmo", "NWS01", "70:EE:50", "", params.LWIP, "", system="lwip", ttl=255, ipv6=False,
         library="lwip-mbedtls", habits=(CloudLink("netcom.netatmo.net", 300, 240, 60, 25050),)),
    Unit("scale", "Withings", "Body+", "00:24:E4", "", params.LWIP, "", system="lwip", ttl=64, ipv6=False, library="lwip-mbedtls",
         habits=(Fetch("scalews.withings.net", "/cgi-bin/once", 7200, 200, "text/plain", post=True),)),
    Unit("air-quality", "Espressif", "Air monitor", "24:0A:C4", "air-{low}", params.ESP, "", system="lwip", library="lwip-mbedtls", ipv6=False,
         habits=(Publish("air/{host}", 60), Check("ota.awair.is", 7200), Clock(""))),
    Unit("sensor", "Espressif", "Room sensor", "24:6F:28", "room-{low}", params.ESP, "", system="lwip", library="lwip-mbedtls", ipv6=False,
         habits=(Publish("site/{host}/climate", 60, "sensors", "Wq8-room-71"), Clock(""))),
    Unit("sensor", "Espressif", "Door contact", "8C:AA:B5", "door-{low}", params.ESP, "", system="lwip", library="lwip-mbedtls", ipv6=False,
         habits=(Publish("site/{host}/door", 120, "sensors", "Wq8-room-71"), Clock(""))),
    Unit("sensor", "Belkin", "WeMo Motion", "EC:1A:59", "wemo-motion", params.UDHCP, "udhcp 1.18.5", library="openssl-old",
         upnp=Upnp("Unspecified, UPnP/1.0, Unspecified", "urn:Belkin:device:sensor:1", 49153, "/setup.xml"), serves=(49153,),
         habits=(CloudLink("devices.xbcs.net", 300, 160, 90, 8899), Ping("", 300), Clock("time.stanford.edu"))),
    Unit("water-sensor", "Espressif", "Leak sensor", "84:F3:EB", "leak-{low}", params.ESP, "", system="lwip", library="lwip-mbedtls", ipv6=False,
         habits=(Publish("site/{host}/leak", 180, "sensors", "Wq8-room-71"), Clock(""))),
)  # fmt: skip
