"""The devices of the site as declared data: identity (address block, DHCP, mDNS, SSDP, TLS) and habits.

MAC prefixes are from the IEEE registry. Destinations, ports and periods follow published manufacturer usage
descriptions (University of New South Wales, RFC 8520 profiles) and measured set-up traffic (Aalto University)
where the device is in there, and the makers' own network documentation otherwise.
"""
