"""One device from many addresses, and what must never become one: scenarios by hand, in windows of several lengths."""

import pytest

from cordon.devices import step
from cordon.model.device import Turn
from cordon.model.edit import APART, SAME_AS, Edit
from cordon.model.facts import Facts
from cordon.model.ids import derive
from cordon.model.tables import STEP
from cordon.model.window import Window

WIRED, WIRELESS = "3c:52:82:10:20:30", "a4:34:d9:40:50:60"  # HP, Intel
RANDOM, LATER = "5e:11:22:33:44:55", "d2:66:77:88:99:aa"
CAMERA, OTHER_CAMERA = "00:40:8c:01:02:03", "00:40:8c:77:88:99"  # both Axis
UUID = "uuid:2fac1234-31f8-11b4-a222-08002b34c003::upnp:rootdevice"
ASKS = "1,3,6,15,31,33,43,44,46,47,119,121,249,252"
LENGTHS = pytest.mark.parametrize("steps", [1, 6, 360])


def asking(sight, at, mac, name, params=ASKS):
    return [sight(at, mac, "dhcp.hostname", name), sight(at, mac, "dhcp.params", params)]


def macs(out):
    latest = {device.id: device for device in out.devices}
    return sorted(device.macs for device in latest.values() if device.macs)


@LENGTHS
def test_two_cards_of_one_host_are_one_device(run, sight, steps):
    rows = asking(sight, 0, WIRED, "DESKTOP-4F2K1QM") + asking(sight, 9, WIRELESS, "DESKTOP-4F2K1QM")
    out = run(rows + [sight(at, WIRED) for at in range(20)], steps)
    assert macs(out) == [(WIRED, WIRELESS)]
    device = out.of(WIRED)
    assert device.id == derive("device", "home", "lan", WIRED)
    assert [(why.field, why.value, why.says) for why in device.joined] == [
        ("dhcp.hostname", "desktop-4f2k1qm", WIRELESS)
    ]
    joined = [event for event in out.events if event.what is Turn.JOINED]
    assert [(event.device, event.other) for event in joined] == [(device.id, derive("device", "home", "lan", WIRELESS))]


@LENGTHS
def test_a_random_address_that_follows_another_is_the_same_device(run, sight, steps):
    rows = asking(sight, 0, RANDOM, "Annas-iPhone", "1,121,3,6,15,119,252")
    rows += asking(sight, 400, LATER, "Annas-iPhone", "1,121,3,6,15,119,252")
    assert macs(run(rows, steps)) == [(RANDOM, LATER)]


@LENGTHS
def test_an_id_made_for_one_device_joins_its_cards(run, sight, steps):
    rows = [sight(0, WIRED, "ssdp.usn", UUID), sight(7, WIRELESS, "ssdp.usn", UUID)]
    assert macs(run(rows, steps)) == [(WIRED, WIRELESS)]
    rows = [
        sight(at, mac, "mdns.txt", "deviceid=A1:B2:C3:D4:E5:F6|_airplay._tcp") for at, mac in ((0, WIRED), (7, RANDOM))
    ]
    assert macs(run(rows, steps)) == [(WIRED, RANDOM)]


def test_addresses_of_a_lease_and_of_privacy_extensions_stay_with_their_device(run, sight):
    rows = [sight(0, WIRED, "ip", "dhcp", "192.168.0.9"), sight(4, WIRED, "ip", "dhcp", "192.168.0.44")]
    rows += [sight(at, WIRED, "ip", "nd", f"fd00::{at:x}") for at in range(1, 4)]
    out = run(rows)
    assert out.of(WIRED).ips == ("192.168.0.44", "fd00::1", "fd00::2", "fd00::3")


@pytest.mark.parametrize(
    ("one", "other", "name", "params"),
    [
        (CAMERA, OTHER_CAMERA, "lobby-east-cam", (ASKS, ASKS)),  # two of one maker with one name
        (WIRED, WIRELESS, "laptop", (ASKS, ASKS)),  # a name that says only what it is
        (WIRED, WIRELESS, "DESKTOP-4F2K1QM", (ASKS, "1,3,6")),  # another system took the name
        (WIRED, WIRELESS, "DESKTOP-4F2K1QM", (ASKS, "")),  # nothing but the name
        ("5c:cf:7f:01:02:03", "a4:34:d9:40:50:60", "wizlamp", ("1,3,6", "1,3,6")),  # other modules in one series
    ],
)
def test_a_name_alone_joins_nothing(run, sight, one, other, name, params):
    rows = []
    for at, mac, asked in ((0, one, params[0]), (5, other, params[1])):
        rows += [row for row in asking(sight, at, mac, name, asked) if row["value"]]
    assert macs(run(rows)) == sorted([(one,), (other,)])


