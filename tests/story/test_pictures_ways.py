"""Every place in Discord where a picture can be, from there to the film."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from bot.discord_ui import album
from sandbox.discord import Message, Preview, StickerFormat, Upload
from sandbox.services import FOREVER, Films, Pace
from tests.story.world import World, open_world, picture, refusal_of

MENU = "Animate image"
LINK = "https://photos.example/album/fox%20at%20night.png?size=large"
BOAT = Upload("boat.png", picture((400, 200)))
WIDE, TALL, SQUARE = (400, 200), (200, 400), (310, 310)


@pytest.fixture
async def world(tmp_path: Path, films: Films) -> AsyncIterator[World]:
    """Open a world whose services take forever: what they were sent is all that counts here."""
    async with open_world(tmp_path, films=films, services=Pace(queued=FOREVER)) as opened:
        yield opened


def _moving(size: tuple[int, int], kind: str) -> bytes:
    """Return an animation whose first frame is the usual picture."""
    first = Image.open(BytesIO(picture(size)))
    frames = BytesIO()
    first.save(frames, kind, save_all=True, append_images=[Image.new("RGB", size, "lime")])
    return frames.getvalue()


async def _answer(world: World, asked: Message) -> Message:
    """Wait for what the bot says to a message."""
    return await world.channel.until(
        lambda shown: shown.reply_to == asked and shown.author == world.discord.bot
    )


async def _sent(world: World, number: int = 1) -> Image.Image:
    """Wait until the service has been sent so many pictures; return the last, which must decode."""
    await world.channel.until(lambda _: len(world.aivideomaker.creates) >= number)
    create = world.aivideomaker.creates[number - 1]
    assert create.picture is not None
    image = Image.open(BytesIO(create.picture))
    image.load()
    return image


def _is_the_picture(image: Image.Image, size: tuple[int, int]) -> bool:
    """Tell whether it is the usual picture: red on the left, blue on the right."""
    left = image.getpixel((5, size[1] // 2))
    right = image.getpixel((size[0] - 5, size[1] // 2))
    assert isinstance(left, tuple)
    assert isinstance(right, tuple)
    return image.size == size and left[0] > left[2] + 100 and right[2] > right[0] + 100


async def _mentioned(world: World, text: str, posted: Message | None, **more: object) -> str:
    """Mention the bot; return the prompt that was understood."""
    before = len(world.aivideomaker.creates)
    asked = await world.ada.say(
        world.channel,
        text,
        reply_to=posted,
        mention_bot=True,
        **more,  # type: ignore[arg-type] # as `say` takes them
    )
    card = await _answer(world, asked)
    await card.until(lambda shown: "Accepted" in shown.text)
    fields = world.aivideomaker.creates[before].fields
    return str(fields.get("prompt", ""))


async def test_an_emoji_in_the_message_replied_to(world: World) -> None:
    """A custom emoji is a picture, animated ones by their first frame; both are enlarged."""
    still = world.guild.add_emoji("fox", picture((128, 64)))
    moving = world.guild.add_emoji("party", _moving((128, 64), "GIF"), animated=True)
    async with world.bot():
        for number, emoji in enumerate((still, moving), 1):
            posted = await world.ben.say(world.channel, f"look {emoji.markup}")
            assert await _mentioned(world, "it runs away", posted) == "it runs away"
            assert _is_the_picture(await _sent(world, number), (300, 150))


async def test_an_emoji_of_ones_own_is_the_picture_and_no_part_of_the_prompt(world: World) -> None:
    """Beside another picture an emoji is a mere smile: its name stays in the prompt."""
    emoji = world.guild.add_emoji("fox", picture((128, 64)))
    async with world.bot():
        prompt = await _mentioned(world, f"make {emoji.markup} dance {emoji.markup}", None)
        assert prompt == "make dance"
        assert _is_the_picture(await _sent(world), (300, 150))

        posted = await world.ben.say(world.channel, uploads=[BOAT])
        prompt = await _mentioned(world, f"it sails {emoji.markup}", posted)
        assert prompt == "it sails fox"
        assert _is_the_picture(await _sent(world, 2), WIDE)


@pytest.mark.parametrize(
    ("kind", "data"),
    [
        (StickerFormat.PNG, picture(SQUARE)),
        (StickerFormat.APNG, _moving(SQUARE, "PNG")),
        (StickerFormat.GIF, _moving(SQUARE, "GIF")),
    ],
    ids=["png", "apng", "gif"],
)
async def test_a_sticker(world: World, kind: StickerFormat, data: bytes) -> None:
    """A sticker of pixels is a picture, in the message replied to and by the menu."""
    sticker = world.guild.add_sticker("Wumpus", data, kind)
    async with world.bot():
        posted = await world.ben.say(world.channel, sticker=sticker)
        await _mentioned(world, "it waves", posted)
        assert _is_the_picture(await _sent(world), SQUARE)
        form = (await world.ada.menu(world.channel, MENU, posted)).modal
        await world.ada.submit(form, prompt="it waves")
        assert _is_the_picture(await _sent(world, 2), SQUARE)


async def test_a_sticker_of_lines_is_none(world: World) -> None:
    """Lottie is a drawing in JSON: both ways say so, kindly and at once."""
    drawn = world.guild.add_sticker("Wave", b'{"v":"5.5.2","layers":[]}', StickerFormat.LOTTIE)
    async with world.bot() as app:
        posted = await world.ben.say(world.channel, sticker=drawn)
        told = await refusal_of(await world.ada.menu(world.channel, MENU, posted))
        assert "That looks like a Lottie sticker" in told
        asked = await world.ada.say(world.channel, "wave!", reply_to=posted, mention_bot=True)
        why = await world.ada.click(await _answer(world, asked), "Why?")
        assert "That looks like a Lottie sticker" in why.private[0].text
        assert await world.untouched(app)


@pytest.mark.parametrize("shown_as", ["thumbnail", "image"])
async def test_a_link_that_discord_previews(world: World, shown_as: str) -> None:
    """The picture is Discord's copy: the host of the original is not asked."""
    async with world.bot():
        preview = Preview(LINK, BOAT, shown_as)
        posted = await world.ben.say(world.channel, LINK, previews=[preview])
        await _mentioned(world, "it sails", posted)
        assert _is_the_picture(await _sent(world), WIDE)


