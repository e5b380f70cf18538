"""A Telnet login (RFC 854) as small devices answer it."""

from random import Random

from cordon.lab.wire.tcp import Connection

_OFFERS = bytes.fromhex("fffd01fffd1ffffb01fffb03")  # DO ECHO, DO NAWS, WILL ECHO, WILL SUPPRESS-GO-AHEAD
_AGREES = bytes.fromhex("fffc01fffc1ffffd01fffd03")


def login(talk: Connection, rng: Random, host: str, tries: list[tuple[str, str]], *, last_works: bool) -> None:
    """Tries users and passwords one after another; the device greets with `host`."""
    talk.reply(_OFFERS, 9000).send(_AGREES, 2000).reply(f"\r\n{host} login: ".encode(), 12_000)
    for at, (user, password) in enumerate(tries):
        talk.send(f"{user}\r\n".encode(), rng.randrange(200_000, 700_000))
        talk.reply(f"{user}\r\nPassword: ".encode(), 6000)
        talk.send(f"{password}\r\n".encode(), rng.randrange(200_000, 700_000))
        if last_works and at == len(tries) - 1:
            talk.reply(b"\r\n", 5000)
            shell = "\r\n\r\nBusyBox v1.18.4 (2014-10-15 13:52:46 CST) built-in shell (ash)\r\n"
            talk.reply(f"{shell}Enter 'help' for a list of built-in commands.\r\n\r\n# ".encode(), 300_000)
        else:
            talk.reply(f"\r\nLogin incorrect\r\n{host} login: ".encode(), 1_200_000)


def command(talk: Connection, rng: Random, line: str, output: str) -> None:
    """A line typed at the shell, its echo, what it prints, and the prompt."""
    talk.send(f"{line}\r\n".encode(), rng.randrange(300_000, 1_500_000))
    talk.reply(f"{line}\r\n{output}# ".encode(), 20_000)
