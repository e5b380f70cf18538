"""Habits of the plant and of small sensors: Modbus polls, BACnet, MQTT."""

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from cordon.lab.lan import HOUR, MINUTE, SECOND, Lan
from cordon.lab.rhythm import jitter
from cordon.lab.station import Station
from cordon.lab.talk import plant


@dataclass(frozen=True, slots=True)
class Poll:
    """Reads registers of a device by Modbus/TCP each `every` seconds; writes a set point now and then."""

    target: str
    every: float = 5
    first: int = 0
    count: int = 10
    writes: bool = False

    def run(self, lan: Lan, who: Station, rng: Random, until: int) -> Iterator[int]:
        yield lan.now + rng.randrange(30 * SECOND, 60 * SECOND)
        talk = lan.connect(who, lan.named(self.target), 502)
        transaction = rng.randrange(1000)
        values = [rng.randrange(4000) for _ in range(self.count)]
        write = lan.now + jitter(rng, HOUR, 0.5)
        while lan.now < until:
            transaction = (transaction + 1) & 0xFFFF
            values[rng.randrange(self.count)] = rng.randrange(4000)
            talk.pause(lan.now)
            if self.writes and lan.now >= write:
                write = lan.now + jitter(rng, HOUR, 0.5)
                order = plant.modbus_write(transaction, 1, 100, rng.randrange(4000))
                talk.send(order).reply(order, 1500).settle()
            else:
                talk.send(plant.modbus_read(transaction, 1, self.first, self.count))
                talk.reply(plant.modbus_values(transaction, 1, values), 1500).settle()
            yield max(talk.time + 1, lan.now + jitter(rng, self.every * SECOND, 0.01))


@dataclass(frozen=True, slots=True)
class WhoIs:
    """A building controller asks all BACnet devices who they are; those of its kind answer to everybody."""

    every: int = 900

    def run(self, lan: Lan, who: Station, rng: Random, until: int) -> Iterator[int]:
        yield lan.now + rng.randrange(20 * SECOND, 60 * SECOND)
        broadcast = b"\xff" * 4
        while lan.now < until:
            lan.multicast(lan.now, who, broadcast, (47808, 47808), plant.bacnet_who_is(), ttl=64)
            for at, other in enumerate(lan.of_kind("bms")):
                message = plant.bacnet_i_am(1000 + at, 5)
                lan.multicast(lan.now + 4000 + at * 1300, other, broadcast, (47808, 47808), message, ttl=64)
            yield lan.now + jitter(rng, self.every * SECOND, 0.05)


@dataclass(frozen=True, slots=True)
class Publish:
    """Publishes readings to the local MQTT broker each `every` seconds."""

    topic: str
    every: int = 60
    user: str = ""
    password: str = ""

    def run(self, lan: Lan, who: Station, rng: Random, until: int) -> Iterator[int]:
        yield lan.now + rng.randrange(20 * SECOND, 50 * SECOND)
        talk = lan.connect(who, lan.named("broker"), 1883)
        client = who.host or who.fill("{model}-{tail}")
        talk.send(plant.mqtt_connect(client, self.user, self.password)).reply(plant.MQTT_CONNACK, 900)
        topic = who.fill(self.topic)
        while lan.now < until:
            talk.pause(lan.now).send(plant.mqtt_publish(topic, plant.reading(rng, "value"))).settle()
            yield max(talk.time + 1, lan.now + jitter(rng, self.every * SECOND, 0.05))


@dataclass(frozen=True, slots=True)
class Subscribe:
    """Follows the broker's topics: messages come in batches."""

    topic: str
    every: int = 60

    def run(self, lan: Lan, who: Station, rng: Random, until: int) -> Iterator[int]:
        yield lan.now + rng.randrange(MINUTE, 2 * MINUTE)
        talk = lan.connect(who, lan.named("broker"), 1883)
        talk.send(plant.mqtt_connect(f"follow-{who.host or who.mac.hex()}")).reply(plant.MQTT_CONNACK, 900)
        talk.send(plant.mqtt_subscribe(1, self.topic), 500).reply(plant.mqtt_suback(1), 700).settle()
        while lan.now < until:
            talk.pause(lan.now)
            topic = self.topic.replace("#", rng.choice(("room1", "room2", "store", "hall", "lab")))
            talk.reply(plant.mqtt_publish(topic, plant.reading(rng, "value"))).settle()
            yield max(talk.time + 1, lan.now + jitter(rng, self.every * SECOND, 0.2))
