"""What can be wrong with a state folder, each said in one sentence."""


class StateError(ValueError):
    """The state cannot be used as asked; the message says what, where, and what to do."""


class NoStateError(StateError):
    """Nothing has been recorded in this folder yet."""


class AmbiguousError(ValueError):
    """Several devices answer to a name; `candidates` are their ids."""

    def __init__(self, asked: str, candidates: tuple[tuple[str, str], ...]) -> None:
        listed = ", ".join(f"{name} ({id})" for id, name in candidates)
        super().__init__(f"{asked} could be {len(candidates)} devices: {listed}; ask for one of them by its id.")
        self.candidates = tuple(id for id, _ in candidates)
