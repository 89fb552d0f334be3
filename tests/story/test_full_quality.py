"""A film that was made smaller for its server can still be had in full."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.typedefs import Handler

from bot.app import App
from bot.domain.task import TaskState
from sandbox.discord import Answer, Attachment, Call, Fault, Message, Permissions
from sandbox.services import FOREVER, Films, Pace, Scenario
from tests.media.films import film
from tests.story.world import PATIENCE, World, card_of, open_world, seconds_of


class Held:
    """Holds an answer back until the test lets go, and tells when it has begun."""

    def __init__(self) -> None:
        self.begun = asyncio.Event()
        self.let_go = asyncio.Event()

    async def happen(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        self.begun.set()
        await self.let_go.wait()
        return await handler(request)


def _limit(film_bytes: bytes) -> int:
    """Return an upload limit at which a film does not pass, but one a fifth smaller does."""
    return len(film_bytes) * 6 // 7


@pytest.fixture(scope="session")
def whole(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A film that needs two parts, and can be cut at its key frames."""
    path = tmp_path_factory.mktemp("films") / "whole.mp4"
    return film(path, size=(160, 160), seconds=4, noise=True, key_every=6).read_bytes()


@pytest.fixture(scope="session")
def one_key(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The same with a single key frame, as the services' short films are."""
    path = tmp_path_factory.mktemp("films") / "whole.mp4"
    return film(path, size=(160, 160), seconds=4, noise=True).read_bytes()


@pytest.fixture
async def narrow(tmp_path: Path, films: Films, whole: bytes) -> AsyncIterator[World]:
    """A world whose Discord takes less than the film that is made in it."""
    async with open_world(tmp_path, films=films, upload_limit=_limit(whole)) as opened:
        opened.aivideomaker.script(Scenario(film=whole))
        yield opened


async def _fitted(world: World) -> Message:
    """Order a film; return the message that brings its small copy."""
    card = card_of(await world.ada.slash(world.channel, "video text", prompt="a boat"))
    await world.film_of(card)
    return await world.film_message(card)


async def _press(world: World, message: Message, button: str = "Full quality") -> Call:
    return await (await world.ben.click(message, button)).answered()


def _lengths(files: list[Attachment]) -> list[float]:
    return [seconds_of(file) for file in files]


async def test_whoever_sees_the_film_gets_all_of_it_in_parts(narrow: World, whole: bytes) -> None:
    """Each part is below the limit and plays; together they are as long and as good."""
    async with narrow.bot():
        message = await _fitted(narrow)
        assert message.pings == [narrow.ada.user]
        call = await _press(narrow, message)

        assert "Full quality, in 2 parts" in call.text
        (answer,) = call.private
        assert sum(_lengths(answer.attachments)) == 4
        assert max(part.size for part in answer.attachments) <= _limit(whole)
        together = sum(part.size for part in answer.attachments)
        assert together == pytest.approx(len(whole), rel=0.02)
        assert [part.name.rpartition("-part-")[2] for part in answer.attachments] == [
            "1.mp4",
            "2.mp4",
        ]
        assert call.message is None


async def test_show_has_the_same_parts(narrow: World) -> None:
    """`/video show` plays them inside the card's copy, for the asker alone."""
    async with narrow.bot() as app:
        message = await _fitted(narrow)
        pressed = await _press(narrow, message)
        shown = await narrow.shown(narrow.ada, (await narrow.task(app)).id)

        assert "Full quality, in 2 parts" in shown.text
        assert "Made smaller to fit this server" in shown.text
        ours, theirs = (call.private[0].attachments for call in (pressed, shown))
        assert [part.data for part in ours] == [part.data for part in theirs]
        assert shown.message is None


async def test_nothing_is_left_on_disk(narrow: World) -> None:
    """Parts are made for the one who asks and removed when they are sent."""
    async with narrow.bot():
        await _press(narrow, await _fitted(narrow))
    left = [path.name for path in (narrow.folder / "data" / "films").iterdir()]
    assert [name for name in left if "part" in name] == []
    assert len(left) == 2


async def test_a_subscriber_gets_it_in_one_piece(narrow: World, whole: bytes) -> None:
    """What counts is what the presser may receive: with Nitro the film itself, byte for byte."""
    narrow.ben.user.upload_limit = 2 * len(whole)
    async with narrow.bot():
        call = await _press(narrow, await _fitted(narrow))
        assert [file.data for file in call.private[0].attachments] == [whole]
        assert "The film in full quality" in call.text


async def test_the_button_outlives_a_restart(narrow: World) -> None:
    """Everything it needs stands in the button and in the rows."""
    async with narrow.bot():
        message = await _fitted(narrow)
    async with narrow.bot():
        assert "in 2 parts" in (await _press(narrow, message)).text


async def test_without_key_frames_it_is_encoded_anew(narrow: World, one_key: bytes) -> None:
    """A film that cannot be cut comes in parts with more data than it has, and it says so."""
    narrow.aivideomaker.script(Scenario(film=one_key), matching="boat")
    async with narrow.bot():
        call = await _press(narrow, await _fitted(narrow))
        files = call.private[0].attachments
        assert sum(_lengths(files)) == 4
        assert f"In {len(files)} parts" in call.text
        assert "encoded anew" in call.text
        assert sum(file.size for file in files) > len(one_key) * 0.9


async def test_a_film_that_left_the_disk(narrow: World) -> None:
    """After some days only the small copy in the channel is left; the button says so kindly."""
    async with narrow.bot() as app:
        message = await _fitted(narrow)
        app.resources.shelf.film((await narrow.task(app)).id).unlink()
        call = await (await narrow.ben.click(message, "Full quality")).until(
            lambda seen: any(not answer.loading for answer in seen.private)
        )
        assert "no longer have that film on my disk" in call.text
        assert call.message is None


async def test_a_size_that_is_refused_all_the_same(narrow: World, whole: bytes) -> None:
    """Discord answers 413 to what it said it takes: smaller parts get through."""
    refused = Answer(413, {"code": 40005, "message": "Request entity too large"})
    answer = "/webhooks/{application}/{token}/messages/@original"
    async with narrow.bot():
        message = await _fitted(narrow)
        narrow.discord.faults.add(Fault("PATCH", answer, refused))
        call = await _press(narrow, message)
        files = call.private[0].attachments
        assert sum(_lengths(files)) == 4
        assert max(file.size for file in files) <= _limit(whole) * 0.8


async def test_an_impatient_finger_gets_it_once(narrow: World) -> None:
    """While a film is on its way to a member, another press says just that."""
    held = Held()
    answer = "/webhooks/{application}/{token}/messages/@original"
    async with narrow.bot():
        message = await _fitted(narrow)
        narrow.discord.faults.add(Fault("PATCH", answer, held))
        first = await narrow.ben.click(message, "Full quality")
        await held.begun.wait()
        second = await (await narrow.ben.click(message, "Full quality")).until(
            lambda seen: any(not answer.loading for answer in seen.private)
        )
        held.let_go.set()
        assert "already on its way to you" in second.text
        assert "in 2 parts" in (await first.answered()).text


async def test_a_film_that_was_not_made_smaller_has_no_button(world: World) -> None:
    """There is nothing more to be had than what was posted."""
    async with world.bot():
        card = card_of(await world.ada.slash(world.channel, "video text", prompt="a boat"))
        await world.film_of(card)
        buttons = (await world.film_message(card)).buttons
        assert "Full quality" not in [button.label for button in buttons]


async def test_in_the_card_the_button_is_there_too(narrow: World) -> None:
    """Where the film had to go into the card, the card has the button."""
    me = narrow.guild.me
    assert me is not None
    narrow.channel.set_permissions(me, deny=Permissions.ATTACH_FILES)
    async with narrow.bot():
        card = card_of(await narrow.ada.slash(narrow.channel, "video text", prompt="a boat"))
        await card.until(lambda shown: bool(shown.attachments))
        assert "in 2 parts" in (await _press(narrow, card)).text


async def _shut_out(world: World, app: App) -> Message:
    """Let a film be ready once neither channel nor card is open to the bot any more."""
    world.aivideomaker.pace = Pace(queued=FOREVER)
    card = card_of(await world.ada.slash(world.channel, "video text", prompt="a boat"))
    await card.until(lambda shown: "Accepted" in shown.text)
    world.discord.expire_tokens()
    me = world.guild.me
    assert me is not None
    world.channel.set_permissions(me, deny=Permissions.VIEW_CHANNEL)
    world.aivideomaker.finish((await world.task(app)).upstream_id or "")
    return card


async def test_in_direct_messages_it_works_too(narrow: World) -> None:
    """The requester presses where the film was sent to."""
    async with narrow.bot() as app:
        await _shut_out(narrow, app)
        message = await narrow.ada.dm.until(lambda shown: bool(shown.attachments))
        call = await (await narrow.ada.click(message, "Full quality")).answered()
        assert "in 2 parts" in call.text


async def test_a_kept_film_can_be_had_in_full(narrow: World) -> None:
    """It was paid for: `/video show` has all of it, in parts, for whoever asks."""
    narrow.ada.user.dms_open = False
    async with narrow.bot() as app:
        await _shut_out(narrow, app)
        while (await narrow.task(app)).state is not TaskState.KEPT:
            continue  # nothing is left to see it on
        shown = await narrow.shown(narrow.ada, (await narrow.task(app)).id)
        assert "Full quality, in 2 parts" in shown.text
        assert "Made smaller" not in shown.text
        assert sum(_lengths(shown.private[0].attachments)) == 4


async def test_refused_everywhere_the_card_hands_it_out(
    tmp_path: Path, films: Films, whole: bytes
) -> None:
    """Discord refuses every size on every route: the card says where the film is and gives it."""
    async with open_world(tmp_path, films=films, upload_limit=len(whole) // 2) as tight:
        tight.aivideomaker.script(Scenario(film=whole))
        async with tight.bot():
            card = card_of(await tight.ada.slash(tight.channel, "video text", prompt="a boat"))
            await card.until(lambda shown: "`/video show` has it for you" in shown.text, PATIENCE)
            call = await _press(tight, card, "Get the film")

            assert "Full quality, in 3 parts" in call.text
            assert sum(_lengths(call.private[0].attachments)) == 4
            assert "Made smaller" not in card.text
