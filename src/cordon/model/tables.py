"""The schemas of all traffic tables: the one contract between whatever brings traffic in and whatever reads it.

Every source (the native engine first of all) yields exactly these columns, in this order. Conventions:

- Times are ``Int64`` microseconds since the Unix epoch (UTC); spans are microseconds too.
- Counters are ``Int64`` so that differences never wrap.
- MAC addresses are lower-case with colons, IP addresses in their canonical text (RFC 5952 for IPv6).
- "Not there" is an empty string or 0 for scalars; the tables hold no nulls.
- ``segment`` names the broadcast domain: ``lan`` untagged, ``lan.12`` on VLAN 12.
- ``step`` is the start of the epoch-aligned `STEP` a row belongs to. Sources cut rows at every step, so that
  the outcome never depends on how long the windows are.
"""

from typing import Any, Final

import polars as pl

SECOND: Final = 1_000_000
MINUTE: Final = 60 * SECOND
HOUR: Final = 60 * MINUTE
DAY: Final = 24 * HOUR

STEP: Final = 10 * SECOND
"""The grid on which everything is judged. Windows are a divisor or a multiple of it."""

Schema = dict[str, pl.DataType | type[pl.DataType]]

FLOWS: Final[Schema] = {
    "step": pl.Int64,
    "flow": pl.UInt64,  # the same on every row of one flow; derived from its first packet
    "segment": pl.String,
    "is_first": pl.Boolean,
    "is_last": pl.Boolean,
    "began": pl.Int64,  # first packet of the whole flow
    "first": pl.Int64,  # first and last packet within this row
    "last": pl.Int64,
    "src_mac": pl.String,  # `src` is who opened the flow, or is taken for it
    "dst_mac": pl.String,
    "src": pl.String,
    "dst": pl.String,
    "src_port": pl.UInt16,  # ICMP: type
    "dst_port": pl.UInt16,  # ICMP: code
    "proto": pl.UInt8,  # IANA protocol number
    "opener_known": pl.Boolean,  # the opening was seen (a SYN, or the first datagram of a question)
    "packets_out": pl.Int64,  # out: from src; in: to src; since this flow's previous row
    "packets_in": pl.Int64,
    "bytes_out": pl.Int64,  # whole frames
    "bytes_in": pl.Int64,
    "payload_out": pl.Int64,  # above TCP or UDP
    "payload_in": pl.Int64,
    "resent_out": pl.Int64,  # TCP segments whose bytes had come before
    "resent_in": pl.Int64,
    "size_min": pl.Int64,  # of the frames of both ways, bytes
    "size_max": pl.Int64,
    "size_squares": pl.Int64,  # sum of their squares: with packets and bytes it gives the variance
    "gap_min": pl.Int64,  # between this row's packets and those before them, both ways, µs
    "gap_max": pl.Int64,
    "gap_sum": pl.Int64,
    "gap_squares": pl.Int64,  # sum of their squares, µs²
    "sizes": pl.List(pl.Int32),  # of the flow's first 16 packets those in this row: frame bytes, negative towards src
    "gaps": pl.List(pl.Int64),  # µs before each of `sizes`; 0 before the flow's first
    "flags_out": pl.UInt8,  # TCP flags seen so far, or-ed
    "flags_in": pl.UInt8,
    "state": pl.String,  # so far: "" (not TCP), opening, refused, open, closed, reset, partial (opening not seen)
    "service": pl.String,  # recognised from content: dns, tls, http, mqtt, ssh, telnet, ntp, dhcp, mdns, ssdp, …
    "name": pl.String,  # TLS server name or HTTP host, as far as known by this row
    "ja4": pl.String,
    "end": pl.String,  # with is_last: closed, reset, idle, evicted, finished (the input ended)
}

DNS: Final[Schema] = {
    "step": pl.Int64,
    "time": pl.Int64,
    "flow": pl.UInt64,
    "segment": pl.String,
    "mac": pl.String,  # of the client: who asks
    "client": pl.String,
    "server": pl.String,
    "transport": pl.String,  # dns, mdns, llmnr, nbns
    "is_response": pl.Boolean,
    "name": pl.String,  # lower case, no final dot; unprintable bytes as \DDD
    "type": pl.String,  # A, AAAA, PTR, TXT, … or TYPE65535
    "rcode": pl.String,  # "" in a question; NOERROR, NXDOMAIN, …
    "answers": pl.List(pl.String),  # addresses and names answered
    "ttl": pl.Int64,  # the least of the answers, seconds
    "size": pl.Int64,  # of the message, bytes
}

