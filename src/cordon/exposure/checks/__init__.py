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
from cordon.exposure.checks.expired_certificate import ExpiredCertificate
from cordon.exposure.checks.flat_placement import FlatPlacement
from cordon.exposure.checks.foreign_dns import ForeignDns
from cordon.exposure.checks.foreign_time import ForeignTime
from cordon.exposure.checks.ftp_in_use import FtpInUse
from cordon.exposure.checks.guessable_password import GuessablePassword
from cordon.exposure.checks.mqtt_clear import MqttClear
from cordon.exposure.checks.mqtt_open import MqttOpen
from cordon.exposure.checks.ot_open import OtOpen
from cordon.exposure.checks.remote_desktop import RemoteDesktop
from cordon.exposure.checks.remote_management import RemoteManagement
from cordon.exposure.checks.self_signed import SelfSigned
from cordon.exposure.checks.shared_certificate import SharedCertificate
from cordon.exposure.checks.shared_password import SharedPassword
from cordon.exposure.checks.smb1 import Smb1
from cordon.exposure.checks.snmp_clear import SnmpClear
from cordon.exposure.checks.ssh1 import Ssh1
from cordon.exposure.checks.telnet_in_use import TelnetInUse
from cordon.exposure.checks.tls_old_version import TlsOldVersion
from cordon.exposure.checks.tls_weak_suite import TlsWeakSuite
from cordon.exposure.checks.tracker import Tracker
from cordon.exposure.checks.unneeded_service import UnneededService
from cordon.exposure.checks.upnp_port_mapping import UpnpPortMapping
from cordon.exposure.checks.weak_key import WeakKey
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
    ExpiredCertificate,
    FlatPlacement,
    ForeignDns,
    ForeignTime,
    FtpInUse,
    GuessablePassword,
    MqttClear,
    MqttOpen,
    OtOpen,
    RemoteDesktop,
    RemoteManagement,
    SelfSigned,
    SharedCertificate,
    SharedPassword,
    Smb1,
    SnmpClear,
    Ssh1,
    TelnetInUse,
    TlsOldVersion,
    TlsWeakSuite,
    Tracker,
    UnneededService,
    UpnpPortMapping,
    WeakKey,
)

CHECKS: Final = gather(SHIPPED, "checks")
"""All of them, as the stage uses them."""
