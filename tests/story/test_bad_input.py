"""What cannot be made: a kind private answer, nothing held, nothing sent, nothing public left."""

import asyncio
from io import BytesIO
from typing import Any

import pytest
from PIL import Image

from bot.app import App
from sandbox.discord import Answer, Call, Delay, Fault, Upload
from sandbox.services import FOREVER, Pace
from tests.story.world import World, card_of, picture, refusal_of

BOAT = Upload("boat.png", picture())
CDN = "/ephemeral-attachments/{channel}/{file}/{name}"


async def _refused(world: World, app: App, call: Call) -> str:
    """Return the private answer, after a look for what may not be there."""
    text = await refusal_of(call)
    assert world.channel.messages == []
    assert await world.untouched(app)
    return text


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"prompt": "   "}, "Tell me what should happen"),
        ({"prompt": "\u200b" * 3 + " \n"}, "Tell me what should happen"),
        ({"prompt": "x" * 6000}, "has 6,000 characters and this model reads at most 3,000"),
        ({"prompt": "x" * 4001, "model": "sora-2"}, "4,001 characters"),
        ({"prompt": "x", "model": "t2v_v9"}, "I don't know a model called `t2v_v9`"),
        ({"prompt": "x", "model": "@everyone `"}, "I don't know a model called"),
        ({"prompt": "x", "model": "i2v"}, "works with `/video image`"),
        ({"prompt": "x", "model": "lv"}, "works with `/video long`"),
        ({"prompt": "x", "aspect": "4:3"}, "`16:9`, `9:16`, `1:1`"),
        ({"prompt": "x", "aspect": "1:1", "model": "sora-2"}, "`16:9`, `9:16`."),
        ({"prompt": "x", "duration": 6}, "films of 5, 8 s"),
        ({"prompt": "x", "duration": 5, "model": "sora-2"}, "films of 4, 8, 12 s"),
        ({"prompt": "x", "duration": -5}, "films of 5, 8 s"),
        ({"prompt": "x", "duration": 2**53}, "films of 5, 8 s"),
    ],
)
async def test_text_options(world: World, options: dict[str, Any], words: str) -> None:
    """Each wrong option of `/video text` is named together with what would do."""
    async with world.bot() as app:
        call = await world.ada.slash(world.channel, "video text", **options)
        text = await _refused(world, app, call)
        assert words in text
        assert "@everyone" not in text.replace("`@everyone '`", "")
        assert call.private[0].pings == []


@pytest.mark.parametrize(
    ("command", "options", "words"),
    [
        ("image", {"model": "t2v"}, "works with `/video text`"),
        ("image", {"duration": 7}, "films of 5, 8 s"),
        ("image", {"model": "sora-2"}, "Tell me what should happen"),
        ("image", {"prompt": "x" * 3001}, "3,001 characters"),
        ("long", {"shot1": " "}, "Tell me what should happen"),
        ("long", {"shot1": "x", "shot4": "x" * 3001}, "3,001 characters"),
    ],
)
async def test_picture_options(
    world: World, command: str, options: dict[str, Any], words: str
) -> None:
    """Options of the picture commands are checked before the picture is fetched."""
    async with world.bot() as app:
        call = await world.ada.slash(world.channel, f"video {command}", image=BOAT, **options)
        assert words in await _refused(world, app, call)


