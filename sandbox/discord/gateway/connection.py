"""Stands in for one websocket of the gateway: frames in order, one at a time, uncompressed.

It never waits for a slow reader: frames queue up, as they would on the wire.
"""

import asyncio
import json
from dataclasses import dataclass
from typing import Any, Final

from aiohttp import ClientConnectionResetError, WSMsgType, web

HEARTBEAT, IDENTIFY, RESUME = 1, 2, 6
RECONNECT, REQUEST_MEMBERS, INVALID_SESSION, HELLO, ACK = 7, 8, 9, 10, 11
CLOSED_CLEANLY: Final = (1000, 1001)


@dataclass(frozen=True)
class _Goodbye:
    code: int


class Connection:
    """One websocket.

    Attributes:
        heartbeats: How many the client has sent.
    """

    def __init__(self, socket: web.WebSocketResponse, transport: asyncio.Transport | None) -> None:
        self.socket = socket
        self._transport = transport
        self.heartbeats = 0
        self._out: asyncio.Queue[str | _Goodbye] = asyncio.Queue()

    def send(self, text: str) -> None:
        """Queue a frame."""
        self._out.put_nowait(text)

    def frame(self, op: int, body: Any) -> None:
        """Queue a frame that is no event."""
        self.send(json.dumps({"op": op, "d": body, "s": None, "t": None}))

    def close(self, code: int) -> None:
        """Close with a code, after everything queued before."""
        self._out.put_nowait(_Goodbye(code))

    def cut(self) -> None:
        """Cut the line without a word."""
        if self._transport is not None:
            self._transport.abort()

    async def write(self) -> None:
        """Send what is queued until the line is closed."""
        while not self.socket.closed:
            item = await self._out.get()
            if isinstance(item, _Goodbye):
                await self.socket.close(code=item.code)
                return
            try:
                await self.socket.send_str(item)
            except ClientConnectionResetError:
                return

    async def read(self) -> dict[str, Any] | None:
        """Return the next frame of the client; None: the line is closed."""
        message = await self.socket.receive()
        if message.type is not WSMsgType.TEXT:
            return None
        frame: dict[str, Any] = json.loads(message.data)
        return frame
