"""The user menu *Animate avatar*."""

from io import BytesIO

from PIL import Image

from sandbox.discord import Avatar, Call, Member
from sandbox.services import FOREVER, Pace
from tests.story.world import FULL_POOL, World, card_of, picture, refusal_of

MENU = "Animate avatar"
RED, BLUE = (200, 30, 30), (30, 30, 200)


def _plain(colour: tuple[int, int, int], kind: str = "PNG") -> bytes:
    packed = BytesIO()
    Image.new("RGB", (256, 256), colour).save(packed, kind)
    return packed.getvalue()


async def _ordered(world: World, target: Member, **answers: str) -> Call:
    opened = await world.ada.menu(world.channel, MENU, target)
    return await (await world.ada.submit(opened.modal, **answers)).answered()


async def _sent_colour(world: World) -> tuple[int, ...]:
    sent = world.aivideomaker.creates[0].picture
    assert sent is not None
    colour = Image.open(BytesIO(sent)).convert("RGB").getpixel((0, 0))
    assert isinstance(colour, tuple)
    return tuple(round(part, -1) for part in colour)


async def test_somebody_elses_avatar_becomes_a_film(world: World) -> None:
    """The same form as for a picture; whose avatar it is is written down; a restart is no harm."""
    world.ben.user.avatar = Avatar(picture((256, 256)))
    async with world.bot(message_content="off"):
        form = (await world.ada.menu(world.channel, MENU, world.ben)).modal
        assert form is not None
        assert list(form.fields) == ["prompt", "film"]
    async with world.bot(message_content="off") as app:
        call = await world.ada.submit(form, prompt="he winks", film="i2v:8")
        await world.film(await call.answered())
        task = await world.task(app)
        assert (task.source_member_id, task.source_message_id) == (world.ben.id, None)
        assert await world.left(app) == FULL_POOL - 8


async def test_ones_own_avatar_and_a_bots_have_no_other_owner(world: World) -> None:
    """Nobody is named, because nobody else is in the picture."""
    world.ada.user.avatar = Avatar(picture((256, 256)))
    assert world.guild.me is not None
    async with world.bot() as app:
        for target in (world.ada, world.guild.me):
            await _ordered(world, target, prompt="a wink")
        assert [task.source_member_id for task in await world.tasks(app)] == [None, None]


async def test_the_server_s_avatar_goes_first(world: World) -> None:
    """A member who wears another picture here is shown with that one."""
    world.aivideomaker.pace = Pace(queued=FOREVER)
    world.ben.user.avatar, world.ben.avatar = Avatar(_plain(RED)), Avatar(_plain(BLUE))
    async with world.bot():
        card = card_of(await _ordered(world, world.ben))
        await card.until(lambda shown: "Accepted" in shown.text)
        assert await _sent_colour(world) == BLUE


async def test_of_a_moving_avatar_the_first_frame(world: World) -> None:
    """A still is sent, though the avatar moves."""
    world.aivideomaker.pace = Pace(queued=FOREVER)
    world.ben.user.avatar = Avatar(_plain(RED), moving=_plain(BLUE, "GIF"))
    async with world.bot():
        card = card_of(await _ordered(world, world.ben))
        await card.until(lambda shown: "Accepted" in shown.text)
        assert await _sent_colour(world) == RED


async def test_discords_own_avatar_is_a_picture_too(world: World) -> None:
    """Who has uploaded none can be animated all the same."""
    async with world.bot():
        card = card_of(await _ordered(world, world.ben))
        await card.until(lambda shown: "Accepted" in shown.text or "Done" in shown.text)


async def test_an_avatar_that_was_changed_meanwhile(world: World) -> None:
    """The old one is gone: a kind word and nothing held."""
    world.ben.user.avatar = Avatar(_plain(RED))
    async with world.bot() as app:
        opened = await world.ada.menu(world.channel, MENU, world.ben)
        world.ben.user.avatar = Avatar(_plain(BLUE))
        text = await refusal_of(await world.ada.submit(opened.modal, prompt="he winks"))
        assert "no longer there" in text
        assert await world.untouched(app)
