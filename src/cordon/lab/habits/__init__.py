"""What devices do again and again: one frozen dataclass a habit, acting through the `Lan`."""
