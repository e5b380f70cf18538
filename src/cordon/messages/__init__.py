"""Tells people of incidents: one message an incident and channel, kept until it was taken.

`message` makes the words, `smtp` and `webhook` are the ways out, `postman` sees to it that each incident is told once
and tried again until then. What was told stands in the record: nothing is told twice, and nothing is lost.
"""

from cordon.messages.channel import Channel, Refused, Undelivered, channels
from cordon.messages.message import Message, compose, trial
from cordon.messages.postman import Postman

__all__ = ["Channel", "Message", "Postman", "Refused", "Undelivered", "channels", "compose", "trial"]