TLS: Final[Schema] = {
    "step": pl.Int64,
    "time": pl.Int64,
    "flow": pl.UInt64,
    "segment": pl.String,
    "mac": pl.String,  # of the client
    "client": pl.String,
    "server": pl.String,
    "port": pl.UInt16,
    "is_response": pl.Boolean,  # a row for the client's hello, another for what the server says in clear
    "sni": pl.String,  # server name asked for, on both rows
    "alpn": pl.String,  # first offered; chosen by the server ("" from TLS 1.3 on, which hides it)
    "version": pl.String,  # highest offered; chosen by the server: SSL2, SSL3, TLS1.0 … TLS1.3, DTLS1.0 … DTLS1.3
    "ja3": pl.String,  # of the client, on its row alone: MD5, hex
    "ja4": pl.String,  # of the client, on its row alone
    "cipher": pl.String,  # suite chosen by the server, by its IANA name or as 0xC02F
    "subject": pl.String,  # from here on: the server's certificate, where it is sent in clear (up to TLS 1.2)
    "issuer": pl.String,
    "not_before": pl.Int64,  # µs
    "not_after": pl.Int64,  # µs
    "key_type": pl.String,  # rsa, ec, ed25519, dsa, …
    "key_bits": pl.Int64,
    "signature": pl.String,  # algorithm it is signed with: sha256-rsa, sha1-rsa, md5-rsa, sha256-ecdsa, …
    "self_signed": pl.Boolean,  # subject and issuer are the same
    "certificate": pl.String,  # SHA-256 of the certificate, hex
}

QUIC: Final[Schema] = {
    "step": pl.Int64,
    "time": pl.Int64,
    "flow": pl.UInt64,
    "segment": pl.String,
    "mac": pl.String,  # of the client
    "client": pl.String,
    "server": pl.String,
    "port": pl.UInt16,
    "version": pl.String,  # of QUIC: 1, 2, draft-29, … or 0x51303433
    "sni": pl.String,
    "alpn": pl.String,  # first offered
    "ja4": pl.String,
}

HTTP: Final[Schema] = {
    "step": pl.Int64,
    "time": pl.Int64,
    "flow": pl.UInt64,
    "segment": pl.String,
    "mac": pl.String,  # of the client
    "client": pl.String,
    "server": pl.String,
    "port": pl.UInt16,
    "is_response": pl.Boolean,
    "method": pl.String,
    "host": pl.String,
    "path": pl.String,  # without the query
    "agent": pl.String,
    "status": pl.UInt16,
    "server_name": pl.String,  # the Server header
    "content_type": pl.String,
    "realm": pl.String,  # of a WWW-Authenticate header
}

LOGINS: Final[Schema] = {
    "step": pl.Int64,
    "time": pl.Int64,
    "flow": pl.UInt64,
    "segment": pl.String,
    "mac": pl.String,  # of the client
    "server_mac": pl.String,
    "client": pl.String,
    "server": pl.String,
    "port": pl.UInt16,
    "service": pl.String,  # http, ftp, telnet, mqtt, …
    "user": pl.String,
    "outcome": pl.String,  # "" not seen, success, failure
    "clear": pl.Boolean,  # the secret crossed the wire unencrypted
    "secret": pl.String,  # keyed BLAKE2s-128 of user NUL password, hex; "" when none; never the secret itself
}

MQTT: Final[Schema] = {
    "step": pl.Int64,
    "time": pl.Int64,
    "flow": pl.UInt64,
    "segment": pl.String,
    "mac": pl.String,  # of the client
    "client": pl.String,
    "server": pl.String,
    "port": pl.UInt16,
    "message": pl.String,  # connect, connack, publish, subscribe, unsubscribe, disconnect
    "is_by_server": pl.Boolean,  # who sent it
    "client_id": pl.String,  # of the connection, as far as it was seen
    "user": pl.String,
    "has_password": pl.Boolean,
    "level": pl.UInt8,  # protocol level: 3 (3.1), 4 (3.1.1), 5
    "result": pl.String,  # of a connack: accepted, bad-password, not-authorised, …
    "topic": pl.String,  # of a publish; a filter of a subscribe; the will's of a connect
    "qos": pl.UInt8,
    "retain": pl.Boolean,
    "size": pl.Int64,  # of the payload of a publish or of the will, bytes
}