def _huge() -> bytes:
    """Few bytes that would be a hundred megapixels once decoded."""
    buffer = BytesIO()
    Image.new("1", (10_000, 10_000)).save(buffer, "PNG")
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("upload", "words"),
    [
        (Upload("notes.txt", b"just words"), "picture"),
        (Upload("page.png", b"<!doctype html><html><body>hello</body></html>"), "picture"),
        (Upload("boat.png", picture()[:200]), "picture is damaged: I can't read it to its end"),
        (Upload("boat.png", b""), "picture"),
        (Upload("film.mp4", b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom"), "picture"),
        (Upload("drawing.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>"), "picture"),
        (Upload("huge.png", _huge()), "megapixels"),
        (Upload("heavy.png", picture() + b"\0" * (26 * 1024 * 1024)), "larger than 25 MiB"),
    ],
    ids=["text", "html", "truncated", "empty", "film", "svg", "huge", "heavy"],
)
@pytest.mark.parametrize("command", ["image", "long"])
async def test_what_is_no_picture(world: World, command: str, upload: Upload, words: str) -> None:
    """Decided by decoding, not by name; the answer says what was wrong."""
    shots = {"shot1": "it sails"} if command == "long" else {}
    async with world.bot() as app:
        call = await world.ada.slash(world.channel, f"video {command}", image=upload, **shots)
        assert words in await _refused(world, app, call)
        assert list((world.folder / "data" / "pictures").iterdir()) == []


async def test_a_link_that_has_expired(world: World) -> None:
    """The picture is no longer there: a private word to upload it again."""
    gone = Fault("GET", CDN, Answer(404, "This content is no longer available."))
    world.discord.faults.add(gone)
    async with world.bot() as app:
        call = await world.ada.slash(world.channel, "video image", image=BOAT)
        assert "Upload it again" in await _refused(world, app, call)


async def test_an_unreachable_picture(world: World) -> None:
    """Discord's file server is in trouble: nobody's fault, and worth another try."""
    world.discord.faults.add(Fault("GET", CDN, Answer(503, "no"), times=0))
    async with world.bot() as app:
        call = await world.ada.slash(world.channel, "video image", image=BOAT)
        assert "Try again in a minute" in await _refused(world, app, call)


async def test_slow_pictures(world: World) -> None:
    """After two seconds a "thinking" is shown: it becomes the card, or goes away again."""
    by = world.discord.world.settings.ack_deadline * 0.75
    world.discord.faults.add(Fault("GET", CDN, Delay(by), times=2))
    world.aivideomaker.pace = Pace(queued=FOREVER)
    async with world.bot():
        good, bad = await asyncio.gather(
            world.ada.slash(world.channel, "video image", image=BOAT, prompt="it sails"),
            world.ben.slash(world.channel, "video image", image=Upload("a.png", b"words")),
        )
        assert not good.failed
        assert "picture" in await refusal_of(await bad.until(lambda seen: bool(seen.private)))
        card = card_of(await good.answered())
        await card.until(lambda shown: "Accepted" in shown.text)
        assert world.channel.messages == [card]


@pytest.mark.parametrize("command", ["show", "cancel"])
@pytest.mark.parametrize("typed", ["nonsense", "000000000000", "' OR 1=1 --", "x" * 6000])
async def test_unknown_ids(world: World, command: str, typed: str) -> None:
    """An id that nothing has is answered with where to find one's own."""
    async with world.bot() as app:
        call = await world.ada.slash(world.channel, f"video {command}", id=typed)
        assert "There is no film" in await _refused(world, app, call)


@pytest.mark.parametrize("command", ["show", "cancel"])
async def test_another_servers_film_does_not_exist_here(world: World, command: str) -> None:
    """Not even for its own requester, and not even that it exists is told."""
    world.aivideomaker.pace = Pace(queued=FOREVER)
    other = world.discord.add_guild("Elsewhere")
    place, ada = other.add_channel("films"), other.add_member(world.ada)
    async with world.bot() as app:
        card = card_of(await world.ada.slash(world.channel, "video text", prompt="a boat"))
        await card.until(lambda shown: "Accepted" in shown.text)
        before = await world.task(app)
        call = await ada.slash(place, f"video {command}", id=before.id)
        assert "There is no film" in await refusal_of(await call.answered())
        assert place.messages == []
        assert (await world.task(app)).state is before.state
        assert await world.ada.autocomplete(world.channel, "video show", focused="id")
        assert await ada.autocomplete(place, "video show", focused="id") == []


async def test_without_a_service_its_models_are_not_on_sale(world: World) -> None:
    """No key for a provider: its models are off the menus, and asking for one explains it."""
    async with world.bot(aivideomaker_api_key=None) as app:
        offered = await world.ada.autocomplete(world.channel, "video text", focused="model")
        assert [choice.value for choice in offered] == ["sora-2"]
        call = await world.ada.slash(world.channel, "video text", prompt="x", model="t2v")
        assert "not on sale here" in await _refused(world, app, call)
        long = await world.ada.slash(world.channel, "video long", image=BOAT, shot1="x")
        assert "on sale here at the moment" in await _refused(world, app, long)
