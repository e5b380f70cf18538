"""The systemd unit of Cordon, and the settings it starts with: texts only, nothing is touched.

The rights are the least with which an interface can be watched: one capability, a user that exists only while it runs,
one folder to write to. What each line does stands in systemd.exec(5).
"""

import json
from collections.abc import Sequence
from typing import Final

from cordon.config import Config

NAME: Final = "cordon.service"
STATE: Final = "/var/lib/cordon"
MARK: Final = "# Written by `cordon service install`. Changes of your own belong in a drop-in: systemctl edit cordon"

UNIT: Final = """\
{mark}
[Unit]
Description=Cordon watches the devices of this network
After=network.target
# The interface may come later than we: never give up.
StartLimitIntervalSec=0

[Service]
Type=notify
NotifyAccess=main
ExecStart={command}
# Polars asks the processor with code it has written to memory, which is forbidden below; installing asked already.
Environment=POLARS_SKIP_CPU_CHECK=1
Restart=on-failure
RestartSec=10
WatchdogSec=180
# Memory is bounded by design; this holds should a defect unbind it.
MemoryMax=2G
TasksMax=256

# A user of its own that exists while it runs, and one folder that is its own.
DynamicUser=yes
User=cordon
StateDirectory=cordon
StateDirectoryMode=0700
UMask=0077

# The one right that listening takes.
AmbientCapabilities=CAP_NET_RAW
CapabilityBoundingSet=CAP_NET_RAW
NoNewPrivileges=yes

# All else of the machine is out of reach.
ProtectSystem=strict
ProtectHome=yes
PrivateTmp=yes
PrivateDevices=yes
PrivateIPC=yes
ProtectClock=yes
ProtectControlGroups=yes
ProtectHostname=yes
ProtectKernelLogs=yes
ProtectKernelModules=yes
ProtectKernelTunables=yes
ProtectProc=invisible
KeyringMode=private
LockPersonality=yes
MemoryDenyWriteExecute=yes
RestrictNamespaces=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
# Packets, the console, flow export, the service manager; netlink names the interfaces there are.
RestrictAddressFamilies=AF_PACKET AF_INET AF_INET6 AF_UNIX AF_NETLINK
{network}SystemCallArchitectures=native
SystemCallFilter=@system-service
SystemCallFilter=~@privileged @resources
SystemCallErrorNumber=EPERM

[Install]
WantedBy=multi-user.target
"""

LOCAL: Final = """\
# It speaks to this machine only: the console. What passes the interface it hears all the same.
IPAddressDeny=any
IPAddressAllow=localhost
"""

SETTINGS: Final = """\
# The settings of Cordon as a service; all there are: docs/reference/settings.md.
# After a change: systemctl restart cordon. After adding netflow or syslog: cordon service install, to let it receive.
site = {site}
segment = {segment}
"""


def unit(command: Sequence[str], settings: Config) -> str:
    """The unit that runs this command; it may receive from others only where flow export or syslog is listened for."""
    receives = any(one.netflow or one.syslog for one in settings.watch)
    words = " ".join(_quoted(word) for word in command)
    return UNIT.format(mark=MARK, command=words, network="" if receives else LOCAL)


def settings_file(settings: Config) -> str:
    """The settings as TOML, to begin with."""
    text = SETTINGS.format(site=json.dumps(settings.site), segment=json.dumps(settings.segment))
    for one in settings.watch:
        what = next(name for name in ("interface", "netflow", "syslog") if getattr(one, name))
        text += f"\n[[watch]]\n{what} = {json.dumps(getattr(one, what))}\n"
    return text


def _quoted(word: str) -> str:
    """A word of a command as systemd reads it: % and $ stand for themselves."""
    told = word.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%").replace("$", "$$")
    return f'"{told}"' if any(char.isspace() or char in "\"\\';" for char in word) else told
