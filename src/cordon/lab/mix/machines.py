"""What small machines say: readings by MQTT, and the plant's Modbus, S7 and BACnet."""

from collections.abc import Iterator
from random import Random

from cordon.lab.mix.script import MS, SECOND, SERIAL_TEXT, Script
from cordon.lab.talk import plant, s7


def readings(rng: Random) -> Iterator[Script]:
    """A sensor reports to a broker for some minutes, or follows a topic."""
    for number in range(12):
        script = Script(ttl=64)
        talk = script.connect(1883, system="lwip", delay=900)
        talk.send(plant.mqtt_connect(f"sensor-{SERIAL_TEXT}", keep=30)).reply(plant.MQTT_CONNACK)
        if number % 3 == 0:
            talk.send(plant.mqtt_subscribe(1, "site/#")).reply(plant.mqtt_suback(1))
        for turn in range(rng.randrange(6, 24)):
            talk.pause(talk.time + rng.randrange(4 * SECOND, 9 * SECOND))
            message = plant.mqtt_publish(f"site/{SERIAL_TEXT}/value", plant.reading(rng, "value"))
            talk.reply(message) if number % 3 == 0 else talk.send(message)
            if turn % 4 == 3:
                talk.settle().send(plant.MQTT_PING).reply(plant.MQTT_PONG)
        talk.close()
        yield script


def control(rng: Random) -> Iterator[Script]:
    """A controller is polled by each of the three protocols."""
    for _ in range(4):
        yield _modbus(rng)
        yield _s7(rng)
        yield _bacnet(rng)


def _modbus(rng: Random) -> Script:
    script = Script(ttl=64)
    talk = script.connect(502, system="windows", delay=1_500)
    for turn in range(1, rng.randrange(10, 30)):
        talk.pause(talk.time + SECOND)
        if turn % 10 == 0:
            order = plant.modbus_write(turn, 1, 100, rng.randrange(4_000))
            talk.send(order).reply(order)
        else:
            count = rng.randrange(4, 40)
            talk.send(plant.modbus_read(turn, 1, 0, count))
            talk.reply(plant.modbus_values(turn, 1, [rng.randrange(4_000) for _ in range(count)]))
    talk.close()
    return script


def _s7(rng: Random) -> Script:
    script = Script(ttl=64)
    talk = script.connect(102, system="windows", delay=2_500)
    talk.send(s7.CONNECT).reply(s7.CONFIRM).send(s7.set_up(1)).reply(s7.set_up(1, answer=True))
    for turn in range(2, rng.randrange(10, 30)):
        count = 2 * rng.randrange(2, 60)
        talk.pause(talk.time + SECOND // 2).send(s7.read(turn, 10, 0, count)).reply(
            s7.values(turn, rng.randbytes(count))
        )
    talk.reset()
    return script


def _bacnet(rng: Random) -> Script:
    script = Script(ttl=64)
    ports, time = (47_808, 47_808), 0
    for invoke in range(rng.randrange(10, 40)):
        time += rng.randrange(80 * MS, SECOND)
        kind, instance = rng.randrange(3), rng.randrange(40)
        script.send(time, ports, plant.bacnet_read(invoke, kind, instance))
        script.reply(time + 4 * MS, ports, plant.bacnet_value(invoke, kind, instance, rng.randrange(400) / 8))
    return script
