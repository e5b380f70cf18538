"""One capture that is hard on a packet engine: every family of traffic at once, and many flows of few packets.

    families ──▶ stock (templates of conversations, as arrays) ──▶ talks (who, when) ──▶ write

Conversations are built once with placeholders (`script`), as the rest of the lab builds frames; each one that is
written is a copy with its own addresses, ports, numbers and names put into the holes.
"""