async def test_a_link_without_a_preview_is_not_followed(world: World) -> None:
    """An address in a text is no picture: Discord shows none there either."""
    async with world.bot() as app:
        posted = await world.ben.say(world.channel, LINK)
        told = await refusal_of(await world.ada.menu(world.channel, MENU, posted))
        assert "found no picture" in told
        assert await world.untouched(app)


@pytest.mark.parametrize("seconds", [15, 0.05], ids=["in time", "unnoticed"])
async def test_a_link_beside_the_mention(
    world: World, monkeypatch: pytest.MonkeyPatch, seconds: float
) -> None:
    """Discord's preview comes after the message: it is waited for, and looked for in the end.

    The link is the picture then, and no part of the prompt.
    """
    monkeypatch.setattr(album, "PREVIEW_PATIENCE", timedelta(seconds=seconds))
    async with world.bot():
        asked = await world.ada.say(world.channel, f"it sails {LINK}", mention_bot=True)
        if seconds < 1:
            asked.preview(Preview(LINK, BOAT))
        while not world.aivideomaker.creates:
            if seconds > 1:  # whoever listens late hears it the next time
                asked.embeds.clear()
                asked.preview(Preview(LINK, BOAT))
            await asyncio.sleep(0.02)
        assert world.aivideomaker.creates[0].fields["prompt"] == "it sails"
        assert _is_the_picture(await _sent(world), WIDE)