def test_two_phones_with_one_name_that_are_here_together_stay_two(run, sight):
    rows = asking(sight, 0, RANDOM, "Annas-iPhone", "1,121,3") + asking(sight, 30, LATER, "Annas-iPhone", "1,121,3")
    rows += [sight(at, RANDOM) for at in range(60)]
    assert macs(run(rows)) == sorted([(RANDOM,), (LATER,)])


def test_units_of_one_maker_with_the_same_id_stay_apart(run, sight):
    rows = [sight(0, CAMERA, "ssdp.usn", UUID), sight(1, OTHER_CAMERA, "ssdp.usn", UUID)]
    assert macs(run(rows)) == [(CAMERA,), (OTHER_CAMERA,)]


@LENGTHS
def test_an_id_that_a_whole_series_carries_joins_none_of_it(run, sight, steps):
    makers = [WIRED, WIRELESS, CAMERA, "b8:27:eb:01:02:03"]
    out = run([sight(at * 7, mac, "ssdp.usn", UUID) for at, mac in enumerate(makers)], steps)
    assert macs(out) == sorted((mac,) for mac in makers)
    assert not any(device.joined for device in {device.id: device for device in out.devices}.values())


def test_a_router_that_repeats_what_others_announce_is_not_joined_with_them(run, sight):
    router = "00:09:5b:01:02:03"
    rows = [sight(0, router, "ip.source", ip=f"203.0.113.{host}") for host in range(4)]
    rows += [sight(2, WIRED, "mdns.txt", "id=ABCDEF0123456789|_googlecast._tcp")]
    rows += [sight(3, router, "mdns.txt", "id=ABCDEF0123456789|_googlecast._tcp")]
    assert macs(run(rows)) == sorted([(router,), (WIRED,)])


@LENGTHS
def test_devices_behind_one_that_answers_for_them_are_devices(run, sight, steps):
    repeater = "00:09:5b:01:02:03"
    rows = [sight(0, repeater, "ip", "arp", "192.168.0.2")]
    for at, name in enumerate(("kettle", "desk-lamp", "radio"), 3):
        rows += [sight(at, repeater, "ip", "arp", f"192.168.0.{at}")]
        rows += [sight(at, repeater, "mdns.name", name, f"192.168.0.{at}")]
    rows += [sight(9, repeater, "mdns.service", "_ipp._tcp", "192.168.0.4")]
    out = run(rows, steps)
    latest = {device.id: device for device in out.devices}
    behind = {device.ips[0]: device for device in latest.values() if not device.macs}
    assert {ip: device.names for ip, device in behind.items()} == {
        "192.168.0.3": ("kettle",),
        "192.168.0.4": ("desk-lamp",),
        "192.168.0.5": ("radio",),
    }
    assert behind["192.168.0.4"].kind.value == "printer"
    assert (out.of(repeater).ips, out.of(repeater).names) == (("192.168.0.2",), ())


