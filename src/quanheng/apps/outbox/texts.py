"""How a text message is counted and paid for."""

from __future__ import annotations

import re

TEXT = "message.text"  # the topic of text messages
MOBILE = re.compile(r"(\+?86-?)?1[3-9]\d{9}")  # in China mobile numbers begin with 13 to 19

ALONE, IN_A_CHAIN = 70, 67  # UTF-16 units of one message in UCS-2 (3GPP TS 23.038); a chain has a head of 3


def segments(text: str) -> int:
    """Return of how many messages a Chinese text consists on its way through the network."""
    units = len(text.encode("utf-16-be")) // 2
    return 1 if units <= ALONE else -(-units // IN_A_CHAIN)
