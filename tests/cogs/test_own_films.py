"""`/video list`, `show`, `cancel`, `credits`, the Cancel button, and the menus while typing."""

from datetime import UTC, datetime

import discord
import pytest
from discord import ui

from bot.domain.task import Task, TaskState
from bot.errors import Failure
from sandbox.discord import Channel, Discord, Guild, Member, Message, Permissions
from tests.cogs.asking import caller, only_task
from tests.discord_ui.house import House
from tests.pipeline.doubles import FILM


async def _card(house: House, member: Member, channel: Channel) -> Message:
    """Let a member order a film and return its card, known to the Desk."""
    call = await member.slash(channel, "video text", prompt="a fox in the snow")
    await house.settled()
    assert call.message is not None
    return call.message


async def _move(house: House, task: Task, *states: TaskState) -> None:
    async with house.store.write(task.guild_id) as rows:
        for state in states:
            assert await rows.move(task.id, state, now=datetime.now(UTC)) is not None


@pytest.fixture
def ben(guild: Guild) -> Member:
    """Let Ben join."""
    return guild.add_member("Ben")


@pytest.fixture
def mia(guild: Guild) -> Member:
    """Let Mia join, who may manage messages."""
    return guild.add_member("Mia", permissions=Permissions.MANAGE_MESSAGES)


async def test_the_button_cancels_and_the_card_says_so(
    house: House, channel: Channel, ada: Member
) -> None:
    """The requester's press ends the task; the card shows that the credits are back."""
    card = await _card(house, ada, channel)
    await ada.click(card, "Cancel")
    await card.until(lambda seen: "credits are back" in seen.text)
    assert (await only_task(house, ada)).state is TaskState.CANCELLED
    assert "Cancel" not in [button.label for button in card.buttons]


async def test_a_card_has_one_writer(
    house: House, world: Discord, channel: Channel, ada: Member
) -> None:
    """A press edits nothing itself: a slow edit of its own would overwrite what came after it."""
    card = await _card(house, ada, channel)
    await ada.click(card, "Cancel")
    await house.settled()
    await house.mailbox.close()
    edits = [request.path for request in world.requests if request.method == "PATCH"]
    assert [path.rsplit("/", 1)[-1] for path in edits] == [str(card.id)]


async def test_a_film_that_was_given_up_is_told_in_one_way(
    house: House, channel: Channel, ada: Member
) -> None:
    """Card, list, menus and `/video cancel` agree: first searched for, then failed."""
    await _card(house, ada, channel)
    task = await only_task(house, ada)
    await _move(house, task, TaskState.SENDING, TaskState.UNCONFIRMED)
    searched = await (await ada.slash(channel, "video cancel", id=task.id)).answered()
    assert "I don't know yet" in searched.private[0].text
    assert "**Being searched for**" in (await ada.slash(channel, "video list")).private[0].text

    async with house.store.write(task.guild_id) as rows:
        await rows.write_off(task.id, now=datetime.now(UTC), failure=Failure.LOST)
    given_up = await (await ada.slash(channel, "video cancel", id=task.id)).answered()
    assert "already ended" in given_up.private[0].text
    assert "**Failed**" in (await ada.slash(channel, "video list")).private[0].text
    (offered,) = await ada.autocomplete(channel, "video show", focused="id", id="")
    assert offered.name == "a fox in the snow · Failed"
    assert await ada.autocomplete(channel, "video cancel", focused="id", id="") == []


async def test_a_moderator_may_cancel_and_others_may_not(
    house: House, channel: Channel, ada: Member, ben: Member, mia: Member
) -> None:
    """Somebody else's press is refused privately; with Manage Messages it counts."""
    card = await _card(house, ada, channel)
    refused = await (await ben.click(card, "Cancel")).until(lambda seen: bool(seen.private))
    assert "somebody else's" in refused.private[0].text
    assert (await only_task(house, ada)).state is TaskState.QUEUED
    await mia.click(card, "Cancel")
    assert (await only_task(house, ada)).state is TaskState.CANCELLED


async def test_too_late_is_said_kindly(house: House, channel: Channel, ada: Member) -> None:
    """A button on a card that is behind the times tells that the film goes on."""
    card = await _card(house, ada, channel)
    task = await only_task(house, ada)
    await _move(house, task, TaskState.SENDING, TaskState.SUBMITTED, TaskState.RUNNING)
    call = await (await ada.click(card, "Cancel")).until(lambda seen: bool(seen.private))
    assert "Too late to cancel" in call.private[0].text