@LENGTHS
def test_an_address_in_two_hands_is_told_and_never_joined(run, sight, steps):
    camera, laptop = "64_29200_1460_7_2,4,8,1,3", "128_64240_1460_8_2,1,3,1,1,4"
    rows = [sight(at, CAMERA, "tcp.syn", (camera, laptop)[at // 3 % 2]) for at in range(0, 60, 3)]
    out = run(rows, steps)
    clones = [event for event in out.events if event.what is Turn.CLONED]
    assert [(event.device, event.field, event.time) for event in clones] == [(out.of(CAMERA).id, "tcp.syn", 16 * STEP)]
    assert {clones[0].before, clones[0].after} == {"64 2,4,8,1,3", "128 2,1,3,1,1,4"}


@pytest.mark.parametrize(
    "ways",
    [
        ("64_29200_1460_7_2,4,8,1,3", "64_14600_1380_7_2"),  # options left out when nobody answers
        ("64_29200_1460_7_2,4,8,1,3", "255_1024___"),  # packets that a program writes itself
        ("64_29200_1460_7_2,4,8,1,3", "64_65535_1220_7_2,4,8,1,3"),  # another route
    ],
)
def test_one_system_that_opens_connections_in_several_ways_is_no_clone(run, sight, ways):
    rows = [sight(at, CAMERA, "tcp.syn", ways[at % 2]) for at in range(60)]
    assert not [event for event in run(rows).events if event.what is Turn.CLONED]


def test_a_new_system_on_an_address_is_a_change_and_no_clone(run, sight):
    rows = [sight(at, CAMERA, "dhcp.hostname", "axis-00408c010203") for at in range(0, 100, 10)]
    rows += [sight(at, CAMERA, "dhcp.hostname", "kali") for at in range(500, 600, 10)]
    out = run(rows)
    assert {event.what for event in out.events} == {Turn.NEW, Turn.CHANGED}
    change = next(event for event in out.events if event.what is Turn.CHANGED)
    assert (change.field, change.before, change.after) == ("name", "axis-00408c010203", "kali")


def test_what_a_field_told_long_ago_gives_way_to_what_it_tells_now(run, sight):
    rows = [sight(0, RANDOM, "s7.module", "6ES7 315-2EH14-0AB0"), sight(0, RANDOM, "dhcp.vendor", "udhcp 1.19.4")]
    before = run(rows)
    assert before.of(RANDOM).vendor.value == "Siemens"
    after = run([*rows, sight(500, RANDOM, "s7.module", "none of that")])
    assert after.of(RANDOM).vendor.value == ""


@pytest.mark.parametrize("steps", [60, 360])
def test_presence_follows_the_rhythm_a_device_has(run, sight, steps):
    day, minute = 8640, 6
    sensor = [sight(number * day + second, CAMERA) for number in range(5) for second in range(3)]
    chatty = [sight(at, OTHER_CAMERA) for at in range(0, 5 * day, 3 * minute)]
    out = run(sensor + chatty, steps)
    assert out.of(CAMERA).silence == 25 * 3600 * 1_000_000
    assert out.of(OTHER_CAMERA).silence == 5 * 60 * 1_000_000
    assert run([sight(0, CAMERA)]).of(CAMERA).silence == 0


def edit(device, field, value, time=1, *, withdrawn=False):
    return Edit("home", device, field, value, "ann", time, withdrawn=withdrawn)


def tell(state, *edits):
    return step(state, Facts(Window("home", state.clock, state.clock), edits=edits))


def test_a_person_joins_devices_and_parts_them_again_with_nothing_lost(run, sight):
    out = run([sight(0, CAMERA, "dhcp.hostname", "lobby"), sight(3, WIRED, "mdns.service", "_ipp._tcp")])
    camera, printer = out.of(CAMERA), out.of(WIRED)
    state, facts = tell(out.state, edit(printer.id, SAME_AS, camera.id))
    joined = next(device for device in facts.devices if device.macs)
    assert (joined.id, joined.macs, joined.kind.value) == (camera.id, (CAMERA, WIRED), "printer")
    assert [(why.field, why.value) for why in joined.joined] == [(SAME_AS, "ann")]
    assert [(binding.endpoint, binding.device) for binding in facts.bindings if not binding.end] == [(WIRED, camera.id)]
    state, facts = tell(state, edit(printer.id, SAME_AS, camera.id, 2, withdrawn=True))
    again = {device.id: device for device in facts.devices}
    assert again[camera.id].macs == (CAMERA,) and again[camera.id].kind.value != "printer"
    assert again[printer.id].macs == (WIRED,) and again[printer.id].kind.value == "printer"
    assert [event.what for event in facts.events] == [Turn.PARTED]


def test_what_a_person_parted_is_not_joined_again_by_evidence(run, sight):
    rows = asking(sight, 0, WIRED, "DESKTOP-4F2K1QM") + asking(sight, 3, WIRELESS, "DESKTOP-4F2K1QM")
    out = run(rows)
    device = out.of(WIRED)
    state, facts = tell(out.state, edit(device.id, APART, WIRELESS))
    assert sorted(one.macs for one in facts.devices) == [(WIRED,), (WIRELESS,)]
    later = run([sight(9, mac, "ssdp.usn", UUID) for mac in (WIRED, WIRELESS)], state=state)
    assert macs(later) == [] or (WIRED, WIRELESS) not in macs(later)
    _, facts = tell(later.state, edit(device.id, APART, WIRELESS, 2, withdrawn=True))
    assert [one.macs for one in facts.devices if one.macs] == [(WIRED, WIRELESS)]


def test_the_first_card_of_a_device_can_be_parted_too(run, sight):
    third = "b8:27:eb:01:02:03"
    out = run([sight(at, mac, "ssdp.usn", UUID) for at, mac in enumerate((WIRED, WIRELESS, third))])
    assert macs(out) == [(WIRED, WIRELESS, third)]
    _, facts = tell(out.state, edit(out.of(WIRED).id, APART, WIRED))
    ids = {one.macs: one.id for one in facts.devices if one.macs}
    assert ids == {
        (WIRED,): derive("device", "home", "lan", WIRED),
        (WIRELESS, third): derive("device", "home", "lan", WIRELESS),
    }


def test_the_kind_a_person_tells_is_what_later_stages_read(run, sight):
    out = run([sight(0, WIRED, "mdns.service", "_ipp._tcp")])
    state, facts = tell(out.state, edit(out.of(WIRED).id, "kind", "till"))
    assert (facts.devices[0].kind.value, facts.devices[0].kind.confidence) == ("till", 1000)
    _, facts = tell(state, edit(out.of(WIRED).id, "kind", "till", 2, withdrawn=True))
    assert facts.devices[0].kind.value == "printer"


def test_words_about_devices_nobody_heard_change_nothing(run, sight):
    out = run([sight(0, WIRED)])
    _, facts = tell(out.state, edit("device-000000000000", SAME_AS, out.of(WIRED).id), edit("x", APART, "y"))
    assert (facts.devices, facts.bindings, facts.events) == ((), (), ())
