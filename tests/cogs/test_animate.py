"""The message menu, its form, and mentions, played at a local Discord."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.discord_ui.words import words_for
from bot.domain.catalog import Door
from bot.errors import Refusal
from sandbox.discord import Answer, Channel, Discord, Fault, Guild, Member, Upload
from tests.cogs.asking import only_task, tasks_of
from tests.cogs.pictures import picture
from tests.discord_ui.house import House, discord_at, house_in

MENU = "Animate image"
SEND = "/channels/{channel}/messages"


@pytest.fixture
def ben(guild: Guild) -> Member:
    """Let Ben join."""
    return guild.add_member("Ben")


@pytest.mark.usefixtures("house")
async def test_the_menu_opens_a_form_with_prices(
    channel: Channel, ada: Member, ben: Member
) -> None:
    """Right-click a picture: a form asks what should happen and names each price."""
    message = await ben.say(channel, uploads=[picture()])
    form = (await ada.menu(channel, MENU, message)).modal
    assert form is not None
    assert list(form.fields) == ["prompt", "film"]
    assert "i2v:5" in form.fields["film"].options
    assert "5 credits" in str(form.sent)


async def test_the_form_takes_what_every_offered_model_reads(
    house: House, channel: Channel, ada: Member, ben: Member
) -> None:
    """Longer prompts are stopped while they are typed, when nothing is lost yet."""
    message = await ben.say(channel, uploads=[picture()])
    form = (await ada.menu(channel, MENU, message)).modal
    assert form is not None
    offered = house.desk.catalog.behind(Door.IMAGE)
    limits = {model.prompt_limit for model in offered}
    assert len(limits) > 1
    assert form.fields["prompt"].sent["max_length"] == min(limits)


async def test_a_form_without_the_prompt_its_model_needs(
    channel: Channel, house: House, ada: Member, ben: Member
) -> None:
    """The refusal names nothing that only commands have."""
    message = await ben.say(channel, uploads=[picture()])
    opened = await ada.menu(channel, MENU, message)
    await house.settled()
    call = await ada.submit(opened.modal, prompt="", film="sora-2:4")
    text = (await call.answered()).private[0].text
    assert "Tell me what should happen" in text
    assert "`" not in text


async def test_a_submitted_form_becomes_a_card(
    house: House, channel: Channel, ada: Member, ben: Member
) -> None:
    """The form's answer is the card, public, with the model and length that were chosen."""
    message = await ben.say(channel, uploads=[picture()])
    opened = await ada.menu(channel, MENU, message)
    call = await ada.submit(opened.modal, prompt="the fox runs", film="i2v:8")
    assert "the fox runs" in (await call.answered()).text
    assert call.message is not None
    task = await only_task(house, ada)
    assert (task.model, task.duration) == ("i2v", timedelta(seconds=8))
    assert task.card_message_id == call.message.id


@pytest.mark.usefixtures("house")
async def test_one_of_several_pictures_can_be_chosen(
    channel: Channel, ada: Member, ben: Member
) -> None:
    """A message with several pictures asks which; the second is taken, not the first."""
    message = await ben.say(channel, uploads=[Upload("a.png", b"no picture"), picture("b.png")])
    opened = await ada.menu(channel, MENU, message)
    call = await ada.submit(opened.modal, prompt="x", picture="1")
    assert "In the queue" in (await call.answered()).text


@pytest.mark.usefixtures("house")
async def test_a_message_without_a_picture_opens_no_form(
    channel: Channel, ada: Member, ben: Member
) -> None:
    """The member reads privately where pictures come from."""
    message = await ben.say(channel, "just words")
    call = await ada.menu(channel, MENU, message)
    assert call.modal is None
    assert "found no picture" in call.private[0].text


async def test_a_form_survives_a_restart(
    world: Discord, channel: Channel, ada: Member, ben: Member, tmp_path: Path
) -> None:
    """A form that was open while the bot restarted is taken."""
    message = await ben.say(channel, uploads=[picture()])
    async with house_in(world, tmp_path, message_content=True):
        opened = await ada.menu(channel, MENU, message)
    async with house_in(world, tmp_path, message_content=True) as house:
        call = await ada.submit(opened.modal, prompt="the fox runs")
        assert "the fox runs" in (await call.answered()).text
        assert (await only_task(house, ada)).picture is not None


