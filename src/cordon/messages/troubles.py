"""What goes wrong on the way."""


class Undelivered(Exception):  # noqa: N818  # what it is called in the trade
    """Nobody took the message this time; the text says why."""


class Refused(Undelivered):
    """Nobody will take the message as it is: trying again is of no use."""
