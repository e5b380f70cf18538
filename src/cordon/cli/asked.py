"""What was asked cannot be answered as it was asked."""


class AskedError(ValueError):
    """The person asked for something that is not there; the message says what to do."""
