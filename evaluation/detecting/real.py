"""Captures of real devices: attacks whose sort is known, and devices being set up, which attack nobody.

Aalto University, IoT Sentinel (Miettinen et al., ICDCS 2017). Modbus network with labelled commands: Lemay and
Fernandez, CSET 2016. SYN flood and SNMP amplification: StopDDoS.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from evaluation.detecting.expected import Event, Expected
from evaluation.detecting.follow import Outcome, follow

ATTACKS: Final = {
    "CnC_uploading_exe_modbus_6RTU_with_operate.pcap": (Event("command-and-control"),),
    "characterization_modbus_6RTU_with_operate.pcap": (Event("ot"),),
    "amp.UDP.snmp.src161.pcapng": (Event("flood", "10.10.10.10"),),
    "pkt.TCP.synflood.spoofed.pcap": (Event("flood", "10.10.10.10"),),
}
"""What each capture shows, as its authors say. The first uploads a program within an enciphered remote shell,
so that the shell is all there is to see."""


def attacks(folder: Path) -> Iterator[tuple[Expected, Outcome]]:
    """Each capture of an attack, and what came of it."""
    for name, events in ATTACKS.items():
        if (file := folder / name).is_file():
            yield Expected(name.partition(".")[0][:40], file, (), events), follow(file, flows=True)


def set_ups(folder: Path) -> Iterator[tuple[Expected, Outcome]]:
    """Each set-up of a device, on its own; no attack is in any."""
    for path in sorted(folder.glob("*/*.pcap")):
        yield Expected(f"{path.parent.name}/{path.stem}", path, quiet=True), follow(path, flows=True)