COAP: Final[Schema] = {
    "step": pl.Int64,
    "time": pl.Int64,
    "flow": pl.UInt64,
    "segment": pl.String,
    "mac": pl.String,  # of the client: who asks
    "client": pl.String,
    "server": pl.String,
    "port": pl.UInt16,
    "is_response": pl.Boolean,
    "kind": pl.String,  # confirmable, non-confirmable, acknowledgement, reset
    "code": pl.String,  # GET, POST, …; 2.05, 4.04, …
    "path": pl.String,  # of the resource, without the query
    "host": pl.String,
    "format": pl.String,  # media type of the payload
    "observe": pl.Boolean,  # asks to be told of changes, or tells of one
    "size": pl.Int64,  # of the payload, bytes
}

OT: Final[Schema] = {
    "step": pl.Int64,
    "time": pl.Int64,
    "flow": pl.UInt64,
    "segment": pl.String,
    "mac": pl.String,  # of the client: who asks (the master)
    "server_mac": pl.String,
    "client": pl.String,
    "server": pl.String,
    "port": pl.UInt16,
    "protocol": pl.String,  # modbus, s7comm, dnp3, bacnet, enip, iec104, opcua, knx
    "is_response": pl.Boolean,
    "function": pl.Int64,  # the protocol's number of the operation
    "operation": pl.String,  # its name in the protocol's own terms: read holding registers, write var, …
    "access": pl.String,  # read, write, control (start, stop, reset, download, …), or "" for all else
    "unit": pl.String,  # what is addressed behind the server: unit id, device instance, station, slot
    "address": pl.String,  # of the first item: register, DB1.DBX0.0, object and property, node id
    "quantity": pl.Int64,  # how many items
    "value": pl.String,  # the first values read or written, with commas, as far as clear
    "result": pl.String,  # of a response: ok, or the error's name
}

FILES: Final[Schema] = {
    "step": pl.Int64,
    "time": pl.Int64,  # when its last byte was seen
    "flow": pl.UInt64,
    "segment": pl.String,
    "mac": pl.String,  # of the client
    "client": pl.String,
    "server": pl.String,
    "port": pl.UInt16,
    "service": pl.String,  # http, ftp, tftp, smtp, …
    "is_upload": pl.Boolean,  # from the client to the server
    "name": pl.String,
    "kind": pl.String,  # media type its first bytes tell: application/x-executable, text/x-shellscript, …; or ""
    "size": pl.Int64,  # bytes seen
    "is_whole": pl.Boolean,
    "sha256": pl.String,  # of all its bytes, hex; "" unless it is whole
}

ARP: Final[Schema] = {
    "step": pl.Int64,
    "time": pl.Int64,
    "segment": pl.String,
    "mac": pl.String,  # of the frame's sender
    "operation": pl.String,  # request, reply
    "sender_mac": pl.String,
    "sender_ip": pl.String,
    "target_mac": pl.String,
    "target_ip": pl.String,
}

DHCP: Final[Schema] = {
    "step": pl.Int64,
    "time": pl.Int64,
    "segment": pl.String,
    "mac": pl.String,  # of the client the message is about (chaddr)
    "sender_mac": pl.String,  # of the frame
    "message": pl.String,  # discover, offer, request, ack, …; solicit, advertise, … for DHCPv6
    "ip": pl.String,  # offered, requested or leased
    "server": pl.String,
    "router": pl.String,
    "dns": pl.String,
}

SIGHTINGS: Final[Schema] = {
    "step": pl.Int64,
    "time": pl.Int64,  # first time within the step; later repeats within the step are left out
    "segment": pl.String,
    "mac": pl.String,
    "ip": pl.String,  # "" when the evidence names none
    "field": pl.String,  # one of SIGHTING_FIELDS
    "value": pl.String,
}

