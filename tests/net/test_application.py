"""Asking Discord who we are and where we are, and making sense of odd answers."""

from collections.abc import AsyncIterator, Callable

import httpx
import pytest

from bot.errors import ConfigurationError, Unreachable
from bot.net.application import Membership, read_application, read_memberships
from bot.net.client import build_client
from sandbox.discord import ORDINARY, Discord, Permissions

TOKEN = "canary-token"
URL = "https://discord.example/api/v10"

Ask = Callable[[httpx.AsyncClient, str, str], object]
both = pytest.mark.parametrize("ask", [read_application, read_memberships])


@pytest.fixture
async def http() -> AsyncIterator[httpx.AsyncClient]:
    """Return a client for the real network, which is loopback here."""
    async with build_client() as client:
        yield client


def answering(answer: httpx.Response | Exception) -> httpx.AsyncClient:
    """Return a client that always gets this answer."""

    def serve(_request: httpx.Request) -> httpx.Response:
        if isinstance(answer, Exception):
            raise answer
        return answer

    return build_client(httpx.MockTransport(serve))


@pytest.mark.parametrize("reads", [True, False])
async def test_application(http: httpx.AsyncClient, *, reads: bool) -> None:
    """The application's name, id and message content switch are read from Discord."""
    async with Discord(TOKEN, bot_name="Reel", message_content=reads) as discord:
        found = await read_application(http, discord.api_url, TOKEN)
        assert (found.id, found.name, found.reads_messages) == (discord.bot.id, "Reel", reads)


async def test_memberships(http: httpx.AsyncClient) -> None:
    """Every server the bot is in is listed with what its roles allow; others are not."""
    async with Discord(TOKEN) as discord:
        studio = discord.add_guild("Studio", bot_permissions=Permissions.MANAGE_GUILD)
        discord.add_guild("Elsewhere", bot=False)
        den = discord.add_guild("Den")
        assert await read_memberships(http, discord.api_url, TOKEN) == [
            Membership(studio.id, "Studio", int(ORDINARY | Permissions.MANAGE_GUILD)),
            Membership(den.id, "Den", int(ORDINARY)),
        ]


async def test_memberships_beyond_one_page(http: httpx.AsyncClient) -> None:
    """Discord lists 200 servers at a time; all are read, with as few requests as that takes."""
    async with Discord(TOKEN) as discord:
        ids = [discord.add_guild(f"Server {number}").id for number in range(401)]
        found = await read_memberships(http, discord.api_url, TOKEN)
        assert [guild.id for guild in found] == ids
        assert len(discord.requests) == 3


async def test_a_page_that_repeats_itself_ends_the_list() -> None:
    """A proxy that ignores the page asked for is not asked for ever."""
    page = [{"id": str(n), "name": "x", "permissions": "0"} for n in range(1, 201)]
    async with answering(httpx.Response(200, json=page)) as client:
        assert len(await read_memberships(client, URL, TOKEN)) == 200


@both
@pytest.mark.parametrize("status", [401, 403])
async def test_token_is_refused(ask: Ask, status: int) -> None:
    """A token that Discord refuses is for the operator to mend, and is not repeated."""
    async with answering(httpx.Response(status, json={"message": "401"})) as client:
        with pytest.raises(ConfigurationError, match="copy it again") as caught:
            await ask(client, URL, TOKEN)  # type: ignore[misc]  # both are coroutines
    assert TOKEN not in str(caught.value)


@both
@pytest.mark.parametrize(
    "answer",
    [
        httpx.ConnectError("refused"),
        httpx.ReadTimeout("late"),
        httpx.DecodingError("no gzip"),
        httpx.Response(500),
        httpx.Response(302, headers={"Location": "https://login.example"}),
        httpx.Response(200, text="<html>"),
        httpx.Response(200, json=[7]),
        httpx.Response(200, json={"name": "no id"}),
        httpx.Response(200, json=None),
    ],
    ids=repr,
)
async def test_discord_is_in_trouble(ask: Ask, answer: httpx.Response | Exception) -> None:
    """No answer, and no sense in the answer, are the same: try again later."""
    async with answering(answer) as client:
        with pytest.raises(Unreachable):
            await ask(client, URL, TOKEN)  # type: ignore[misc]  # both are coroutines
