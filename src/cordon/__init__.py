"""Cordon sees every device, says what it is, learns what is normal for it, and cordons off what leaves it.

The flow, which is also the order of the folders::

    sources ─▶ devices ─▶ detect ─▶ trust ─▶ policy ─▶ actions
                                       └─▶ incidents ◀─┘

Facts travel in that order and stand in `cordon.model`; no stage imports another; `cordon.pipeline` joins them.
Read next: ARCHITECTURE.md, then `cordon.model`, then `cordon.pipeline`.
"""

__version__ = "0.1.0"
