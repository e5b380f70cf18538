"""Zeek's logs: columns of their text become rows of our tables, one module for each family of protocols.

Logs that are not listed (weird, stats …) tell nothing our tables hold. Zeek reports after the fact, so
some columns stay empty where its log has no such field: sizes of DNS messages, what a TLS client offered beyond what
its JA4 says, realms. Counters of bytes are those of IP packets, without the link's header.
"""

from cordon.sources.zeek.reading import kind_of, parse

__all__ = ["kind_of", "parse"]
