"""Services that are judged by name: on which ports they are expected where their content does not tell."""

from typing import Final

PORTS: Final = {
    "22": "ssh", "25": "smtp", "53": "dns", "80": "http", "102": "s7comm", "104": "dicom", "110": "pop", "111": "rpc",
    "139": "smb", "143": "imap", "389": "ldap", "443": "tls", "445": "smb", "502": "modbus", "512": "rexec",
    "513": "rlogin", "514": "rsh", "515": "lpd", "554": "rtsp", "631": "ipp", "1883": "mqtt", "2049": "nfs",
    "2375": "docker", "2404": "iec104", "2575": "hl7", "3306": "mysql", "4840": "opcua", "5060": "sip",
    "5432": "postgresql", "6000": "x11", "6379": "redis", "8080": "http", "8443": "tls", "8883": "tls",
    "9100": "jetdirect", "9200": "elasticsearch", "11211": "memcached", "20000": "dnp3", "27017": "mongodb",
    "44818": "enip",
}  # fmt: skip
"""TCP ports, as sightings write them."""
OF_THEIR_OWN: Final = frozenset({"telnet", "ftp", "adb", "vnc", "rdp"})
"""Services that have a check of their own, whatever the kind; whoever needs one accepts it there."""
SAYS: Final = {
    "ssh": "SSH", "smtp": "mail, SMTP", "dns": "DNS", "ntp": "NTP", "pop": "mail, POP3", "imap": "mail, IMAP",
    "rpc": "RPC", "smb": "SMB", "ldap": "LDAP", "rexec": "rexec", "rlogin": "rlogin", "rsh": "rsh", "lpd": "LPD",
    "rtsp": "RTSP", "ipp": "IPP", "nfs": "NFS", "docker": "Docker", "mysql": "MySQL", "sip": "SIP", "x11": "X11",
    "postgresql": "PostgreSQL", "redis": "Redis", "elasticsearch": "Elasticsearch", "memcached": "memcached",
    "mongodb": "MongoDB", "snmp": "SNMP", "tftp": "TFTP", "kerberos": "Kerberos", "modbus": "Modbus",
    "s7comm": "S7comm", "enip": "EtherNet/IP", "dnp3": "DNP3", "iec104": "IEC 104", "opcua": "OPC UA",
    "bacnet": "BACnet", "knx": "KNX", "socks": "SOCKS", "telnet": "Telnet", "ftp": "FTP", "jetdirect": "JetDirect",
    "dicom": "DICOM", "hl7": "HL7",
}  # fmt: skip
"""What is judged, as people call it. All else has no name here and is judged by strict baselines alone."""
