"""What a person is told when something cannot be read."""


class SourceError(ValueError):
    """What was to be read cannot be; the message says what, where, and what to do."""
