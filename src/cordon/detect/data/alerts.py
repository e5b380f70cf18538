"""What the classes of Suricata's rules and the notices of Zeek are about, by our families.

Source of the names: `classification.config` of Suricata and the groups of the Emerging Threats rules; the notice types
of Zeek's base and policy scripts and of its best known packages.
"""

import re
from typing import Final

from cordon.model.finding import Severity

TECHNIQUES: Final = {
    "scan": "T1046",
    "brute-force": "T1110",
    "spread": "T1210",
    "exploit": "T1190",
    "command-and-control": "T1071",
    "tunnel": "T1572",
    "exfiltration": "T1041",
    "flood": "T1498",
    "man-in-the-middle": "T1557",
    "download": "T1105",
}
"""What a family mostly is where the rule names no technique."""

_TEXTS: Final = (
    ("scan", r"^(ET|GPL|ETPRO) SCAN\b|\b(port|address|network) ?scan"),
    ("brute-force", r"\bbrute.?forc|\bpassword guess|\blogin attempts?\b"),
    ("tunnel", r"\btunnel"),
    ("download", r"^(ET|ETPRO) (MALWARE|TROJAN|HUNTING|POLICY|INFO) .*\b(download|executable|ELF|shell script)\b"),
    ("command-and-control", r"^(ET|ETPRO) (MALWARE|TROJAN|CNC|BOTCC|MOBILE_MALWARE)\b|\b(C2|CnC|C&C)\b"),
    ("flood", r"^(ET|GPL|ETPRO) DOS\b"),
    ("spread", r"^(ET|ETPRO) WORM\b"),
    ("ot", r"^(ET|ETPRO) SCADA\b|\b(modbus|dnp3|s7comm|bacnet)\b"),
    ("exploit", r"^(ET|GPL|ETPRO) (EXPLOIT|WEB_SERVER|WEB_SPECIFIC_APPS|ATTACK_RESPONSE|SHELLCODE)\b|\bCVE-\d{4}-\d+"),
)  # fmt: skip
"""By the words of the rule; the first that fits."""

_CLASSES: Final = {
    "detection of a network scan": "scan",
    "attempted information leak": "scan",
    "information leak": "exfiltration",
    "large scale information leak": "exfiltration",
    "attempted user privilege gain": "exploit",
    "unsuccessful user privilege gain": "exploit",
    "successful user privilege gain": "exploit",
    "attempted administrator privilege gain": "exploit",
    "successful administrator privilege gain": "exploit",
    "web application attack": "exploit",
    "access to a potentially vulnerable web application": "exploit",
    "executable code was detected": "exploit",
    "exploit kit activity detected": "exploit",
    "attempted denial of service": "flood",
    "denial of service": "flood",
    "detection of a denial of service attack": "flood",
    "a network trojan was detected": "command-and-control",
    "malware command and control activity detected": "command-and-control",
    "domain observed used for c2 detected": "command-and-control",
    "an attempted login using a suspicious username was detected": "brute-force",
    "attempt to login by a default username and password": "brute-force",
    "successful credential theft detected": "brute-force",
}
"""By the class of the rule, as alerts write it out."""

_NOTICES: Final = (
    ("scan", r"^Scan::|^Traceroute::|^ATTACK::Discovery"),
    ("brute-force", r"Password_Guess|Bruteforc|Login_By_Password_Guesser|^ATTACK::Credential"),
    ("spread", r"^ATTACK::(Lateral|Execution)"),
    ("exploit", r"SQL_Injection|^Heartbleed::|^CVE_|^CVE\d|^Log4|^Zerologon|^EternalSafety::|^Ripple20|Exploit"),
    ("download", r"^TeamCymruMalwareHashRegistry::"),
    ("command-and-control", r"^Intel::Notice|C2|Cobalt|Sliver|Metasploit|AgentTesla|RedLine"),
    ("tunnel", r"Tunnel"),
    ("exposure", r"^SSL::|^Weak|^Software::Vulnerable|^HTTP::Basic_Auth|^FTP::Anonymous"),
    ("change", r"^ProtocolDetector::|^Known|^SSH::(Interesting_Hostname|Watched_Country)"),
)
"""By the name of the notice; the first that fits."""

_QUIET: Final = frozenset(
    {
        "not suspicious traffic",
        "unknown traffic",
        "generic protocol command decode",
        "misc activity",
        "potential corporate privacy violation",
        "device retrieving external ip address detected",
        "a suspicious filename was detected",
    }
)
"""Classes of what is odd at most: told with low severity whatever the rule's priority."""

_SENSOR: Final = r"^(CaptureLoss|PacketFilter|Weird|Conn|Reporter|SensorStats)::"
"""Notices of Zeek about its own work."""


def family_of(source: str, signature: str, text: str, category: str) -> str:
    """The family of an alert where it is plain, else "abuse"."""
    if source == "zeek":
        return next((family for family, names in _NOTICES if re.search(names, signature)), "abuse")
    by_text = next((family for family, words in _TEXTS if re.search(words, text, re.IGNORECASE)), "")
    return by_text or _CLASSES.get(category.strip().lower(), "abuse")


def severity_of(source: str, signature: str, category: str, said: str) -> Severity:
    """How bad an alert is: as the sensor says, low at least and, for what is merely odd, at most."""
    quiet = re.search(_SENSOR, signature) if source == "zeek" else category.strip().lower() in _QUIET
    known = Severity[said.upper()] if said.upper() in Severity.__members__ else Severity.MEDIUM
    return Severity.LOW if quiet else max(known, Severity.LOW)
