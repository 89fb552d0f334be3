"""The menu's form as something that lies open: restarts, old links, other hands, double sending."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from sandbox.discord import Answer, Delay, Fault, Form, Message, Upload
from sandbox.services import Films
from tests.story.world import (
    FULL_POOL,
    MovableClock,
    World,
    card_of,
    open_world,
    picture,
    refusal_of,
)

MENU = "Animate image"
LINK_LIFE = timedelta(hours=1)
CALLBACK = "/interactions/{interaction}/{token}/callback"


@pytest.fixture
async def hourly(tmp_path: Path, films: Films) -> AsyncIterator[World]:
    """A world where a link to a picture works for an hour only."""
    async with open_world(tmp_path, films=films, link_life=LINK_LIFE) as opened:
        yield opened


async def _posted(world: World) -> Message:
    return await world.ben.say(world.channel, uploads=[Upload("boat.png", picture())])


async def _opened(world: World, message: Message) -> Form:
    form = (await world.ada.menu(world.channel, MENU, message)).modal
    assert form is not None
    return form


async def test_without_the_intent_a_form_outlives_a_restart(world: World) -> None:
    """The picture that only the menu could see is known to the next process."""
    message = await _posted(world)
    async with world.bot(message_content="off"):
        form = await _opened(world, message)
    async with world.bot(message_content="off"):
        await world.film(await (await world.ada.submit(form, prompt="it sails")).answered())


async def test_an_expired_link_is_read_anew(hourly: World) -> None:
    """The form lay open for longer than Discord's link works: the message has a fresh one."""
    message = await _posted(hourly)
    async with hourly.bot():
        form = await _opened(hourly, message)
    hourly.discord.expire_links()
    clock = MovableClock()
    clock.ahead = 2 * LINK_LIFE
    async with hourly.bot(clock=clock):
        call = await (await hourly.ada.submit(form, prompt="it sails")).answered()
        assert "it sails" in card_of(call).text


@pytest.fixture
async def blind(tmp_path: Path, films: Films) -> AsyncIterator[World]:
    """A world like that whose portal has the message content intent switched off."""
    async with open_world(
        tmp_path, films=films, link_life=LINK_LIFE, message_content=False
    ) as opened:
        yield opened


async def test_an_expired_link_of_a_message_we_may_not_read(blind: World) -> None:
    """Without the intent there is no fresh link: the member reads how to go on, nothing is held."""
    message, clock = await _posted(blind), MovableClock()
    async with blind.bot(clock=clock) as app:
        form = await _opened(blind, message)
        clock.ahead = 2 * LINK_LIFE
        text = await refusal_of(await blind.ada.submit(form, prompt="it sails"))
        assert "open **Animate image** once more" in text
        assert await blind.untouched(app)


async def test_a_message_that_was_deleted_meanwhile(world: World) -> None:
    """Its picture went with it: a kind word, the typed words back, nothing held."""
    message = await _posted(world)
    async with world.bot() as app:
        form = await _opened(world, message)
        message.delete()
        text = await refusal_of(await world.ada.submit(form, prompt="it sails away"))
        assert "no longer there" in text
        assert "it sails away" in text
        assert await world.untouched(app)


async def test_a_form_is_its_openers_alone(world: World) -> None:
    """Somebody else who sends it is refused, and its opener can still send it."""
    message = await _posted(world)
    async with world.bot() as app:
        form = await _opened(world, message)
        assert "for the member who asked" in await refusal_of(await world.ben.submit(form))
        assert await world.untouched(app)
        await world.film(await (await world.ada.submit(form)).answered())


async def test_a_form_sent_twice_is_one_film(world: World) -> None:
    """The second time, also after a restart, is answered with a link to the card; paid is once."""
    message = await _posted(world)
    async with world.bot():
        form = await _opened(world, message)
        card = card_of(await (await world.ada.submit(form, prompt="it sails")).answered())
        await world.film_of(card)
    async with world.bot() as app:
        assert card.jump_url in await refusal_of(await world.ada.submit(form, prompt="it sinks"))
        assert len(await world.tasks(app)) == 1
        assert await world.left(app) == FULL_POOL - 5