async def test_a_form_whose_picture_is_gone_says_so(
    world: Discord, channel: Channel, ada: Member, ben: Member, tmp_path: Path
) -> None:
    """A message that was deleted while the form was open: kind words, no task."""
    message = await ben.say(channel, uploads=[picture()])
    async with house_in(world, tmp_path):
        opened = await ada.menu(channel, MENU, message)
    message.delete()
    async with house_in(world, tmp_path) as house:
        call = await (await ada.submit(opened.modal, prompt="x")).answered()
        assert "no longer there" in call.private[0].text
        assert await tasks_of(house, ada) == []


async def test_a_mention_with_a_picture_is_an_order(
    house: House, channel: Channel, ada: Member
) -> None:
    """A message with a picture that mentions the bot: the rest of the text is the prompt."""
    asked = await ada.say(channel, "the fox runs", uploads=[picture()], mention_bot=True)
    card = await channel.until(lambda seen: "In the queue" in seen.text)
    assert "the fox runs" in card.text
    assert card.reply_to == asked
    task = await only_task(house, ada)
    assert task.card_message_id == card.id
    assert task.token is None
    assert task.prompts == ("the fox runs",)


async def test_a_reply_to_a_picture_is_an_order(
    world: Discord, channel: Channel, ada: Member, ben: Member, tmp_path: Path
) -> None:
    """With the intent, a reply that mentions the bot animates the picture it replies to."""
    async with house_in(world, tmp_path, message_content=True):
        posted = await ben.say(channel, uploads=[picture()])
        await ada.say(channel, "it runs", reply_to=posted, mention_bot=True)
        card = await channel.until(lambda seen: "In the queue" in seen.text)
        assert "it runs" in card.text


@pytest.mark.usefixtures("house")
async def test_a_mention_without_a_picture_is_told_openly_how_it_works(
    channel: Channel, ada: Member
) -> None:
    """Perhaps it was no order at all: one kind sentence, no button, no ping."""
    await ada.say(channel, "thanks, you rock!", mention_bot=True)
    reply = await channel.until(lambda seen: "Attach a picture" in seen.text)
    assert "`/video text` needs no picture" in reply.text
    assert (reply.buttons, reply.pings) == ([], [])


async def test_the_role_of_our_name_means_us_too(
    world: Discord, guild: Guild, channel: Channel, ada: Member, tmp_path: Path
) -> None:
    """Discord offers the bot's own role under the same name; picking it is no mistake."""
    assert guild.me is not None
    role = next(role for role in guild.me.roles if role.managed)
    async with house_in(world, tmp_path, message_content=True) as house:
        await ada.say(channel, f"{role.mention} hello")
        await channel.until(lambda seen: "Attach a picture" in seen.text)
        await ada.say(channel, f"{role.mention} it runs", uploads=[picture()])
        await channel.until(lambda seen: "In the queue" in seen.text)
        assert (await only_task(house, ada)).prompts == ("it runs",)


@pytest.mark.usefixtures("house")
async def test_a_mention_with_a_bad_picture_is_refused_without_figures(
    channel: Channel, ada: Member, ben: Member
) -> None:
    """The public refusal is short; Why? tells its asker privately, and nobody else."""
    await ada.say(channel, "hello", uploads=[Upload("a.png", b"no")], mention_bot=True)
    reply = await channel.until(lambda seen: bool(seen.buttons))
    assert "can't make this one" in reply.text
    assert reply.pings == []
    told = await ada.click(reply, "Why?")
    assert told.private[0].text == words_for("en").refusals[Refusal.NOT_A_PICTURE][-1]
    other = await ben.click(reply, "Why?")
    assert "Only the member who asked" in other.private[0].text


@pytest.mark.usefixtures("house")
async def test_a_public_refusal_never_tells_a_balance(
    channel: Channel, ada: Member, guild: Guild
) -> None:
    """Without credits: no figure in public, all figures behind the button."""
    owner = guild.add_member("Olga", admin=True)
    await owner.slash(channel, "quota server", credits=3)
    await ada.say(channel, "it runs", uploads=[picture()], mention_bot=True)
    reply = await channel.until(lambda seen: bool(seen.buttons))
    assert not any(letter.isdigit() for letter in reply.text)
    told = await ada.click(reply, "Why?")
    assert "costs 5 credits and the server has 3 left" in told.private[0].text
    (why,) = reply.controls
    assert why.custom_id == f"clap:why:{ada.id}:pool_empty?cost=i5"


