"""Logs of routers, brokers, RADIUS servers and devices: files, and syslog over the network.

What they tell becomes rows of `logins`, `health` and `dhcp`; which messages tell what stands in `patterns/`.
"""

from cordon.sources.syslog.place import Place, place_of
from cordon.sources.syslog.reading import is_syslog, parse
from cordon.sources.syslog.source import SyslogSource

__all__ = ["Place", "SyslogSource", "is_syslog", "parse", "place_of"]
