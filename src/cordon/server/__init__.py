"""The API and the console, served on this machine only."""

from cordon.server.run import run

__all__ = ["run"]
