"""What published requirements ask, in our own words, by their numbers: what a check touches names its keys.

Sources: ETSI EN 303 645 V2.1.1 (2020-06), provisions; NIST IR 8259A (2020-05), core baseline capabilities;
IEC 62443-4-2 (2019), component requirements (CR, EDR, NDR); IEC 62443-3-3 (2013), system requirements (SR).
"""

from typing import Final

SAYS: Final[dict[str, str]] = {
    "ETSI EN 303 645 5.1-1": "No two devices come with the same password, or the user sets one at the start",
    "ETSI EN 303 645 5.1-2": "Passwords made at the factory cannot be worked out from one another",
    "ETSI EN 303 645 5.1-3": "Signing in uses cryptography that is held to be good today",
    "ETSI EN 303 645 5.1-4": "A user can change what they sign in with, and easily",
    "ETSI EN 303 645 5.3-7": "Updates are fetched and checked with cryptography that is held to be good today",
    "ETSI EN 303 645 5.3-9": "The device makes sure that an update is genuine and whole before it takes it",
    "ETSI EN 303 645 5.3-13": "How long a device gets updates is published",
    "ETSI EN 303 645 5.4-4": "Keys that protect updates and connections differ from device to device",
    "ETSI EN 303 645 5.5-1": "The device talks over cryptography that is held to be good today",
    "ETSI EN 303 645 5.5-4": "What can be done to a device over a network wants signing in first",
    "ETSI EN 303 645 5.5-5": "Changing security settings over a network wants signing in first",
    "ETSI EN 303 645 5.5-6": "Keys and passwords are enciphered when they cross a network",
    "ETSI EN 303 645 5.5-7": "Keys and passwords stay secret on interfaces that can be reached from afar",
    "ETSI EN 303 645 5.6-1": "What is not used of ports and interfaces is switched off",
    "ETSI EN 303 645 5.6-2": "Without signing in little is told about the device",
    "ETSI EN 303 645 5.6-5": "Only services run that the device needs",
    "ETSI EN 303 645 5.8-1": "Personal data stay secret between the device and its service",
    "ETSI EN 303 645 5.8-2": "Sensitive personal data stay secret all the way",
    "ETSI EN 303 645 5.10-1": "What devices report of their use is looked at for signs of trouble",
    "ETSI EN 303 645 6.1-4": "Of what devices report of their use, no more is taken than is needed",
    "NIST IR 8259A cybersecurity state awareness": "Those entitled can tell how secure the device is",
    "NIST IR 8259A device configuration": "Those entitled, and only they, can change how the device is set",
    "NIST IR 8259A data protection": "Data are protected where they lie and where they travel",
    "NIST IR 8259A logical access to interfaces": "Interfaces can be closed, and what is open wants signing in",
    "NIST IR 8259A software update": "Software is updated by those entitled, in a secure way",
    "IEC 62443-4-2 CR 1.1": "People are identified before they use the component",
    "IEC 62443-4-2 CR 1.2": "Programs and devices are identified before they use it",
    "IEC 62443-4-2 CR 1.5": "What people sign in with can be set, changed and kept safe",
    "IEC 62443-4-2 CR 1.7": "Passwords can be held to a strength",
    "IEC 62443-4-2 CR 1.8": "Certificates are used as is usual for them",
    "IEC 62443-4-2 CR 1.9": "Certificates are checked before they are believed",
    "IEC 62443-4-2 NDR 1.13": "Access from networks that are not trusted is watched and held in check",
    "IEC 62443-4-2 CR 2.1": "What somebody may do follows from who they are",
    "IEC 62443-4-2 CR 2.8": "What matters to security is recorded",
    "IEC 62443-4-2 CR 2.11": "Records bear the right time",
    "IEC 62443-4-2 CR 3.1": "What travels cannot be changed unnoticed",
    "IEC 62443-4-2 EDR 3.10": "Updates are genuine and whole",
    "IEC 62443-4-2 CR 4.1": "What is secret stays so, also on its way",
    "IEC 62443-4-2 CR 4.3": "Cryptography follows what is recommended today",
    "IEC 62443-4-2 CR 6.1": "Records can be read by those entitled",
    "IEC 62443-4-2 CR 7.7": "Functions and ports that are not needed are closed",
    "IEC 62443-3-3 SR 5.1": "The network is divided by how much depends on its parts",
    "IEC 62443-3-3 SR 5.2": "What passes between zones is watched and held in check",
}
