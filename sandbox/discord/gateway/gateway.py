"""Stands in for the gateway: hello, identify or resume, events, heartbeats, goodbye.

It never throttles IDENTIFY and never sends compressed frames; a client may ask for both.
"""

import asyncio
from datetime import timedelta
from typing import Any

from aiohttp import web

from sandbox.discord.driver.members import Member
from sandbox.discord.gateway import connection as wire
from sandbox.discord.gateway.connection import Connection
from sandbox.discord.gateway.sessions import Session
from sandbox.discord.snowflakes import shard_of
from sandbox.discord.world import payloads, whole
from sandbox.discord.world.events import Event, Intents
from sandbox.discord.world.guilds import Guild
from sandbox.discord.world.world import World

_WRONG_TOKEN, _DISALLOWED_INTENTS = 4004, 4014
_LONGEST_FRAME = 1 << 20


class Gateway:
    """All sessions of the bot.

    Attributes:
        sessions: Those that may still be resumed, by id.
        refusing: Set it to True to answer every new websocket with 503.
        echo: The names of events that are told twice.
        identifies: How many sessions were begun.
        resumes: How many were taken up again.
    """

    def __init__(self, world: World, url: str = "") -> None:
        self.url = url
        self.refusing = False
        self.echo: set[str] = set()
        self.sessions: dict[str, Session] = {}
        self.identifies = 0
        self.resumes = 0
        self._world = world
        world.listeners.append(self.tell)

    @property
    def live(self) -> list[Session]:
        """The sessions that are connected."""
        return [session for session in self.sessions.values() if session.connection]

    def tell(self, event: Event) -> None:
        """Tell an event to every session it is for."""
        for session in self.sessions.values():
            for _ in range(1 + (event.name in self.echo)):
                session.tell(event)

    def drop(self, code: int | None = None) -> None:
        """Drop all connections: with a close code, or (None) cut without a word."""
        for session in self.live:
            line = session.connection
            if line is not None:
                line.cut() if code is None else line.close(code)

    def ask_to_reconnect(self) -> None:
        """Ask every client to connect anew and resume (op 7)."""
        self._frame(wire.RECONNECT, None)

    def invalidate(self, *, resumable: bool = False) -> None:
        """Tell every client that its session is invalid (op 9)."""
        self._frame(wire.INVALID_SESSION, resumable)
        if not resumable:
            self.sessions.clear()

    def _frame(self, op: int, body: Any) -> None:
        for session in self.live:
            if session.connection is not None:
                session.connection.frame(op, body)

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """Serve one websocket from hello to goodbye."""
        if self.refusing:
            return web.Response(status=503)
        socket = web.WebSocketResponse(max_msg_size=_LONGEST_FRAME)
        await socket.prepare(request)
        line = Connection(socket, request.transport)
        writer = asyncio.create_task(line.write())
        interval = self._world.settings.heartbeat / timedelta(milliseconds=1)
        line.frame(wire.HELLO, {"heartbeat_interval": int(interval)})
        try:
            await self._listen(line)
        finally:
            self._left(line)
            writer.cancel()
            await asyncio.wait([writer])
        return socket

    async def _listen(self, line: Connection) -> None:
        acts = {
            wire.IDENTIFY: self._identify,
            wire.RESUME: self._resume,
            wire.REQUEST_MEMBERS: self._members,
        }
        while (frame := await line.read()) is not None:
            op, body = int(frame["op"]), frame.get("d")
            if op == wire.HEARTBEAT:
                line.heartbeats += 1
                line.frame(wire.ACK, None)
            elif op in acts and isinstance(body, dict):
                acts[op](line, body)

    def _identify(self, line: Connection, body: dict[str, Any]) -> None:
        wanted = Intents(body["intents"])
        if body["token"] != self._world.settings.token:
            line.close(_WRONG_TOKEN)
        elif wanted & self._forbidden():
            line.close(_DISALLOWED_INTENTS)
        else:
            number, shards = body.get("shard", (0, 1))
            self._begin(Session((int(number), int(shards)), wanted, line))

    def _forbidden(self) -> Intents:
        settings = self._world.settings
        content = Intents.NONE if settings.message_content else Intents.MESSAGE_CONTENT
        members = Intents.NONE if settings.members_intent else Intents.GUILD_MEMBERS
        return content | members | Intents.GUILD_PRESENCES

    def _begin(self, session: Session) -> None:
        self.identifies += 1
        self._forget_lost(session.shard)
        guilds = [
            guild
            for guild in self._world.guilds.values()
            if guild.me and shard_of(guild.id, session.shard[1]) == session.shard[0]
        ]
        session.dispatch("READY", self._ready(session, [guild.id for guild in guilds]))
        self.sessions[session.id] = session
        for guild in guilds:
            session.dispatch("GUILD_CREATE", whole.known_guild(guild))
        self._world.bell.ring()

    def _forget_lost(self, shard: tuple[int, int]) -> None:
        """Forget interrupted sessions of a shard that has begun anew: nobody resumes them."""
        kept = {k: s for k, s in self.sessions.items() if s.connection or s.shard != shard}
        self.sessions = kept

    def _ready(self, session: Session, guild_ids: list[int]) -> dict[str, Any]:
        return {
            "v": 10,
            "user": payloads.own_user(self._world.bot),
            "guilds": [{"id": str(each), "unavailable": True} for each in guild_ids],
            "session_id": session.id,
            "resume_gateway_url": self.url,
            "shard": list(session.shard),
            "application": {
                "id": str(self._world.bot.id),
                "flags": whole.application_flags(self._world),
            },
        }

    def _resume(self, line: Connection, body: dict[str, Any]) -> None:
        session = self.sessions.get(body.get("session_id") or "")
        if body["token"] != self._world.settings.token:
            line.close(_WRONG_TOKEN)
        elif session is None:
            line.frame(wire.INVALID_SESSION, body=False)
        else:
            self.resumes += 1
            session.connection = line
            session.replay(body.get("seq") or 0)
            session.dispatch("RESUMED", {})
            self._world.bell.ring()

    def _members(self, line: Connection, body: dict[str, Any]) -> None:
        """Answer a request for members, in one chunk."""
        guild = self._world.guilds[int(body["guild_id"])]
        chunk = {
            "guild_id": str(guild.id),
            "members": [payloads.member(each) for each in _wanted(guild, body)],
            "chunk_index": 0,
            "chunk_count": 1,
            "nonce": body.get("nonce"),
        }
        for session in self.live:
            if session.connection is line:
                session.dispatch("GUILD_MEMBERS_CHUNK", chunk)

    def _left(self, line: Connection) -> None:
        """Keep the session of a lost line for resuming; forget it after a clean goodbye."""
        for session in list(self.sessions.values()):
            if session.connection is line:
                session.connection = None
                if line.socket.close_code in wire.CLOSED_CLEANLY:
                    del self.sessions[session.id]
        self._world.bell.ring()


def _wanted(guild: Guild, body: dict[str, Any]) -> list[Member]:
    """Return the members asked for, by id or by the start of the name."""
    told = body.get("user_ids") or []
    ids = {int(each) for each in (told if isinstance(told, list) else [told])}
    start = (body.get("query") or "").lower()
    return [
        member
        for member in guild.members.values()
        if (member.id in ids if ids else member.name.lower().startswith(start))
    ]
