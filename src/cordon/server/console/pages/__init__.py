"""One module for each entry of the rail."""

from cordon.server.console.pages import devices, incidents, map, marks, policy, record, repairs, settings, today

ROUTERS = (
    today.router,
    record.router,
    devices.router,
    map.router,
    incidents.router,
    policy.router,
    settings.router,
    marks.router,
    repairs.router,
)