async def test_the_command_cancels_too(house: House, channel: Channel, ada: Member) -> None:
    """`/video cancel` answers privately with the card as it is now."""
    await _card(house, ada, channel)
    task = await only_task(house, ada)
    call = await (await ada.slash(channel, "video cancel", id=task.id)).answered()
    assert "credits are back" in call.private[0].text
    assert call.message is None


async def test_the_list_shows_own_films_with_links(
    house: House, channel: Channel, ada: Member, ben: Member
) -> None:
    """State, age, prompt and a link, newest first; nobody else's."""
    card = await _card(house, ada, channel)
    call = await ada.slash(channel, "video list")
    assert call.message is None
    for fact in ("a fox in the snow", "In the queue", card.jump_url, "<t:"):
        assert fact in call.private[0].text
    assert "no films yet" in (await ben.slash(channel, "video list")).private[0].text


async def test_show_gives_the_film_privately(house: House, channel: Channel, ada: Member) -> None:
    """While the film is on disk `/video show` plays it, for the asker alone."""
    await _card(house, ada, channel)
    task = await only_task(house, ada)
    house.shelf.film(task.id).write_bytes(FILM)
    async with house.store.write(task.guild_id) as rows:
        await rows.note(task.id, film=f"{task.id}.mp4")
    call = await (await ada.slash(channel, "video show", id=task.id)).answered()
    (answer,) = call.private
    (film,) = answer.attachments
    assert film.data == FILM
    assert film.name == f"a-fox-in-the-snow-{task.id}.mp4"
    assert call.message is None


async def test_show_without_a_film_is_the_card(house: House, channel: Channel, ada: Member) -> None:
    """Before the film is there, `/video show` is a private copy of the card."""
    await _card(house, ada, channel)
    task = await only_task(house, ada)
    call = await (await ada.slash(channel, "video show", id=task.id)).answered()
    assert "In the queue" in call.private[0].text
    assert call.private[0].attachments == []


async def test_credits_are_private(house: House, channel: Channel, ada: Member) -> None:
    """A member's own figures, and the server's, for their eyes only."""
    await house.accounts.set_member(caller(ada), ada.id, 100)
    await _card(house, ada, channel)
    call = await ada.slash(channel, "video credits")
    assert call.message is None
    for fact in ("Own limit: 100", "Spent: 5, of which held", "Left: **95**", "Left: **495**"):
        assert fact in call.private[0].text


@pytest.mark.usefixtures("house")
async def test_menus_show_prices(channel: Channel, ada: Member) -> None:
    """What is offered while typing: models with prices, shapes, lengths with prices."""
    models = await ada.autocomplete(channel, "video text", focused="model", model="v3")
    assert [choice.value for choice in models] == ["t2v_v3"]
    assert "from 50 credits" in models[0].name
    shapes = await ada.autocomplete(channel, "video text", focused="aspect", aspect="")
    assert {"16:9", "9:16", "1:1"} == {choice.value for choice in shapes}
    lengths = await ada.autocomplete(
        channel, "video text", focused="duration", model="t2v_v3", duration=1
    )
    assert (lengths[1].name, lengths[1].value) == ("10 s, 100 credits", 10)


async def test_cancel_offers_only_what_can_still_be_cancelled(
    house: House, channel: Channel, ada: Member
) -> None:
    """A film that has ended is offered to `show`, not to `cancel`."""
    await _card(house, ada, channel)
    task = await only_task(house, ada)
    offered = await ada.autocomplete(channel, "video cancel", focused="id", id="fox")
    assert [task.id] == [choice.value for choice in offered]
    await house.desk.cancel(caller(ada), task.id)
    assert await ada.autocomplete(channel, "video cancel", focused="id", id="") == []
    shown = await ada.autocomplete(channel, "video show", focused="id", id="")
    assert shown[0].name == "a fox in the snow · Cancelled"


@pytest.mark.usefixtures("world")
async def test_an_old_button_gets_kind_words(house: House, channel: Channel, ada: Member) -> None:
    """A press on a button of another version is answered, privately."""
    await _card(house, ada, channel)
    message = await _foreign_button(house, channel)
    call = await ada.click(message, "Old")
    assert "no longer know what to do" in call.private[0].text


async def _foreign_button(house: House, channel: Channel) -> Message:

    old: ui.View = ui.View(timeout=0.01)
    old.add_item(ui.Button(label="Old", custom_id="clap:older:1", style=discord.ButtonStyle.grey))
    sent = await house.client.get_partial_messageable(channel.id).send("old", view=old)
    return await channel.until(lambda seen: seen.id == sent.id)
