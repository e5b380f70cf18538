"""Exposures as the record answers with them."""

from sqlalchemy import select

from cordon.model.exposure import STANDS, Acceptance, Exposure, Standing
from cordon.store import tables
from cordon.store.opened import Opened


class Exposures(Opened):
    """The part of reading that is of exposures."""

    def exposures(self, device: str = "", *, gone: bool = False) -> tuple[Exposure, ...]:
        """The exposures that stand, or with `gone` all, of one device or of all: the worst first, then the newest."""
        row = tables.ExposureRow
        asked = select(row.id, row.fact).where(row.standing != Standing.MOVED.value)
        if device:
            asked = asked.where(row.device == device)
        if not gone:
            asked = asked.where(row.standing.in_([one.value for one in STANDS]))
        here = select(tables.DeviceRow.id).where(tables.DeviceRow.known != "gone")
        asked = asked.where(row.device.in_(here)).order_by(row.severity.desc(), row.time.desc(), row.id)
        return self._all(asked, Exposure, "exposure")

    def exposure(self, id: str) -> Exposure | None:
        """The exposure with that id."""
        return self._one(tables.ExposureRow, Exposure, id)

    def acceptances(self, exposure: str = "") -> tuple[Acceptance, ...]:
        """Everything that people said of living with one exposure, or with any; oldest first."""
        row = tables.AcceptanceRow
        asked = select(row).order_by(row.time, row.number)
        with self._session() as session:
            found = session.scalars(asked.where(row.exposure == exposure) if exposure else asked)
            names = Acceptance.__dataclass_fields__
            return tuple(Acceptance(**{name: getattr(one, name) for name in names}) for one in found)
