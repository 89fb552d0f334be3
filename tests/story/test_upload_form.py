"""Where Discord hides a picture from us: the answer explains the menu, and opens an upload form."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from sandbox.discord import Call, Form, Message, Upload
from sandbox.services import Films
from tests.story.world import FULL_POOL, MovableClock, World, open_world, picture, refusal_of

BUTTON = "Upload it"


@pytest.fixture
async def blind(tmp_path: Path, films: Films) -> AsyncIterator[World]:
    """A world whose portal has the message content intent switched off."""
    async with open_world(tmp_path, films=films, message_content=False) as opened:
        yield opened


async def _told(world: World) -> Message:
    """Let Ada reply to Ben's picture; return what the bot says to that."""
    posted = await world.ben.say(world.channel, uploads=[Upload("boat.png", picture())])
    asked = await world.ada.say(world.channel, "it sails", reply_to=posted, mention_bot=True)
    return await world.channel.until(lambda shown: shown.reply_to == asked)


async def _form(call: Call) -> Form:
    assert call.modal is not None, call.text
    return call.modal


async def test_from_the_hidden_picture_to_the_film(blind: World) -> None:
    """The answer names the menu; the form knows what was written; the upload becomes the film."""
    async with blind.bot():
        told = await _told(blind)
        assert "**Apps → Animate image**" in told.text
        assert [button.label for button in told.buttons] == [BUTTON, "Why?"]
    async with blind.bot():
        form = await _form(await blind.ada.click(told, BUTTON))
        assert list(form.fields) == ["upload", "prompt", "film"]
        assert form.fields["prompt"].value == "it sails"
    async with blind.bot() as app:
        call = await blind.ada.submit(form, upload=Upload("own.png", picture()), film="i2v:8")
        await blind.film(await call.answered())
        task = await blind.task(app)
        assert (task.prompts, task.source_member_id) == (("it sails",), None)
        assert await blind.left(app) == FULL_POOL - 8


async def test_the_button_is_its_askers_alone(blind: World) -> None:
    """Others read privately how to make a film of their own."""
    async with blind.bot() as app:
        told = await _told(blind)
        call = await blind.ben.click(told, BUTTON)
        assert call.modal is None
        assert "for the member who asked" in await refusal_of(call)
        assert await blind.untouched(app)


async def test_days_later_the_button_still_opens_the_form(blind: World) -> None:
    """Only the words are no longer kept."""
    clock = MovableClock()
    async with blind.bot(clock=clock) as app:
        told = await _told(blind)
        clock.ahead = timedelta(days=3)
        await app.pipeline.recovery.step()
        form = await _form(await blind.ada.click(told, BUTTON))
        assert form.fields["prompt"].value == ""


async def test_an_upload_that_is_no_picture(blind: World) -> None:
    """A kind word, the typed words back, nothing held."""
    async with blind.bot() as app:
        form = await _form(await blind.ada.click(await _told(blind), BUTTON))
        call = await blind.ada.submit(form, upload=Upload("own.png", b"no"), prompt="it sinks")
        text = await refusal_of(call)
        assert "can't read that file as a picture" in text
        assert "it sinks" in text
        assert await blind.untouched(app)


async def test_an_upload_form_sent_twice_is_one_film(blind: World) -> None:
    """Each opening of the form is one order, each press another one."""
    async with blind.bot() as app:
        told = await _told(blind)
        form = await _form(await blind.ada.click(told, BUTTON))
        for _ in range(2):
            await (await blind.ada.submit(form, upload=Upload("a.png", picture()))).answered()
        assert len(await blind.tasks(app)) == 1
        again = await _form(await blind.ada.click(told, BUTTON))
        await (await blind.ada.submit(again, upload=Upload("a.png", picture()))).answered()
        assert len(await blind.tasks(app)) == 2