@pytest.mark.usefixtures("house")
async def test_why_tells_what_holds_by_now(channel: Channel, ada: Member, guild: Guild) -> None:
    """The figures are looked up when the button is pressed, for whoever presses it."""
    owner = guild.add_member("Olga", admin=True)
    await owner.slash(channel, "quota server", credits=3)
    await ada.say(channel, "it runs", uploads=[picture()], mention_bot=True)
    reply = await channel.until(lambda seen: bool(seen.buttons))
    await owner.slash(channel, "quota grant", credits=1)
    told = await ada.click(reply, "Why?")
    assert "the server has 4 left" in told.private[0].text


async def test_a_mention_survives_a_discord_in_trouble(
    house: House, world: Discord, channel: Channel, ada: Member
) -> None:
    """Nothing but the card tells that the order was heard: its sending is tried again."""
    world.faults.add(Fault("POST", SEND, Answer(503), times=2))
    await ada.say(channel, "it runs", uploads=[picture()], mention_bot=True)
    card = await channel.until(lambda seen: "In the queue" in seen.text)
    assert (await only_task(house, ada)).card_message_id == card.id


async def test_a_mention_whose_card_cannot_be_sent_is_not_left_in_silence(
    house: House, world: Discord, channel: Channel, ada: Member, caplog: pytest.LogCaptureFixture
) -> None:
    """Tried in vain: the member is told to try again, and the log has no traceback."""
    world.faults.add(Fault("POST", SEND, Answer(503), times=3))
    await ada.say(channel, "it runs", uploads=[picture()], mention_bot=True)
    reply = await channel.until(lambda seen: bool(seen.buttons))
    told = await ada.click(reply, "Why?")
    assert "Try again in a minute" in told.private[0].text
    assert (await only_task(house, ada)).card_message_id is None
    assert "an order by message failed" in caplog.text
    assert "Traceback" not in caplog.text


async def test_a_mention_that_automod_blocks_still_has_its_card(
    house: House, world: Discord, channel: Channel, ada: Member
) -> None:
    """The words of a prompt may be forbidden here: the card does without them."""
    blocked = Answer(400, {"code": 200000, "message": "Message was blocked"})
    world.faults.add(Fault("POST", SEND, blocked))
    await ada.say(channel, "it runs", uploads=[picture()], mention_bot=True)
    card = await channel.until(lambda seen: "In the queue" in seen.text)
    assert "it runs" not in card.text
    assert "AutoMod" in card.text
    assert (await only_task(house, ada)).card_message_id == card.id


async def test_an_answer_to_a_film_is_no_order(house: House, channel: Channel, ada: Member) -> None:
    """A reply to the bot's own message pings it, yet without a typed mention it is just talk."""
    await ada.say(channel, "it runs", uploads=[picture()], mention_bot=True)
    card = await channel.until(lambda seen: "In the queue" in seen.text)
    await ada.say(channel, "lovely", reply_to=card)
    await house.settled()
    assert len(await tasks_of(house, ada)) == 1
    assert [message for message in channel.messages if "Why?" in str(message.buttons)] == []


@pytest.fixture
async def blind() -> AsyncIterator[Discord]:
    """Run a Discord whose portal has the message content intent switched off."""
    async with discord_at(message_content=False) as running:
        yield running


async def test_a_hidden_picture_is_explained(blind: Discord, tmp_path: Path) -> None:
    """Without the intent the replied-to picture is hidden; the answer names the menu instead."""
    guild = blind.add_guild("Studio")
    channel, ada, ben = guild.add_channel("general"), guild.add_member("A"), guild.add_member("B")
    async with house_in(blind, tmp_path):
        posted = await ben.say(channel, uploads=[picture()])
        await ada.say(channel, "it runs", reply_to=posted, mention_bot=True)
        reply = await channel.until(lambda seen: bool(seen.buttons))
        told = await ada.click(reply, "Why?")
        assert "Animate image" in told.private[0].text
        assert "does not let me see" in told.private[0].text