SIGHTING_FIELDS: Final[dict[str, str]] = {
    "mac": "a unicast source address was seen; value is empty",
    "ip": "this MAC owns this address (ARP sender, DHCP lease, neighbour discovery); value: arp, dhcp or nd",
    "ip.source": "this MAC sent from this address, which may lie behind a router; value is empty",
    "dhcp.hostname": "host name the client sent (option 12)",
    "dhcp.vendor": "vendor class (option 60; DHCPv6 option 16)",
    "dhcp.params": "requested options in their order, comma-separated (option 55; DHCPv6 option 6)",
    "dhcp.serves": "answers as a DHCP server; value: the router it hands out",
    "mdns.name": "own host name announced (the name of an A or AAAA record, without .local)",
    "mdns.service": "service type announced, e.g. _ipp._tcp",
    "mdns.instance": "instance name announced, as `name|service`",
    "mdns.txt": "one TXT pair, as `key=value|service`",
    "ssdp.server": "SERVER header",
    "ssdp.type": "NT or ST header of an announcement or answer",
    "ssdp.usn": "USN header",
    "ssdp.location": "LOCATION header",
    "http.agent": "User-Agent sent",
    "http.server": "Server header answered with",
    "http.realm": "realm asked for",
    "tls.sni": "server name asked for, over TLS, DTLS or QUIC",
    "tls.ja3": "older fingerprint of its ClientHello (JA3)",
    "tls.ja4": "fingerprint of its ClientHello (JA4); over QUIC it begins with q, over DTLS with d",
    "tls.subject": "subject of the certificate it showed as a server, as RFC 4514 writes names",
    "tls.issuer": "issuer of the certificate it showed as a server",
    "tls.names": "other names its certificate is for, as `port name,name`; of servers of the local network",
    "tls.key": "SHA-256 of the public key it showed, as `port hex`; of servers of the local network",
    "dns.query": "name asked of a DNS server",
    "dns.serves": "answers DNS questions; value is empty",
    "nbns.name": "NetBIOS name registered or answered for",
    "llmnr.name": "LLMNR name answered for",
    "ssh.banner": "identification line it sent",
    "ssh.hassh": "fingerprint of the algorithms it offered: client:MD5 (HASSH) or server:MD5 (hasshServer)",
    "ssh.offers": "algorithms it offered: client: or server: and the lists for keys' exchange;host keys;ciphers;MACs",
    "ssh.hostkey": "key it showed as a server: kind, bits (0 on curves) and SHA-256 in hex, with blanks between",
    "telnet.banner": "first text it sent as a Telnet server",
    "ftp.banner": "first line it sent as an FTP server, without its code",
    "smtp.banner": "first line it sent as a mail server (SMTP), without its code",
    "pop.banner": "first line it sent as a mailbox server (POP3)",
    "imap.banner": "first line it sent as a mailbox server (IMAP)",
    "mqtt.client": "client id it connected with",
    "mqtt.topic": "topic it published to a broker; the first few of each connection and step",
    "ntp.client": "asks for time; value: the server",
    "tcp.serves": "accepted a connection; value: port",
    "tcp.syn": "how it opens connections, as `ttl_window_mss_scale_options`: initial TTL, decimals, kinds with commas",
    "tcp.synack": "how it grants connections, written as tcp.syn",
    "ip.eui64": "its IPv6 address is made from this MAC; the MAC of a device behind a router, too",
    "lldp.name": "system name announced to neighbours (LLDP)",
    "lldp.description": "system description announced to neighbours (LLDP)",
    "lldp.capabilities": "capabilities in use (LLDP), with commas: bridge, access-point, router, telephone, station, …",
    "lldp.maker": "manufacturer in the inventory of a media endpoint (LLDP-MED)",
    "lldp.model": "model in the inventory of a media endpoint (LLDP-MED)",
    "lldp.firmware": "firmware revision, or else software revision, in the inventory of a media endpoint (LLDP-MED)",
    "cdp.name": "device id announced to neighbours (CDP)",
    "cdp.platform": "platform announced to neighbours (CDP)",
    "cdp.version": "software version announced to neighbours (CDP)",
    "eapol": "takes part in port authentication; value: supplicant or authenticator",
    "stp": "sends spanning tree messages; value: root (takes itself for the root) or bridge",
    "wsd.types": "service types in an announcement or answer of WS-Discovery, with blanks between",
    "wsd.scopes": "scopes in an announcement or answer of WS-Discovery (ONVIF), with blanks between",
    "snmp.description": "sysDescr it answered with",
    "snmp.version": "version it answered in: 1, 2c or 3",
    "snmp.community": "keyed BLAKE2s-128 of NUL and the community it answered to, hex; never the community itself",
    "rtsp.access": "open: played to somebody who never signed in; guarded: asked for a sign-in",
    "onvif.access": "`open:` or `guarded:` and the operation that somebody unknown called (ONVIF)",
    "sip.agent": "User-Agent or Server field of SIP it sent",
    "coap.path": "path of the CoAP resource it asked for",
    "coap.resource": "resource in a list it sent (RFC 6690), as `path` or `path|type`",
    "coap.device": "how it names itself in a status of CoIoT (Shelly), as `model#id#version`",
    "tuya.id": "device id it announced (Tuya)",
    "tuya.product": "key of its product it announced (Tuya)",
    "tuya.version": "version of the protocol it announced (Tuya)",
    "tplink.id": "device id it answered with (TP-Link Kasa, Tapo)",
    "tplink.alias": "name its owner gave it, as it answered (TP-Link)",
    "tplink.model": "model it answered with (TP-Link)",
    "tplink.type": "kind of device it answered with, e.g. IOT.SMARTPLUGSWITCH (TP-Link)",
    "tplink.hardware": "version of its hardware it answered with (TP-Link)",
    "tplink.firmware": "version of its firmware it answered with (TP-Link)",
    "miio.id": "device id it answered with (Xiaomi miIO)",
    "upnp.mapping": "port it had a router open, as `TCP 8080 to 192.168.1.20:80` (UPnP)",
    "upnp.type": "type of its root device in the description it gave (UPnP)",
    "upnp.name": "friendly name in the description it gave (UPnP)",
    "upnp.maker": "manufacturer in the description it gave (UPnP)",
    "upnp.model": "model name in the description it gave (UPnP)",
    "upnp.number": "model number in the description it gave (UPnP)",
    "upnp.serial": "serial number in the description it gave (UPnP)",
    "kerberos.user": "user it asked tickets for, as `name@REALM`",
    "kerberos.host": "own name as a computer that asked for tickets, or NetBIOS name among its addresses (Kerberos)",
    "ldap.user": "name it bound to a directory with",
    "ldap.base": "where in a directory it searched",
    "ldap.host": "own host name when it looked for the controller of its domain (LDAP over UDP)",
    "smb.version": "speaks SMB; value: 1, 2 (also of version 3) or 3 (enciphered)",
    "smb.host": "name by which a client connected to its shares (SMB 2)",
    "smb.system": "own system and software when it begins a session of SMB 1, as `system|software`",
    "ntlm.host": "own NetBIOS name in an NTLM challenge or the answer to one",
    "ntlm.domain": "domain in an NTLM challenge or the answer to one",
    "ntlm.version": "version of the proof it signed in with (NTLM): 1 or 2",
    "modbus.vendor": "vendor name in its device identification (Modbus function 43/14)",
    "modbus.product": "product code in its device identification",
    "modbus.revision": "revision in its device identification",
    "modbus.name": "product name in its device identification",
    "modbus.model": "model name in its device identification",
    "s7.module": "order number of its module (system status list 0x11 of S7)",
    "s7.firmware": "firmware of its module (system status list 0x11)",
    "s7.name": "name of the automation system (system status list 0x1c)",
    "s7.type": "type of its module (system status list 0x1c)",
    "s7.serial": "serial number of its module (system status list 0x1c)",
    "dnp3.address": "DNP3 link address it sent from",
    "bacnet.device": "instance of the BACnet device it announced",
    "bacnet.vendor": "vendor of the BACnet device: announced by number, or the vendor-name it answered with",
    "bacnet.model": "model-name it answered with",
    "bacnet.name": "object-name of the BACnet device it answered with",
    "bacnet.firmware": "firmware-revision it answered with",
    "enip.vendor": "vendor in its CIP identity",
    "enip.type": "kind of device in its CIP identity: programmable logic controller, ac drive, …",
    "enip.product": "product name in its CIP identity",
    "enip.revision": "revision in its CIP identity",
    "enip.serial": "serial number in its CIP identity, hex",
    "opcua.name": "name of its OPC UA application",
    "opcua.uri": "URI of its OPC UA application",
    "opcua.product": "product URI of its OPC UA application",
    "profinet.name": "name of station it answered with (PROFINET DCP)",
    "profinet.type": "kind of station as its maker calls it (PROFINET DCP)",
    "profinet.vendor": "vendor in its PROFINET device id",
    "profinet.device": "device in its PROFINET device id, 0x and four hex digits",
    "profinet.role": "roles it answered with (PROFINET DCP), with commas: device, controller, multidevice, supervisor",
    "knx.name": "friendly name of the KNXnet/IP device",
    "knx.address": "individual address of the KNXnet/IP device",
    "knx.medium": "medium of the KNXnet/IP device: TP, PL110, RF, IP",
    "knx.serial": "serial number of the KNXnet/IP device, hex",
}

