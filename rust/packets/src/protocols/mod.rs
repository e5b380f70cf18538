//! One file or folder per protocol, each a pure function from bytes to a message.
//!
//! Each has the same names: `NAME` (what the `service` column says), `Message`, `parse(bytes) -> Parsed<Message>`
//! and, where first bytes tell, `looks_like(bytes)`. A parser of datagrams never answers `More`: what runs over the end
//! is damage. A parser of streams takes one message from the front and says how many bytes it took. No parser reads
//! more than its limits allow, each a constant at the top of its file, and no text is kept beyond `text::MAX_TEXT`.
//! `Session`s follow both sides of a conversation whose logins take several steps (`login::Session`); those of protocols
//! that speak in lines are `conversation::Conversation`s.
//! Those of plants share one `Message` and `Session`, `plant`'s: they follow a connection for its whole life and tell
//! each operation.
//!
//! | file | of | over | a message yields |
//! |---|---|---|---|
//! | `dns` | RFC 1035 | both (`parse_tcp`) | questions, records, rcode; the columns of the `dns` table |
//! | `mdns` | RFC 6762, 6763 | datagram | as `dns`; `announced` gives the `mdns.*` sightings |
//! | `llmnr` | RFC 4795 | datagram | as `dns`; `answered_name` |
//! | `nbns` | RFC 1002 | datagram | operation, decoded names with suffix, addresses, own names |
//! | `dhcp` | RFC 2131 | datagram | message type, addresses, host name, vendor class, parameters, who serves |
//! | `dhcpv6` | RFC 8415 | datagram | message type, client's MAC, options asked, vendor class, name, addresses |
//! | `tls` | RFC 8446 | stream | hello of a client (name, ALPN, versions, JA3, JA4) or of a server (version, suite, ALPN), its certificate |
//! | `x509` | RFC 5280 | within others | names, span, key and signature of a certificate |
//! | `quic` | RFC 9000, 9369 | datagram | version, ids; `Opening`: the client's hello |
//! | `dtls` | RFC 6347, 9147 | datagram | hello of a client |
//! | `http` | RFC 9112 | stream | method, path, host, agent, status, server, type, realm, login |
//! | `ssdp` | UDA 1.1 | datagram | kind, target, USN, server, location |
//! | `mqtt` | OASIS 3.1–5 | stream | CONNECT (client, user, password, level, will), CONNACK (outcome), topics |
//! | `telnet` | RFC 854 | stream | text without negotiation; `Session`: banner, logins |
//! | `ssh` | RFC 4253 | stream | identification line and its parts; `kexinit`: lists of algorithms, HASSH; `hostkey`: the server's key |
//! | `ntp` | RFC 5905 | datagram | version, mode, stratum |
//! | `ftp` | RFC 959 | stream | greeting; `Session`: banner, logins |
//! | `ftp::transfers` | RFC 959, 2428 | stream | where data connections come, what they carry |
//! | `smtp` | RFC 5321 | stream | greeting; `Session`: banner, logins |
//! | `pop` | RFC 1939 | stream | greeting; `Session`: banner, logins |
//! | `imap` | RFC 9051 | stream | greeting; `Session`: banner, logins |
//! | `rtsp` | RFC 2326 | stream | method, target, status, server, agent, realm, login |
//! | `sip` | RFC 3261 | datagram | method, target, status, from, to, agent, realm, login |
//! | `snmp` | RFC 1157, 3416 | datagram | version, community, operation, description of the system |
//! | `coap` | RFC 7252 | datagram | kind, method or code, path, observation, format, size, resources |
//! | `tuya` | known from traffic | datagram | id, product, version |
//! | `tplink` | known from traffic | both (`parse_tcp`) | id, alias, model, type, hardware, firmware |
//! | `miio` | known from traffic | datagram | device id |
//! | `soap` | SOAP 1.2, ONVIF, UDA 2.0 | within HTTP | operation, whether somebody signs for it, the port to be opened |
//! | `upnp` | UDA 2.0 | within HTTP | type, name, maker, model, number, serial |
//! | `ldap` | RFC 4511 | both | bind (user, login, names within NTLM), outcome, search |
//! | `kerberos` | RFC 4120 | both (`parse_tcp`) | kind, client, realm, host |
//! | `modbus` | Modbus/TCP | stream | operation; `modbus.*` of a device's identification |
//! | `s7` | S7 over TPKT | stream | operation; `s7.*` of the system status list |
//! | `enip`, `cip` | EtherNet/IP, CIP | both (`hear`) | operations; `enip.*` of the identity |
//! | `dnp3` | IEEE 1815 | both (`hear`) | operations; link address |
//! | `iec104` | IEC 60870-5-104 | stream | operation |
//! | `opcua` | OPC 10000-4, -6 | stream | operation; `opcua.*` of the application |
//! | `bacnet` | ASHRAE 135 annex J | datagram | operation; `bacnet.*` of the device |
//! | `knx` | KNXnet/IP | datagram | operation; `knx.*` of the description |
//! | `profinet` | PROFINET DCP | frame | name, kind, maker, role of a station |
//! | `wsd` | WS-Discovery 1.1 | datagram | kind, types, scopes |
//! | `socks` | RFC 1928, 1929 | stream | what each side says next, until others are carried |
//! | `smb` | MS-CIFS, MS-SMB2 | stream | version, direction, names within NTLM |
//! | `ntlm` | MS-NLMP | within others | challenge or answer: host, domain, version |
//! | `lldp` | IEEE 802.1AB | frame | chassis, port, name, description, capabilities, address, model |
//! | `cdp` | Cisco | frame | name, port, platform, version |
//! | `eapol` | IEEE 802.1X | frame | kind, role of the sender |
//! | `stp` | IEEE 802.1D | frame | root, bridge |
//! | `igmp` | RFC 2236, 9776 | packet | query, report or leave, group |
//! | `mld` | RFC 2710, 9777 | packet | query, report or leave, group |
//! | `magic` | many | files | the media type that first bytes tell |
//! | `tftp` | RFC 1350 | datagram | request (file, direction), data, acknowledgement, error |
pub mod bacnet;
pub mod base64;
mod ber;
pub mod cdp;
pub mod cip;
pub mod coap;
pub mod conversation;
pub mod dhcp;
pub mod dhcpv6;
pub mod disposition;
pub mod dnp3;
pub mod dns;
pub mod domain;
pub mod dtls;
pub mod eapol;
pub mod enip;
pub mod ftp;
pub mod head;
pub(crate) mod hex;
pub mod http;
pub mod iec104;
pub mod igmp;
pub mod imap;
pub mod ja3;
pub mod ja4;
pub mod kerberos;
pub mod knx;
pub mod ldap;
pub mod lines;
pub mod lldp;
pub mod llmnr;
pub mod login;
pub mod magic;
pub mod mdns;
pub mod miio;
pub mod mld;
pub mod modbus;
pub mod mqtt;
pub mod nbns;
mod negotiation;
pub mod ntlm;
pub mod ntp;
pub mod opcua;
pub mod plant;
pub mod pop;
pub mod profinet;
pub mod quic;
pub mod reader;
pub mod records;
pub mod rtsp;
pub mod s7;
mod sasl;
pub mod sip;
pub mod smb;
pub mod smtp;
pub mod snmp;
pub mod soap;
pub mod socks;
pub mod ssdp;
pub mod ssh;
pub mod ssl2;
pub mod stp;
pub mod telnet;
#[cfg(test)]
pub(crate) mod testing;
pub mod text;
pub mod tftp;
pub mod tls;
pub mod tplink;
pub mod tuya;
pub mod upnp;
pub mod wsd;
pub mod x509;
