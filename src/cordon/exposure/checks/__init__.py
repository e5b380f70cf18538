"""The shipped checks, and what installed packages add."""

from typing import Final

from cordon.exposure.check import Check
from cordon.exposure.checks.adb_open import AdbOpen
from cordon.exposure.checks.answers_internet import AnswersInternet
from cordon.exposure.checks.clear_data import ClearData
from cordon.exposure.checks.clear_management import ClearManagement
from cordon.exposure.checks.clear_password import ClearPassword
from cordon.exposure.checks.clear_telephony import ClearTelephony
from cordon.exposure.checks.clear_update import ClearUpdate
from cordon.exposure.checks.clear_video import ClearVideo
from cordon.exposure.checks.coap_open import CoapOpen
from cordon.exposure.checks.default_password import DefaultPassword
from cordon.exposure.checks.end_of_support import EndOfSupport
from cordon.exposure.checks.expired_certificate import ExpiredCertificate
from cordon.exposure.checks.flat_placement import FlatPlacement
from cordon.exposure.checks.foreign_dns import ForeignDns
from cordon.exposure.checks.foreign_time import ForeignTime
from cordon.exposure.checks.ftp_in_use import FtpInUse
from cordon.exposure.checks.guessable_password import GuessablePassword
from cordon.exposure.checks.mqtt_clear import MqttClear
from cordon.exposure.checks.mqtt_open import MqttOpen
from cordon.exposure.checks.no_log import NoLog
from cordon.exposure.checks.no_time import NoTime
from cordon.exposure.checks.ntlm1 import Ntlm1
from cordon.exposure.checks.onvif_open import OnvifOpen
from cordon.exposure.checks.ot_open import OtOpen
from cordon.exposure.checks.port_mapped import PortMapped
from cordon.exposure.checks.remote_desktop import RemoteDesktop
from cordon.exposure.checks.remote_management import RemoteManagement
from cordon.exposure.checks.rogue_dns import RogueDns
from cordon.exposure.checks.rogue_time import RogueTime
from cordon.exposure.checks.rtsp_open import RtspOpen
from cordon.exposure.checks.self_signed import SelfSigned
from cordon.exposure.checks.shared_certificate import SharedCertificate
from cordon.exposure.checks.shared_password import SharedPassword
from cordon.exposure.checks.smb1 import Smb1
from cordon.exposure.checks.snmp_clear import SnmpClear
from cordon.exposure.checks.snmp_community import SnmpCommunity
from cordon.exposure.checks.ssh1 import Ssh1
from cordon.exposure.checks.ssh_shared_key import SshSharedKey
from cordon.exposure.checks.ssh_weak import SshWeak
from cordon.exposure.checks.telnet_in_use import TelnetInUse
from cordon.exposure.checks.tls_downgrade import TlsDowngrade
from cordon.exposure.checks.tls_old_version import TlsOldVersion
from cordon.exposure.checks.tls_weak_suite import TlsWeakSuite
from cordon.exposure.checks.tracker import Tracker
from cordon.exposure.checks.unneeded_service import UnneededService
from cordon.exposure.checks.unusual_protocol import UnusualProtocol
from cordon.exposure.checks.upnp_port_mapping import UpnpPortMapping
from cordon.exposure.checks.weak_key import WeakKey
from cordon.exposure.checks.wrong_name import WrongName
from cordon.parts import gather

SHIPPED: Final[tuple[type[Check], ...]] = (
    AdbOpen,
    AnswersInternet,
    ClearData,
    ClearManagement,
    ClearPassword,
    ClearTelephony,
    ClearUpdate,
    ClearVideo,
    CoapOpen,
    DefaultPassword,
    EndOfSupport,
    ExpiredCertificate,
    FlatPlacement,
    ForeignDns,
    ForeignTime,
    FtpInUse,
    GuessablePassword,
    MqttClear,
    MqttOpen,
    NoLog,
    NoTime,
    Ntlm1,
    OnvifOpen,
    OtOpen,
    PortMapped,
    RemoteDesktop,
    RemoteManagement,
    RogueDns,
    RogueTime,
    RtspOpen,
    SelfSigned,
    SharedCertificate,
    SharedPassword,
    Smb1,
    SnmpClear,
    SnmpCommunity,
    Ssh1,
    SshSharedKey,
    SshWeak,
    TelnetInUse,
    TlsDowngrade,
    TlsOldVersion,
    TlsWeakSuite,
    Tracker,
    UnneededService,
    UnusualProtocol,
    UpnpPortMapping,
    WeakKey,
    WrongName,
)

CHECKS: Final = gather(SHIPPED, "checks")
"""All of them, as the stage uses them."""
