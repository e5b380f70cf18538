"""The small plant behind the office: control, building services, power."""

from typing import Final

from cordon.lab.catalogue import params
from cordon.lab.habits.cloud import Check, Clock, CloudLink
from cordon.lab.habits.plant import Poll, Subscribe, WhoIs
from cordon.lab.unit import Unit

UNITS: Final = (
    Unit("plc", "Siemens", "S7-1200", "28:63:36", "plc-line1", params.PLANT, "", system="plain", ttl=30, serves=(102, 502, 80),
         ipv6=False, habits=(Clock(""),), name="plc"),
    Unit("hmi", "Advantech", "TPC-1051WP", "00:D0:C9", "HMI-LINE1", params.WINDOWS, "MSFT 5.0", system="windows", ttl=128,
         library="schannel", habits=(Poll("plc", 5, 0, 16, writes=True), Clock("")), name="hmi"),
    Unit("plc", "WAGO", "PFC200", "00:30:DE", "PFC200V3-{tail}", params.UDHCP, "udhcp 1.31.1", serves=(80, 443, 502),
         habits=(Clock(""),), name="plc2"),
    Unit("bms", "Johnson Controls", "NAE55", "00:10:8D", "NAE55-{tail}", params.WINDOWS, "MSFT 5.0", system="windows", ttl=128,
         library="schannel", serves=(80, 443), habits=(WhoIs(900), Poll("meter", 10, 40, 24), Poll("plc2", 15, 0, 8), Clock("")), name="bms"),
    Unit("energy-meter", "Janitza", "UMG 604", "00:0E:6B", "UMG604-{tail}", params.PLANT, "", system="plain", ttl=64, serves=(80, 502),
         ipv6=False, habits=(Clock(""),), name="meter"),
    Unit("industrial-gateway", "Phoenix Contact", "AXC F 1152", "00:A0:45", "axcf1152", params.NETWORKD, "", serves=(443, 4840),
         library="openssl", habits=(Subscribe("site/#", 30), CloudLink("api.proficloud.io", 60, 300, 80, 8883), Clock(""))),
    Unit("ups", "APC", "Smart-UPS 1500", "00:C0:B7", "apc{tail}", params.APC, "APC", system="plain", library="openssl-old",
         serves=(23, 80, 443), ipv6=False, habits=(Clock(""),), name="ups"),
    Unit("solar-inverter", "SMA", "Sunny Tripower", "00:15:BB", "SMA{tail}", params.UDHCP, "udhcp 1.20.2", library="openssl-old",
         serves=(80, 443), habits=(Check("wbx.sunnyportal.com", 900, 2200, 300), Clock("ntp.sunny-portal.com"))),
    Unit("ev-charger", "KEBA", "KeContact P30", "00:60:B5", "KEBA-{tail}", params.LWIP, "", system="lwip", library="lwip-mbedtls",
         ipv6=False, habits=(CloudLink("ocpp.charge-service.eu", 120, 130, 60), Clock("pool.ntp.org"))),
)  # fmt: skip
