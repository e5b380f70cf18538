"""The addresses of the machine that Cordon runs on."""

import fcntl
import socket
import struct
from contextlib import suppress
from typing import Final

_HARDWARE: Final = 0x8927  # SIOCGIFHWADDR (netdevice(7))
_ETHERNET: Final = 1  # ARPHRD_ETHER


def own_macs() -> tuple[str, ...]:
    """The MAC addresses of this machine's network interfaces, in order; none where they cannot be asked for."""
    macs = set()
    with suppress(OSError), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asked:
        for _, name in socket.if_nameindex():
            with suppress(OSError):  # it went away in between
                told = fcntl.ioctl(asked, _HARDWARE, struct.pack("256s", name.encode()))
                (family,) = struct.unpack("=H", told[16:18])
                if family == _ETHERNET and any(told[18:24]):
                    macs.add(told[18:24].hex(":"))
    return tuple(sorted(macs))
