"""Everything that comes in, as windows of traffic tables."""

from cordon.sources.capture import CaptureSource, SourceError, captures

__all__ = ["CaptureSource", "SourceError", "captures"]