async def test_a_link_to_something_else_beside_the_mention(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where no preview comes, the answer is the same as where there is no link."""
    monkeypatch.setattr(album, "PREVIEW_PATIENCE", timedelta(seconds=0.05))
    async with world.bot() as app:
        asked = await world.ada.say(world.channel, f"it sails {LINK}", mention_bot=True)
        answer = await _answer(world, asked)
        assert "Attach a picture or reply to one" in answer.text
        assert await world.untouched(app)


async def test_a_forwarded_picture(world: World) -> None:
    """A forward shows its picture, though it does not say who posted it; so does a sticker."""
    elsewhere = world.guild.add_channel("elsewhere")
    sticker = world.guild.add_sticker("Wumpus", picture(SQUARE))
    async with world.bot():
        first = await world.ben.say(elsewhere, "look", uploads=[BOAT])
        forwarded = await world.ben.forward(first, world.channel)
        await _mentioned(world, "it sails", forwarded)
        assert _is_the_picture(await _sent(world), WIDE)

        forwarded = await world.ben.forward(
            await world.ben.say(elsewhere, sticker=sticker), world.channel
        )
        form = (await world.ada.menu(world.channel, MENU, forwarded)).modal
        await world.ada.submit(form, prompt="it waves")
        assert _is_the_picture(await _sent(world, 2), SQUARE)


def _gallery(*names: str) -> dict[str, object]:
    items = [{"media": {"url": f"attachment://{name}"}} for name in names]
    return {"type": 12, "items": items}


async def test_a_gallery_of_another_app(world: World) -> None:
    """Pictures that components show are in no list of attachments; they are offered all the same.

    That a thumbnail beside them is offered, too, shows in their number.
    """
    painter = world.discord.world.add_user("Painter", bot=True)
    section = {
        "type": 9,
        "components": [{"type": 10, "content": "Three pictures"}],
        "accessory": {"type": 11, "media": {"url": "attachment://small.png"}},
    }
    box = {"type": 17, "components": [section, _gallery("boat.png", "tall.png")]}
    uploads = [Upload("small.png", picture(SQUARE)), BOAT, Upload("tall.png", picture(TALL))]
    async with world.bot():
        posted = world.channel.post(painter, {"components": [box], "flags": 1 << 15}, uploads)
        form = (await world.ada.menu(world.channel, MENU, posted)).modal
        assert form is not None
        assert form.fields["picture"].options == ("0", "1", "2")
        await world.ada.submit(form, prompt="it sails", picture="2")
        assert _is_the_picture(await _sent(world), TALL)
        await _mentioned(world, "it smiles", posted)
        assert _is_the_picture(await _sent(world, 2), SQUARE)


async def test_of_several_ways_the_plainest_comes_first(world: World) -> None:
    """Attached, previewed, stuck on, in the text: the menu offers them by name in this order."""
    emoji = world.guild.add_emoji("fox", picture((128, 64)))
    sticker = world.guild.add_sticker("Wumpus", picture(SQUARE))
    async with world.bot():
        posted = await world.ben.say(
            world.channel,
            f"{LINK} {emoji.markup} {emoji.markup}",
            uploads=[BOAT],
            sticker=sticker,
            previews=[Preview(LINK, Upload("copy.png", picture(TALL)))],
        )
        form = (await world.ada.menu(world.channel, MENU, posted)).modal
        assert form is not None
        offered = [each["description"] for each in form.fields["picture"].sent["options"]]
        assert offered == ["boat.png", "fox at night.png", "Wumpus", ":fox:"]
        await _mentioned(world, "all at once", posted)
        assert _is_the_picture(await _sent(world), WIDE)


@pytest.mark.parametrize(
    ("name", "declared"), [("photo", "application/octet-stream"), ("photo.png", "text/html")]
)
async def test_a_file_whose_type_nobody_told(world: World, name: str, declared: str) -> None:
    """Neither name nor type keeps a picture out that is one."""
    async with world.bot():
        posted = await world.ben.say(world.channel, uploads=[Upload(name, picture(WIDE), declared)])
        await _mentioned(world, "it sails", posted)
        assert _is_the_picture(await _sent(world), WIDE)