async def test_a_double_click_is_one_card(world: World) -> None:
    """Two submits of one form at the same moment: one card, one hold, one private link.

    The second comes before Discord has said what the first one's card is.
    """
    message = await _posted(world)
    async with world.bot() as app:
        form = await _opened(world, message)
        world.discord.faults.add(Fault("POST", CALLBACK, Delay(timedelta(milliseconds=300))))
        calls = await asyncio.gather(*(world.ada.submit(form, prompt="it sails") for _ in "ab"))
        await asyncio.gather(*(call.answered() for call in calls))
        (card,) = (call.message for call in calls if call.message is not None)
        (link,) = (call.private[0].text for call in calls if call.private)
        assert card.jump_url in link
        await world.film_of(card)
        assert await world.left(app) == FULL_POOL - 5


async def test_the_same_menu_twice_is_two_films(world: World) -> None:
    """Who opens the form again wants another film."""
    message = await _posted(world)
    async with world.bot() as app:
        for _ in range(2):
            await (await world.ada.submit(await _opened(world, message))).answered()
        assert len(await world.tasks(app)) == 2


async def test_a_form_is_kept_for_a_day(world: World) -> None:
    """Then it is erased, and its sender is told to open it anew."""
    message, clock = await _posted(world), MovableClock()
    async with world.bot(clock=clock) as app:
        form = await _opened(world, message)
        draft_id = form.custom_id.rpartition(":")[2]
        clock.ahead = timedelta(hours=23)
        await app.pipeline.recovery.step()
        async with app.resources.store.read(world.guild.id) as guild:
            assert await guild.drafts.get(draft_id) is not None
        clock.ahead = timedelta(hours=25)
        await app.pipeline.recovery.step()
        async with app.resources.store.read(world.guild.id) as guild:
            assert await guild.drafts.get(draft_id) is None
        assert "open for too long" in await refusal_of(await world.ada.submit(form))
        assert await world.untouched(app)


async def test_whose_picture_it_is_is_written_down(world: World) -> None:
    """Somebody else's picture names them and the message; one's own names nobody."""
    theirs = await _posted(world)
    own = await world.ada.say(world.channel, uploads=[Upload("own.png", picture())])
    async with world.bot() as app:
        await (await world.ada.submit(await _opened(world, theirs))).answered()
        await (await world.ada.submit(await _opened(world, own))).answered()
        sources = [(t.source_member_id, t.source_message_id) for t in await world.tasks(app)]
        assert sources == [(None, None), (world.ben.id, theirs.id)]


async def test_what_was_typed_is_not_lost(world: World) -> None:
    """Discord closes a form that is refused: the answer holds the words, to copy."""
    message = await _posted(world)
    async with world.bot(default_server_credits=3) as app:
        call = await world.ada.submit(await _opened(world, message), prompt="it ``` sails")
        assert "costs 5 credits" in await refusal_of(call)
        assert "```\nit ''' sails\n```" in call.private[0].text
        long = await world.ada.submit(await _opened(world, message), prompt="sail " * 500)
        await refusal_of(long)
        (kept,) = long.private[0].attachments
        assert kept.data.decode() == "sail " * 500
        assert await world.untouched(app)


async def test_words_that_automod_forbids_are_left_out(world: World) -> None:
    """The refusal comes all the same."""
    message = await _posted(world)
    async with world.bot(default_server_credits=3):
        form = await _opened(world, message)
        blocked = Answer(400, {"code": 200000, "message": "Message was blocked"})
        world.discord.faults.add(Fault("POST", CALLBACK, blocked))
        text = await refusal_of(await world.ada.submit(form, prompt="it sails"))
        assert "costs 5 credits" in text
        assert "it sails" not in text


async def test_choices_that_were_cleared_are_the_first(world: World) -> None:
    """A member can empty a list of the form: they get what was chosen at first."""
    message = await world.ben.say(
        world.channel,
        uploads=[Upload("a.png", picture()), Upload("b.png", b"no picture")],
    )
    async with world.bot() as app:
        form = await _opened(world, message)
        await (await world.ada.submit(form, film=[], picture=[])).answered()
        task = await world.task(app)
        assert (task.model, task.duration) == ("i2v", timedelta(seconds=5))
