"""From sightings to devices: endpoints, owners of addresses, gateways, names, merging, and the cut of windows."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from cordon.devices import State
from cordon.devices.presence import total
from cordon.model import snapshot
from cordon.model.codec import encode
from cordon.model.ids import derive
from cordon.model.tables import SIGHTING_FIELDS, STEP

HUE = "00:17:88:24:76:ff"
ROUTER = "c8:0e:14:00:00:01"
CAMERA = "b0:c5:54:25:5b:0e"
LAPTOP = "3c:22:fb:00:00:02"
RANDOM = "da:a1:19:00:00:03"


def test_a_hue_bridge_is_told_by_prefix_name_and_service(run, sight):
    out = run(
        [sight(0, HUE), sight(1, HUE, "dhcp.hostname", "Philips-hue"), sight(2, HUE, "mdns.service", "_hue._tcp")]
    )
    device = out.of(HUE)
    assert (device.vendor.value, device.kind.value, device.model.value) == ("Signify", "hub", "Hue bridge")
    assert device.kind.confidence > 950
    assert {evidence.field for evidence in device.vendor.evidence} == {"oui", "dhcp.hostname", "mdns.service"}
    assert device.names == ("Philips-hue",)
    assert device.id == derive("device", "home", "lan", HUE)


def test_a_device_is_told_of_only_when_something_changed(run, sight):
    rows = [sight(at, HUE) for at in range(6)] + [sight(3, HUE, "dhcp.hostname", "Philips-hue")]
    out = run([*rows, sight(5, HUE, "dhcp.hostname", "Philips-hue")])
    assert [device.time for device in out.devices] == [STEP, 4 * STEP]
    assert out.devices[0].first_seen == 5


def test_group_addresses_and_nothing_are_no_devices(run, sight):
    macs = ("ff:ff:ff:ff:ff:ff", "01:00:5e:00:00:fb", "33:33:00:00:00:01", "00:00:00:00:00:00", "", "broken", HUE)
    out = run([sight(0, mac) for mac in macs])
    assert [device.macs for device in out.devices] == [(HUE,)]


def test_a_made_up_address_says_nothing_of_the_vendor(run, sight):
    device = run([sight(0, RANDOM)]).of(RANDOM)
    assert (device.vendor.value, device.vendor.evidence) == ("", ())


def test_a_chip_makers_prefix_is_no_vendor(run, sight):
    device = run([sight(0, "5c:cf:7f:07:ae:fb"), sight(0, "5c:cf:7f:07:ae:fb", "dhcp.hostname", "ESP_07AEFB")])
    assert device.of("5c:cf:7f:07:ae:fb").vendor.value == ""


def test_a_forged_claim_moves_no_address(run, sight):
    rows = [sight(0, ROUTER, "ip", "arp", "192.168.0.1"), sight(0, CAMERA, "ip", "arp", "192.168.0.9")]
    rows += [sight(at, ROUTER) for at in range(200)]
    rows += [sight(at, CAMERA, "ip", "arp", "192.168.0.1") for at in range(5, 200)]
    out = run(rows)
    assert out.of(ROUTER).ips == ("192.168.0.1",)
    assert out.of(CAMERA).ips == ("192.168.0.9",)
    assert len(out.state.parts) == 2
    assert len(out.devices) == 2


def test_an_address_passes_on_when_its_owner_is_gone(run, sight):
    rows = [sight(0, CAMERA, "ip", "arp", "192.168.0.9"), sight(100, LAPTOP, "ip", "dhcp", "192.168.0.9")]
    out = run(rows)
    assert out.of(LAPTOP).ips == ("192.168.0.9",)
    assert out.of(CAMERA).ips == ()


def test_a_new_lease_replaces_the_address_before(run, sight):
    rows = [sight(0, LAPTOP, "ip", "dhcp", "192.168.0.9"), sight(4, LAPTOP, "ip", "dhcp", "192.168.0.44")]
    assert run(rows).of(LAPTOP).ips == ("192.168.0.44",)


def test_a_sender_of_remote_addresses_is_a_gateway(run, sight):
    rows = [sight(0, ROUTER, "ip", "arp", "192.168.0.1")]
    rows += [sight(1, ROUTER, "ip.source", ip=f"203.0.113.{host}") for host in range(3)]
    rows += [sight(0, CAMERA, "ip.source", ip="192.168.0.9"), sight(1, CAMERA, "ip.source", ip="2001:db8::1")]
    rows += [sight(1, CAMERA, "ip.source", ip=f"2001:db8::{host:x}") for host in range(2, 9)]
    out = run(rows)
    assert out.of(ROUTER).is_gateway
    assert out.of(ROUTER).kind.value == "router"
    assert not out.of(CAMERA).is_gateway  # its IPv6 addresses are all of one network


def test_what_the_internet_says_is_not_said_by_the_gateway(run, sight):
    rows = [sight(0, ROUTER, "ip", "arp", "192.168.0.1")]
    rows += [sight(1, ROUTER, "ip.source", ip=f"203.0.113.{host}") for host in range(3)]
    rows += [sight(1, ROUTER, "http.server", "Hikvision-Webs", "203.0.113.1")]
    assert run(rows).of(ROUTER).vendor.value != "Hikvision"


def gateway_rows(sight):
    rows = [sight(0, ROUTER, "ip", "arp", "192.168.0.1"), sight(0, CAMERA, "ip", "arp", "192.168.0.9")]
    rows += [sight(at, ROUTER, "ip.source", ip=f"203.0.113.{at % 7}") for at in range(60)]
    rows += [sight(at, ROUTER, "ip.source", ip="10.9.0.5") for at in range(2, 60, 3)]
    rows += [sight(at, ROUTER, "ip.source", ip="192.168.0.77") for at in range(4, 60, 3)]
    return rows + [sight(at, ROUTER, "mdns.service", "_ipp._tcp", "10.9.0.5") for at in range(3, 60, 5)]


def test_a_private_address_beyond_a_gateway_is_a_device_of_its_own(run, sight):
    out = run(gateway_rows(sight))
    behind = [device for device in out.devices if not device.macs][-1]
    assert behind.ips == ("10.9.0.5",)
    assert behind.kind.value == "printer"
    assert out.of(ROUTER).kind.value == "router"
    assert not any("192.168.0.77" in device.ips for device in out.devices)  # the gateway's own subnet


def test_one_uuid_with_the_mac_of_another_card_makes_one_device(run, sight):
    wired, wireless = "00:0e:58:a0:b1:c2", "00:0e:58:a0:b1:c3"
    usn = "uuid:12345678-1234-1234-1234-000e58a0b1c2::upnp:rootdevice"
    out = run([sight(0, wired), sight(3, wireless), sight(4, wireless, "ssdp.usn", usn)])
    assert out.of(wireless).macs == (wired, wireless)
    assert out.of(wireless).id == derive("device", "home", "lan", wired)
    gone = [device for device in out.devices if not device.macs]
    assert [device.id for device in gone] == [derive("device", "home", "lan", wireless)]
    ends = [binding.end for binding in out.bindings if binding.endpoint == wireless]
    assert len(ends) == 3


def test_equal_names_do_not_merge(run, sight):
    one, other = "00:0e:58:a0:b1:c2", "00:0e:58:a0:b1:c3"
    out = run([sight(0, mac, "mdns.name", "Kitchen") for mac in (one, other)])
    assert len({device.id for device in out.devices}) == 2


def test_damaged_values_are_mended_and_cut(run, sight):
    name = "evil\x1b[31m\u202ename\x00" + "x" * 100_000
    out = run([sight(0, CAMERA, "dhcp.hostname", name), sight(0, CAMERA, "http.agent", "\ud7ff" * 5000)])
    (shown,) = out.of(CAMERA).names
    assert len(shown) <= 64
    assert shown.isprintable()
    json.dumps(encode(out.of(CAMERA)))


def test_a_flood_of_values_is_bounded(run, sight):
    rows = [sight(at // 100, CAMERA, "mdns.name", f"n{at}") for at in range(2000)]
    assert max(len(values) for values in run(rows).state.known.values()) == 128
    nothing = [sight(at // 100, CAMERA, "dns.query", f"n{at}.example.org") for at in range(2000)]
    assert not run(nothing).state.known


def busy(sight):
    """A site in which everything this stage knows of happens."""
    rows = gateway_rows(sight)
    macs = [HUE, CAMERA, LAPTOP, RANDOM, "00:0e:58:a0:b1:c2", "00:0e:58:a0:b1:c3"]
    for number, mac in enumerate(macs):
        rows += [sight(at, mac) for at in range(number, 60, number + 1)]
        rows += [sight(at, mac, "ip.source", ip=f"192.168.0.{number + 20}") for at in range(number, 60, 4)]
        rows += [sight(at, mac, "dns.query", f"host{at % 5}.example.org") for at in range(number, 60, 7)]
        rows += [sight(at, mac, "ip.source", ip=f"2001:db8:{number}::{at}") for at in range(0, 60, 11)]
    rows += [sight(at, CAMERA, "ip", "arp", "192.168.0.1") for at in range(9, 50, 2)]
    rows += [sight(at, LAPTOP, "ip", "dhcp", f"192.168.0.{100 + at}") for at in (5, 25, 45)]
    rows += [
        sight(7, CAMERA, "ssdp.server", "Linux, UPnP/1.0 DCS-935L/1.0"),
        sight(33, LAPTOP, "dhcp.vendor", "MSFT 5.0"),
    ]
    usn = "uuid:12345678-1234-1234-1234-000e58a0b1c2::upnp:rootdevice"
    rows += [sight(at, "00:0e:58:a0:b1:c3", "ssdp.usn", usn) for at in (20, 40)]
    return rows


@pytest.mark.parametrize("steps", [2, 6, 60])
def test_the_cut_of_windows_does_not_matter(run, sight, steps: int):
    one, many = run(busy(sight), 1), run(busy(sight), steps)
    assert many.devices == one.devices
    assert many.bindings == one.bindings
    assert encode(replace(many.state)) == encode(replace(one.state))
    assert total(many.presence).equals(total(one.presence))


def test_order_of_rows_does_not_matter(run, sight):
    rows = busy(sight)
    assert run(rows[::-1]).devices == run(rows).devices


def test_the_state_survives_a_snapshot(run, sight, tmp_path: Path):
    early = [row for row in busy(sight) if int(str(row["step"])) < 30 * STEP]
    late = [row for row in busy(sight) if int(str(row["step"])) >= 30 * STEP]
    first = run(early)
    snapshot.save(first.state, tmp_path / "devices")
    kept = snapshot.load(State, tmp_path / "devices")
    assert encode(kept) == encode(first.state)
    assert run(late, state=kept).devices == run(late, state=first.state).devices


def test_without_mac_addresses_local_addresses_are_the_endpoints(run, sight):
    rows = [sight(0, "", "ip.source", ip="192.168.0.9"), sight(0, "", "ip.source", ip="203.0.113.1")]
    out = run([*rows, sight(1, "", "tls.sni", "bridge.meethue.com", "192.168.0.9")])
    assert [(device.macs, device.ips) for device in out.devices][-1] == ((), ("192.168.0.9",))
    assert out.devices[-1].vendor.value == "Signify"


def test_presence_counts_the_steps_in_which_a_device_spoke(run, sight):
    presence = total(run([sight(at, HUE) for at in (0, 1, 5)], 2).presence)
    assert presence.row(0, named=True) == {
        "device": derive("device", "home", "lan", HUE),
        "first_seen": 5,
        "last_seen": 5 * STEP + 5,
        "packets": 0,
        "bytes": 0,
        "steps": 3,
    }


def test_nothing_seen_yields_nothing(run):
    out = run([])
    assert out.devices == []
    assert out.presence[0].is_empty()


def test_fields_of_the_contract_are_all_taken(run, sight):
    out = run([sight(0, CAMERA, field, "x") for field in SIGHTING_FIELDS])
    assert len(out.devices) == 1
