"""The shipped detectors, and what installed packages add."""

from typing import Final

from cordon.detect.detector import Detector
from cordon.detect.detectors.address_scan import AddressScan
from cordon.detect.detectors.arp_spoofing import ArpSpoofing
from cordon.detect.detectors.beacon import Beacon
from cordon.detect.detectors.broker_search import BrokerSearch
from cordon.detect.detectors.brute_force import BruteForce
from cordon.detect.detectors.calls_in_vain import CallsInVain
from cordon.detect.detectors.changed_device import ChangedDevice
from cordon.detect.detectors.cleartext_credentials import CleartextCredentials
from cordon.detect.detectors.cloned_device import ClonedDevice
from cordon.detect.detectors.controller_command import ControllerCommand
from cordon.detect.detectors.controller_probing import ControllerProbing
from cordon.detect.detectors.default_credential import DefaultCredential
from cordon.detect.detectors.disguised_call import DisguisedCall
from cordon.detect.detectors.dns_tunnel import DnsTunnel
from cordon.detect.detectors.exfiltration import Exfiltration
from cordon.detect.detectors.fetched_program import FetchedProgram
from cordon.detect.detectors.flood import Flood
from cordon.detect.detectors.flooded import Flooded
from cordon.detect.detectors.form_guessing import FormGuessing
from cordon.detect.detectors.inbound_internet import InboundInternet
from cordon.detect.detectors.known_bad import KnownBad
from cordon.detect.detectors.loader_visit import LoaderVisit
from cordon.detect.detectors.login_after_failures import LoginAfterFailures
from cordon.detect.detectors.mining import Mining
from cordon.detect.detectors.mirror import Mirror
from cordon.detect.detectors.new_destination import NewDestination
from cordon.detect.detectors.new_service import NewService
from cordon.detect.detectors.new_writer import NewWriter
from cordon.detect.detectors.outbound_volume import OutboundVolume
from cordon.detect.detectors.password_spread import PasswordSpread
from cordon.detect.detectors.ping_tunnel import PingTunnel
from cordon.detect.detectors.port_scan import PortScan
from cordon.detect.detectors.reboot_loop import RebootLoop
from cordon.detect.detectors.rogue_dhcp import RogueDhcp
from cordon.detect.detectors.rogue_router import RogueRouter
from cordon.detect.detectors.sensor_alert import SensorAlert
from cordon.detect.detectors.sign_in_storm import SignInStorm
from cordon.detect.detectors.slow_scan import SlowScan
from cordon.detect.detectors.spam import Spam
from cordon.detect.detectors.strange_call import StrangeCall
from cordon.detect.detectors.telnet_spread import TelnetSpread
from cordon.detect.detectors.upload_by_number import UploadByNumber
from cordon.detect.detectors.web_exploit import WebExploit
from cordon.detect.detectors.web_search import WebSearch
from cordon.parts import gather

SHIPPED: Final[tuple[type[Detector], ...]] = (
    AddressScan,
    ArpSpoofing,
    Beacon,
    BrokerSearch,
    BruteForce,
    CallsInVain,
    ChangedDevice,
    CleartextCredentials,
    ClonedDevice,
    ControllerCommand,
    ControllerProbing,
    DefaultCredential,
    DisguisedCall,
    DnsTunnel,
    Exfiltration,
    FetchedProgram,
    Flood,
    Flooded,
    FormGuessing,
    InboundInternet,
    KnownBad,
    LoaderVisit,
    LoginAfterFailures,
    Mining,
    Mirror,
    NewDestination,
    NewService,
    NewWriter,
    OutboundVolume,
    PasswordSpread,
    PingTunnel,
    PortScan,
    RebootLoop,
    RogueDhcp,
    RogueRouter,
    SensorAlert,
    SignInStorm,
    SlowScan,
    Spam,
    StrangeCall,
    TelnetSpread,
    UploadByNumber,
    WebExploit,
    WebSearch,
)

DETECTORS: Final = gather(SHIPPED, "detectors")
"""All of them, as the stage uses them."""
