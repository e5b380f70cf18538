"""Frames and capture files: bytes, without any idea of devices or habits."""
