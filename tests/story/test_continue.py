"""*Continue*: a film that begins with the last picture of the one before."""

from collections.abc import Iterator
from io import BytesIO

import pytest
from PIL import Image

from bot.app import App
from bot.domain.task import Task
from sandbox.discord import Call, Fault, Member, Message, Permissions, Reset, Upload
from sandbox.services import Scenario
from tests.media.pictures import GREEN, near
from tests.media.test_last_frames import ENDS_GREEN, shot
from tests.story.world import FULL_POOL, World, card_of, picture, refusal_of

MESSAGE = "/channels/{channel}/messages/{message}"


@pytest.fixture(scope="session")
def ends_green(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A film whose last picture, and no other, is green."""
    path = tmp_path_factory.mktemp("films") / "green.mp4"
    return shot(path, colours=ENDS_GREEN, size=(320, 180)).read_bytes()


@pytest.fixture
def green(world: World, ends_green: bytes) -> World:
    """A world whose first service delivers that film."""
    world.aivideomaker.script(Scenario(film=ends_green), matching="boat")
    return world


async def _filmed(world: World, prompt: str = "a boat") -> Message:
    """Order a film; return the message that brings it."""
    card = card_of(await world.ada.slash(world.channel, "video text", prompt=prompt))
    await world.film_of(card)
    return await world.film_message(card)


async def _continued(
    world: World, before: Message, by: Member | None = None, /, **given: str
) -> Call:
    """Press the button, fill in the form, and wait for the answer."""
    member = by or world.ben
    form = (await member.click(before, "Continue")).modal
    return await (await member.submit(form, given)).answered()


def _began_with(sent: bytes | None) -> Image.Image:
    assert sent is not None
    return Image.open(BytesIO(sent))


def _is_green(image: Image.Image) -> bool:
    pixel = image.convert("RGB").getpixel((image.width // 2, image.height // 2))
    assert isinstance(pixel, tuple)
    return near(pixel, GREEN, tolerance=50)


async def _tasks(world: World, app: App) -> Iterator[Task]:
    """All tasks, oldest first."""
    return reversed(await world.tasks(app))


@pytest.mark.parametrize("film", ["i2v:5", "sora-2:4"])
async def test_the_next_film_begins_where_the_last_one_ends(green: World, film: str) -> None:
    """On either service: the very last picture is the first; the new card links to the film."""
    async with green.bot() as app:
        before = await _filmed(green)
        call = await _continued(green, before, prompt="it sails away", film=film)
        assert f"Continues [the film before]({before.jump_url})" in card_of(call).text
        await green.film(call)

        first, second = await _tasks(green, app)
        assert (second.continues, second.member_id) == (first.id, green.ben.id)
        service = green.apigo if film.startswith("sora") else green.aivideomaker
        began = _began_with(service.creates[-1].picture)
        assert _is_green(began)
        assert began.size == ((1280, 720) if film.startswith("sora") else (320, 180))
        assert await green.left(app) == FULL_POOL - first.cost - second.cost


async def test_shot_by_shot_across_models_services_and_restarts(green: World) -> None:
    """A chain of films, each from the end of the one before; the bot restarts in between."""
    async with green.bot():
        first = await _filmed(green)
        form = (await green.ben.click(first, "Continue")).modal
    green.discord.expire_tokens()
    async with green.bot():
        call = await (
            await green.ben.submit(form, prompt="the boat turns", film="i2v:5")
        ).answered()
        await green.film(call)
        second = await green.film_message(card_of(call))
    async with green.bot() as app:
        call = await _continued(green, second, prompt="it sinks", film="sora-2:4")
        assert second.jump_url in card_of(call).text
        await green.film(call)

        one, two, three = await _tasks(green, app)
        assert (one.continues, two.continues, three.continues) == (None, one.id, two.id)
        assert _is_green(_began_with(green.apigo.creates[0].picture))


async def test_a_film_that_left_the_disk_comes_back_from_its_message(green: World) -> None:
    """Old links have expired long ago; the message is asked for a fresh one."""
    async with green.bot() as app:
        before = await _filmed(green)
        app.resources.shelf.film((await green.task(app)).id).unlink()
        green.discord.expire_links()
        await green.film(await _continued(green, before, prompt="on"))
        assert _is_green(_began_with(green.aivideomaker.creates[-1].picture))
        kept = [path.name for path in (green.folder / "data" / "films").iterdir()]
        assert [name for name in kept if "part" in name] == []


async def test_a_film_in_its_card_comes_back_from_there(green: World) -> None:
    """The card that plays the film is as good as a message of its own."""
    assert green.guild.me is not None
    green.channel.set_permissions(green.guild.me, deny=Permissions.SEND_MESSAGES)
    async with green.bot():
        card = card_of(await green.ada.slash(green.channel, "video text", prompt="a boat"))
        await card.until(lambda shown: "Done" in shown.text)
    async with green.bot() as app:
        app.resources.shelf.film((await green.task(app)).id).unlink()
        call = await _continued(green, card, prompt="on")
        await card_of(call).until(lambda shown: "Done" in shown.text)
        assert card.jump_url in card_of(call).text
        assert _is_green(_began_with(green.aivideomaker.creates[-1].picture))


async def test_a_film_that_is_nowhere_any_more(green: World) -> None:
    """Deleted while the form was open, and not on disk: kind words, the typed ones too; no hold."""
    async with green.bot() as app:
        before = await _filmed(green)
        form = (await green.ben.click(before, "Continue")).modal
        before.delete()
        app.resources.shelf.film((await green.task(app)).id).unlink()
        text = await refusal_of(await green.ben.submit(form, prompt="it sails away"))
        assert "no longer there" in text
        assert "it sails away" in text
        assert len(await green.tasks(app)) == 1


async def test_a_deleted_message_does_not_matter_while_the_film_is_kept(green: World) -> None:
    """The bot's own copy is the first it looks at."""
    async with green.bot():
        before = await _filmed(green)
        form = (await green.ben.click(before, "Continue")).modal
        before.delete()
        await green.film(await (await green.ben.submit(form, prompt="on")).answered())
        assert _is_green(_began_with(green.aivideomaker.creates[-1].picture))


async def test_trouble_at_discord_is_not_a_lost_film(green: World) -> None:
    """Asked for a fresh link, Discord breaks off: nothing is held, and one may try again."""
    async with green.bot() as app:
        before = await _filmed(green)
        app.resources.shelf.film((await green.task(app)).id).unlink()
        form = (await green.ben.click(before, "Continue")).modal
        green.discord.faults.add(Fault("GET", MESSAGE, Reset(), times=10))
        text = await refusal_of(await green.ben.submit(form, prompt="on"))
        assert "Try again in a minute" in text
        assert len(await green.tasks(app)) == 1


async def test_again_on_a_continued_film_begins_the_same_way(green: World) -> None:
    """The picture, and the link to the film before, are carried over."""
    async with green.bot() as app:
        before = await _filmed(green)
        call = await _continued(green, before, prompt="on")
        await green.film(call)
        film = await green.film_message(card_of(call))
        again = await (await green.ada.click(film, "Again")).answered()
        assert before.jump_url in card_of(again).text
        await green.film(again)
        _first, _second, third = await _tasks(green, app)
        assert third.continues == _first.id
        assert _is_green(_began_with(green.aivideomaker.creates[-1].picture))


async def test_whose_picture_it_was_is_not_forgotten(green: World) -> None:
    """Who had their own picture filmed is the source as soon as somebody else goes on from it."""
    async with green.bot() as app:
        call = await green.ada.slash(
            green.channel, "video image", image=Upload("me.png", picture()), prompt="a boat"
        )
        card = card_of(await call.answered())
        await green.film_of(card)
        film = await green.film_message(card)
        for member in (green.ada, green.ben):
            await green.film(await _continued(green, film, member, prompt="on"))
        first, own, theirs = await _tasks(green, app)
        assert (first.source_member_id, own.source_member_id) == (None, None)
        assert (theirs.source_member_id, theirs.source_message_id) == (green.ada.id, card.id)
