"""A newcomer's first session, played by members with real hands: a sentence, then a picture.

The members do only what the Discord client lets a person do. It never looks into the bot: a scene
ends when a film has come into the channel, or when the card says that none will.
"""

from dataclasses import dataclass
from datetime import timedelta
from io import BytesIO

from PIL import Image, ImageDraw

from sandbox.discord import Attachment, Call, Channel, Member, Message, Upload
from sandbox.stage import Stage
from sandbox.transcript import Transcript

SENTENCE = "A paper boat drifts down a rainy street, neon light on the water"
MOVEMENT = "The boat sets out, the sun sinks slowly into the sea"
PATIENCE = timedelta(seconds=90)
"""Longer than the slowest marker that can be typed into a prompt."""
ENDED_WITHOUT = frozenset({"Not accepted", "Failed", "Cancelled", "The film is gone"})
"""The words on a card by which a person sees that no film will come."""
SIZE = (960, 540)
HORIZON = 330


class Stalled(Exception):
    """The play cannot go on; the text says where it stopped."""


class NoFilm(Exception):
    """The bot said that no film will come; the text says where it says why. The play goes on."""


@dataclass(frozen=True)
class Cast:
    """Who plays, and where."""

    channel: Channel
    ada: Member
    ben: Member


def open_server(stage: Stage) -> Cast:
    """Open a small server with two members and the bot."""
    guild = stage.discord.add_guild("Paper Boat Studio")
    return Cast(guild.add_channel("films"), guild.add_member("Ada"), guild.add_member("Ben"))


async def a_sentence(cast: Cast, transcript: Transcript, prompt: str) -> Attachment:
    """Ada asks for a video with `/video text`; return the film."""
    transcript.act("Ada", f"types  /video text prompt:{prompt}")
    call = await cast.ada.slash(cast.channel, "video text", prompt=prompt)
    return await _film(call)


async def a_picture(cast: Cast, transcript: Transcript) -> Attachment:
    """Ben posts a picture, Ada chooses *Animate image* on it; return the film."""
    picture = await cast.ben.say(
        cast.channel, "Look what I drew!", uploads=[Upload("boat.png", paint(), "image/png")]
    )
    transcript.act("Ada", "right-clicks the picture  →  Apps  →  Animate image")
    call = await cast.ada.menu(cast.channel, "Animate image", picture)
    transcript.act("Ada", f"fills in the form  {MOVEMENT}")
    return await _film(await cast.ada.submit(call.modal, prompt=MOVEMENT))


async def _film(call: Call) -> Attachment:
    """Wait for the film that belongs to the card a command was answered with.

    Raises:
        NoFilm: the card, or a private answer, says that none will come.
        Stalled: nothing of the kind happened in time.
    """
    await call.answered()
    card = call.message
    if card is None:
        raise NoFilm("the answer says why")

    def is_the_end(message: Message) -> bool:
        if message == card:
            return not ENDED_WITHOUT.isdisjoint(_lines(card))
        return message.reply_to == card and bool(message.attachments)

    try:
        end = await card.channel.until(is_the_end, PATIENCE)
    except TimeoutError as error:
        raise Stalled(f"no film came; the card says:\n{card.text}") from error
    if end == card:
        raise NoFilm("the card says why")
    await card.until(lambda shown: end.jump_url in _links(shown), PATIENCE)
    return end.attachments[0]


def _lines(card: Message) -> list[str]:
    return card.text.replace("**", "").splitlines()


def _links(card: Message) -> str:
    return card.text + " ".join(button.url for button in card.buttons)


def paint() -> bytes:
    """Return Ben's drawing as PNG bytes: a paper boat before a low sun."""
    image = Image.new("RGB", SIZE)
    draw = ImageDraw.Draw(image)
    width, height = SIZE
    for y in range(height):
        sky = y < HORIZON
        depth = y / HORIZON if sky else (y - HORIZON) / (height - HORIZON)
        top, bottom = ((38, 50, 110), (250, 150, 90)) if sky else ((200, 110, 90), (20, 40, 80))
        mixed = tuple(round(a + (b - a) * depth) for a, b in zip(top, bottom, strict=True))
        draw.line([(0, y), (width, y)], fill=mixed)
    draw.ellipse((620, HORIZON - 90, 800, HORIZON + 90), fill=(255, 214, 120))
    draw.rectangle((0, HORIZON + 40, width, HORIZON + 44), fill=(230, 150, 110))
    draw.polygon([(250, 380), (530, 380), (470, 450), (310, 450)], fill=(245, 245, 240))
    draw.polygon([(390, 230), (390, 380), (500, 380)], fill=(225, 225, 220))
    draw.polygon([(390, 230), (390, 380), (280, 380)], fill=(255, 255, 250))
    buffer = BytesIO()
    image.save(buffer, "PNG")
    return buffer.getvalue()
