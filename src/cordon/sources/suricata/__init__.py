"""Suricata's events (EVE JSON): flow, dns, tls, quic, http, ssh, ftp, dhcp, mqtt, arp, alert become our rows.

The events of other protocols are set aside. Suricata counts bytes of whole frames and says nothing of
payload: what is given is the least that must have been above TCP or UDP (see `parsing.least_payload`).
"""

from cordon.sources.suricata.reading import is_eve, parse

__all__ = ["is_eve", "parse"]