HEADS: Final[Schema] = {
    "step": pl.Int64,
    "time": pl.Int64,
    "segment": pl.String,
    "mac": pl.String,  # of the sender; of each the first 256 packets are told
    "gap": pl.Int64,  # since the sender's packet before, µs; -1 for its first
    "size": pl.Int64,  # whole frame, bytes
    "cast": pl.String,  # unicast, multicast, broadcast: whom the frame is to
    "ether": pl.UInt16,  # EtherType; that of PPP, LLC and the like as the link layer reads them
    "proto": pl.UInt8,  # IANA protocol number; 0 where it is no IP
    "ttl": pl.UInt8,  # time to live, or hop limit
    "options": pl.UInt8,  # bytes of options of IP
    "src_port": pl.UInt16,
    "dst_port": pl.UInt16,
    "flags": pl.UInt8,  # of TCP
    "window": pl.UInt16,  # of TCP, as it stands in the header
    "header": pl.UInt8,  # bytes of the header of TCP
    "mss": pl.UInt16,  # the segment size a SYN offers; 0 where it does not
    "payload": pl.Int64,  # above TCP or UDP, else above IP or the link, captured bytes
    "entropy": pl.UInt16,  # of the first 256 bytes of it, thousandths of a bit for each byte
}
"""The first packets of each sender. No address, number, identifier or checksum: what is learned from this table is how
devices of a type speak, and holds for another one of it."""

