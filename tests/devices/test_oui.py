"""Prefixes and the spelling of vendors."""

import pytest

from cordon.devices.oui import is_device_mac, vendor_of
from cordon.devices.vendors import chip_makers, tidy


@pytest.mark.parametrize(
    ("mac", "vendor"),
    [
        ("00:17:88:24:76:ff", "Signify"),
        ("00:40:8c:00:00:01", "Axis Communications"),
        ("b0:c5:54:00:00:01", "D-Link"),
        ("8c:1f:64:af:a0:00", "DATA ELECTRONIC DEVICES"),  # a 36-bit prefix within a shared 24-bit one
        ("02:17:88:24:76:ff", ""),  # locally administered
    ],
)
def test_vendor_of_a_prefix(mac: str, vendor: str):
    assert vendor_of(mac).casefold() == vendor.casefold()


@pytest.mark.parametrize(
    ("given", "short"),
    [
        ("Axis Communications AB", "Axis Communications"),
        ("TP-LINK TECHNOLOGIES CO.,LTD.", "TP-Link"),
        ("Hon Hai Precision Ind. Co.,Ltd.", "Foxconn"),
        ("Acme Widgets GmbH & Co. KG", "Acme Widgets"),
        ("ACME ROBOTICS S.p.A.", "ACME Robotics"),
        ("Co", "Co"),
    ],
)
def test_vendors_are_spelt_short(given: str, short: str):
    assert tidy(given) == short
    assert tidy(short) == short


def test_chip_makers_are_known():
    assert {"Espressif", "Realtek", "Murata", "Foxconn", "AzureWave", "Tuya"} <= chip_makers()


def test_only_addresses_of_one_card_are_devices():
    assert is_device_mac("00:17:88:24:76:ff")
    assert not any(map(is_device_mac, ("01:00:5e:00:00:01", "00:00:00:00:00:00", "00:17:88:24:76", "x")))
