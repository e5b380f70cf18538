"""DHCP parameter request lists by client program, as they are seen in the wild."""

from typing import Final

UDHCP: Final = (1, 3, 6, 12, 15, 28, 42)
UDHCP_OLD: Final = (1, 3, 6, 12, 15, 28)
DHCPCD: Final = (1, 3, 6, 12, 15, 28, 33, 51, 58, 59, 119, 121)
DHCLIENT: Final = (1, 28, 2, 3, 15, 6, 119, 12, 44, 47, 26, 121, 42)
NETWORKD: Final = (1, 3, 6, 12, 15, 26, 33, 42, 119, 120, 121)
WINDOWS: Final = (1, 3, 6, 15, 31, 33, 43, 44, 46, 47, 119, 121, 249, 252)
MACOS: Final = (1, 121, 3, 6, 15, 108, 114, 119, 252, 95, 44, 46)
IOS: Final = (1, 121, 3, 6, 15, 108, 114, 119, 252)
ANDROID: Final = (1, 3, 6, 15, 26, 28, 51, 58, 59, 43, 114, 108)
LWIP: Final = (1, 3, 28, 6)
ESP: Final = (1, 3, 28, 6, 15, 44, 46, 47, 31, 33, 121, 43)
JETDIRECT: Final = (6, 3, 1, 15, 66, 67, 13, 44, 12, 81, 252)
BROTHER: Final = (1, 3, 6, 15, 44, 46, 47, 12, 119)
CANON: Final = (1, 3, 6, 12, 15, 44, 54, 81, 69, 70)
YEALINK: Final = (1, 2, 3, 6, 7, 12, 15, 28, 42, 43, 66, 120, 125, 132)
POLYCOM: Final = (1, 28, 3, 6, 15, 42, 66, 43, 160, 2)
APC: Final = (1, 3, 6, 12, 15, 43, 66, 67)
PLANT: Final = (1, 3, 6, 15, 66, 67)