ALERTS: Final[Schema] = {
    "step": pl.Int64,
    "time": pl.Int64,
    "flow": pl.UInt64,  # that of the row of `flows` from the same sensor; 0 where it names none
    "segment": pl.String,
    "src_mac": pl.String,  # `src` sent what was noticed, or did it
    "dst_mac": pl.String,
    "src": pl.String,
    "dst": pl.String,
    "src_port": pl.UInt16,
    "dst_port": pl.UInt16,
    "proto": pl.UInt8,
    "source": pl.String,  # which sensor says so: suricata, zeek
    "signature": pl.String,  # what it goes by there: generator and number of a rule (1:2019284), or a notice's name
    "text": pl.String,  # in the sensor's words
    "category": pl.String,  # class of the rule, in the sensor's words; "" where it has none
    "severity": pl.String,  # info, low, medium, high, critical
    "technique": pl.String,  # MITRE ATT&CK id that the rule names
    "is_blocked": pl.Boolean,  # the sensor dropped it
}
"""What other sensors noticed by themselves: Suricata's alerts, Zeek's notices."""

HEALTH: Final[Schema] = {
    "step": pl.Int64,
    "time": pl.Int64,
    "segment": pl.String,
    "mac": pl.String,  # of the device that it happened to
    "ip": pl.String,
    "source": pl.String,  # the program that says so
    "event": pl.String,  # reboot, link-down, link-up, joined, parted
    "subject": pl.String,  # the port or radio it is about
    "text": pl.String,  # the message, its first 200 characters
}
"""What logs tell of devices: starts, links that come and go."""

TABLES: Final[dict[str, Schema]] = {
    "flows": FLOWS,
    "dns": DNS,
    "tls": TLS,
    "quic": QUIC,
    "http": HTTP,
    "logins": LOGINS,
    "mqtt": MQTT,
    "coap": COAP,
    "ot": OT,
    "files": FILES,
    "arp": ARP,
    "dhcp": DHCP,
    "sightings": SIGHTINGS,
    "heads": HEADS,
    "alerts": ALERTS,
    "health": HEALTH,
}

HEARD: Final = frozenset({"alerts", "health"})
"""The tables that are not made from packets: other sensors and logs tell them."""


def plain_row(table: str) -> dict[str, Any]:
    """A row that tells nothing: each column's "not there"."""
    return {column: nothing(kind) for column, kind in TABLES[table].items()}


def nothing(kind: pl.DataType | type[pl.DataType]) -> Any:
    """What a column of that type holds where there is nothing to tell."""
    if isinstance(kind, pl.List):
        return []
    return "" if kind == pl.String else False if kind == pl.Boolean else 0


def order(table: str) -> list[str]:
    """The columns by which rows can be sorted; lists cannot."""
    return [column for column, kind in TABLES[table].items() if not isinstance(kind, pl.List)]


def empty(table: str) -> pl.DataFrame:
    """A frame of that table without rows."""
    return pl.DataFrame(schema=TABLES[table])
