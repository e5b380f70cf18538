"""The back-ends that are shipped."""

from typing import Final

from cordon.actions.backend import Backend
from cordon.actions.backends.nftables import Nftables

SHIPPED: Final[tuple[type[Backend], ...]] = (Nftables,)
