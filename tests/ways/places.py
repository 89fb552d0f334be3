"""Where in Discord a picture can be, and which formats Discord has there."""

import io
from typing import Any

from PIL import Image

from sandbox.discord import Member, Message, Preview, StickerFormat, Upload
from tests.story.world import picture
from tests.ways import formats
from tests.ways.row import Format, Place
from tests.ways.scene import Scene

STICKERS = {
    formats.PNG: StickerFormat.PNG,
    formats.CLEAR_PNG: StickerFormat.PNG,
    formats.PALETTE_PNG: StickerFormat.PNG,
    formats.APNG: StickerFormat.APNG,
    formats.MOVING_GIF: StickerFormat.GIF,
}
EMOJI = (
    formats.PNG,
    formats.CLEAR_PNG,
    formats.PALETTE_PNG,
    formats.GIF,
    formats.MOVING_GIF,
)
OF_EACH_SHAPE = (formats.PNG, formats.APNG, formats.GIF)
"""What is begun with once more is ours: of the member's file only the shape is left."""
WORN = (formats.PNG, formats.CLEAR_PNG, formats.PALETTE_PNG, formats.MOVING_GIF)


def _everything(_: Format) -> bool:
    return True


def _whole(format_: Format) -> bool:
    """Tell whether it is a picture from beginning to end: Discord shows no other."""
    return not format_.sentence


def _called_picture(format_: Format) -> bool:
    return format_.is_called_picture


async def _attached(scene: Scene, by: Member, words: str = "", **more: Any) -> Message:
    return await by.say(scene.channel, words, uploads=[scene.upload], **more)


async def _second(scene: Scene, by: Member, words: str = "", **more: Any) -> Message:
    first = Upload("another.png", picture())
    return await by.say(scene.channel, words, uploads=[first, scene.upload], **more)


async def _forwarded(scene: Scene, by: Member) -> Message:
    elsewhere = scene.world.guild.add_channel("elsewhere")
    return await by.forward(await by.say(elsewhere, uploads=[scene.upload]), scene.channel)


async def _previewed(scene: Scene, by: Member, words: str = "", **more: Any) -> Message:
    link = f"https://photos.example/{scene.channel.id}/{scene.upload.name}"
    preview = Preview(link, scene.upload, "image")
    return await by.say(scene.channel, f"{words} {link}", previews=[preview], **more)


async def _in_gallery(scene: Scene, by: Member) -> Message:
    """Post the picture as another app does."""
    painter = scene.world.discord.world.add_user("Painter", bot=True)
    item = {"media": {"url": f"attachment://{scene.upload.name}"}}
    body = {"components": [{"type": 12, "items": [item]}], "flags": 1 << 15}
    return scene.channel.post(painter, body, [scene.upload])


async def _as_sticker(scene: Scene, by: Member, words: str = "", **more: Any) -> Message:
    kind = STICKERS[scene.row.format]
    sticker = scene.world.guild.add_sticker("Wumpus", scene.upload.data, kind)
    return await by.say(scene.channel, words, sticker=sticker, **more)


async def _as_emoji(scene: Scene, by: Member, words: str = "", **more: Any) -> Message:
    moves = scene.row.format is formats.MOVING_GIF
    emoji = scene.world.guild.add_emoji("fox", scene.upload.data, animated=moves)
    return await by.say(scene.channel, f"{words} {emoji.markup}", **more)


def first_frame(data: bytes) -> bytes:
    """Return what Discord makes of an uploaded avatar: a PNG, of a moving one the first frame."""
    still = io.BytesIO()
    with Image.open(io.BytesIO(data)) as image:
        image.convert("RGBA").save(still, "PNG")
    return still.getvalue()


AT_HAND = Place("at hand", _everything)
WORN_BY_SOMEBODY = Place("worn", WORN.__contains__)
OF_AN_EARLIER_TASK = Place("there already", OF_EACH_SHAPE.__contains__)
ATTACHED = Place("attached", _everything, _attached)
SECOND = Place("the second of two", _called_picture, _second, number=1)
FORWARDED = Place("forwarded", _everything, _forwarded)
PREVIEWED = Place("previewed", _whole, _previewed)
GALLERY = Place("in a gallery", _called_picture, _in_gallery)
STICKER = Place("a sticker", STICKERS.__contains__, _as_sticker)
EMOJI_IN_TEXT = Place("an emoji", EMOJI.__contains__, _as_emoji)

IN_A_MESSAGE = (ATTACHED, SECOND, FORWARDED, PREVIEWED, GALLERY, STICKER, EMOJI_IN_TEXT)
