"""What happens now, told to every open page: server-sent events."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any, Final

PATIENCE: Final = 15.0  # seconds until a comment keeps an idle connection open
BACKLOG: Final = 64  # events a slow page may be behind; it misses older ones and refreshes as a whole


class Hub:
    """Spreads events to the open pages. `tell` may be called from any thread."""

    def __init__(self) -> None:
        self._loop: asyncio.AbstractEventLoop | None = None
        self._pages: set[asyncio.Queue[str]] = set()
        self._closing = False

    def tell(self, event: str, **data: Any) -> None:
        """Tells every open page; without open pages it is forgotten."""
        text = f"event: {event}\ndata: {json.dumps(data, sort_keys=True)}\n\n"
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._spread, text)

    def close(self) -> None:
        """Lets all pages go, so that the server can end."""
        self._closing = True
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._spread, "")

    def _spread(self, text: str) -> None:
        for page in self._pages:
            if page.full():
                page.get_nowait()
            page.put_nowait(text)

    async def listen(self) -> AsyncIterator[str]:
        """The events for one page, until it goes away."""
        self._loop = asyncio.get_running_loop()
        queue: asyncio.Queue[str] = asyncio.Queue(BACKLOG)
        self._pages.add(queue)
        try:
            yield "retry: 2000\nevent: hello\ndata: {}\n\n"
            while not self._closing:
                try:
                    text = await asyncio.wait_for(queue.get(), PATIENCE)
                except TimeoutError:
                    text = ": still here\n\n"
                if not text:
                    return
                yield text
        finally:
            self._pages.discard(queue)
