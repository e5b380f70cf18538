"""Feeds of threat intelligence: fetched from files or over HTTP, and read into indicators."""

from cordon.sources.feeds.fetching import fetch, is_url, shown
from cordon.sources.feeds.reading import Outcome, read_feed

__all__ = ["Outcome", "fetch", "is_url", "read_feed", "shown"]
