# ruff: noqa: E501  # lists are as others write them
"""Lists of devices as others write them, each with the same camera (02:00:00:00:00:0a, 10.0.0.9)."""

import json

ISC = """\
# The format of this file is documented in the dhcpd.leases(5) manual page.
authoring-byte-order little-endian;
server-duid "\\000\\001";

lease 10.0.0.9 {
  starts 3 2024/05/08 07:08:09;
  ends 3 2024/05/08 19:08:09;
  binding state active;
  hardware ethernet 02:00:00:00:00:0a;
  uid "\\001\\002";
  client-hostname "lobby \\"cam\\"";
}
lease 10.0.0.50 {
  starts epoch 1714979289; # Mon May 06 07:08:09 2024
  hardware ethernet 02:00:00:00:00:50;
}
lease 10.0.0.51 {
  binding state free;
}
failover peer "x" state {
  my state normal at 3 2024/05/08 07:08:09;
}
"""
DNSMASQ = """\
1715151515 02:00:00:00:00:0a 10.0.0.9 lobby-cam 01:02:00:00:00:00:0a
1715151515 02:00:00:00:00:50 10.0.0.50 * *
duid 00:01:00:01:2a
1715151515 1234567 fd00::9 lobby-cam 00:01:00:01
"""
KEA = """\
address,hwaddr,client_id,valid_lifetime,expire,subnet_id,fqdn_fwd,fqdn_rev,hostname,state,user_context,pool_id
10.0.0.9,02:00:00:00:00:0a,,3600,1715155089,1,0,0,old,0,,0
10.0.0.9,02:00:00:00:00:0a,,3600,1715158689,1,0,0,lobby-cam.,0,,0
10.0.0.50,02:00:00:00:00:50,,3600,1715155089,1,0,0,,0,,0
"""
KEA_JSON = json.dumps(
    [{"result": 0, "arguments": {"leases": [
        {"ip-address": "10.0.0.9", "hw-address": "02:00:00:00:00:0a", "hostname": "lobby-cam", "cltt": 1715151489},
    ]}}]
)  # fmt: skip
CSV = """\
Device name;MAC-Address;Hostname;IP;Maker;Type;Room;Responsible;Groups;Priority;Remarks
Lobby camera;02-00-00-00-00-0A;cam-1;10.0.0.9;Axis;Camera;Lobby;Ada;"poe, outdoor";4;"over the door
behind glass"
;;;10.0.0.10;;;Office;;;;
"""
NETALERTX_CSV = """\
"devMac","devName","devOwner","devType","devVendor","devFavorite","devGroup","devComments","devFirstConnection","devLastConnection","devLastIP","devLocation"
"02:00:00:00:00:0a","Lobby camera","Ada","Camera","Axis","0","poe","over the door","2024-05-01 10:00:00","2024-05-08 07:08:09","10.0.0.9","Lobby"
"Internet","Internet","","","","0","","","","","1.2.3.4",""
"02:00:00:00:00:50","(unknown)","","","(unknown)","0","","","","","",""
"""
NETALERTX_JSON = json.dumps({"data": [{
    "devMac": "02:00:00:00:00:0a", "devName": "Lobby camera", "devOwner": "Ada", "devVendor": "Axis", "devType": "Camera",
    "devLastIP": "10.0.0.9", "devGroup": "poe", "devComments": "over the door", "devLocation": "Lobby", "devFavorite": 0,
}]})  # fmt: skip
UNIFI = json.dumps({"meta": {"rc": "ok"}, "data": [
    {"mac": "02:00:00:00:00:0a", "ip": "10.0.0.9", "hostname": "axis-cam", "name": "Lobby camera", "oui": "Axis",
     "note": "over the door", "first_seen": 1714557600, "last_seen": 1715152089, "network": "LAN", "is_wired": True},
]})  # fmt: skip
NETBOX = json.dumps({"count": 1, "results": [{
    "id": 7, "name": "Lobby camera", "device_type": {"manufacturer": {"name": "Axis"}, "model": "P3245"},
    "role": {"name": "Camera", "slug": "camera"}, "tenant": {"name": "Ada"}, "site": {"name": "HQ"},
    "location": {"name": "Lobby"}, "primary_ip4": {"address": "10.0.0.9/24"}, "serial": "X1", "comments": "over the door",
    "description": "watches the door", "tags": [{"name": "poe", "slug": "poe"}], "custom_fields": {},
}]})  # fmt: skip
PIHOLE = """\
Nov 20 10:00:00 dnsmasq[123]: query[A] example.com from 10.0.0.9
Nov 20 10:00:00 dnsmasq[123]: forwarded example.com to 9.9.9.9
Nov 20 10:00:01 dnsmasq[123]: reply example.com is 93.184.216.34
Nov 20 10:00:02 dnsmasq[123]: query[AAAA] example.com from 127.0.0.1
Nov 20 10:00:03 dnsmasq-dhcp[123]: DHCPACK(eth0) 10.0.0.50 02:00:00:00:00:50 kettle
Nov 20 10:00:04 dnsmasq[123]: query[A] ke
"""
ADGUARD = "\n".join(
    json.dumps({"T": "2024-05-08T07:08:09Z", "QH": "example.com", "QT": "A", "QC": "IN", "CP": "", "IP": ip, **more})
    for ip, more in (("10.0.0.9", {}), ("10.0.0.9", {"CID": "lobby-cam"}), ("127.0.0.1", {}), ("10.0.0.50", {}))
)
ALL = {
    "isc": ISC, "dnsmasq": DNSMASQ, "kea": KEA, "csv": CSV, "netalertx": NETALERTX_CSV, "unifi": UNIFI, "netbox": NETBOX,
    "pihole": PIHOLE, "adguard": ADGUARD,
}  # fmt: skip
