"""Orders written as messages: a mention of the bot on a picture, or in a reply to one."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from sandbox.discord import Message, Permissions, Upload
from sandbox.services import FOREVER, Films, Pace
from tests.story.world import FULL_POOL, World, open_world, picture


@pytest.fixture
async def blind(tmp_path: Path, films: Films) -> AsyncIterator[World]:
    """A world whose portal has the message content intent switched off."""
    async with open_world(tmp_path, films=films, message_content=False) as opened:
        yield opened


async def _card(world: World, asked: Message) -> Message:
    return await world.channel.until(
        lambda shown: shown.reply_to == asked and shown.author == world.discord.bot
    )


async def test_a_picture_in_the_same_message(world: World) -> None:
    """The picture comes with the mention; the rest of the text is the prompt."""
    async with world.bot() as app:
        asked = await world.ada.say(
            world.channel,
            "it sails away",
            uploads=[Upload("boat.png", picture())],
            mention_bot=True,
        )
        card = await _card(world, asked)
        await world.film_of(card)

        assert "it sails away" in card.text
        sent = world.aivideomaker.requests[0].json
        assert isinstance(sent, dict)
        assert sent["prompt"] == "it sails away"
        assert await world.left(app) == FULL_POOL - 5
        assert (await world.task(app)).token is None


async def test_a_picture_in_the_message_replied_to(world: World) -> None:
    """With the intent, a reply that mentions the bot animates what it replies to."""
    async with world.bot():
        posted = await world.ben.say(world.channel, uploads=[Upload("boat.png", picture())])
        asked = await world.ada.say(world.channel, "it sinks", reply_to=posted, mention_bot=True)
        card = await _card(world, asked)
        await world.film_of(card)
        assert "it sinks" in card.text
        assert world.ada.mention in card.text


async def test_without_the_intent_ones_own_picture_is_seen(blind: World) -> None:
    """A message that mentions the bot shows its content even without the intent."""
    async with blind.bot():
        asked = await blind.ada.say(
            blind.channel, "it sails", uploads=[Upload("boat.png", picture())], mention_bot=True
        )
        await blind.film_of(await _card(blind, asked))


async def test_without_the_intent_a_reply_is_told_of_the_menu(blind: World) -> None:
    """Somebody else's picture is hidden then; the private answer explains the menu way."""
    async with blind.bot() as app:
        posted = await blind.ben.say(blind.channel, uploads=[Upload("boat.png", picture())])
        asked = await blind.ada.say(blind.channel, "it sails", reply_to=posted, mention_bot=True)
        refusal = await _card(blind, asked)
        told = await blind.ada.click(refusal, "Why?")
        assert "Apps → Animate image" in told.private[0].text
        assert await blind.untouched(app)


async def test_a_refusal_is_short_public_and_without_figures(world: World) -> None:
    """The reason, with its figures, is behind *Why?*, and only for the asker."""
    async with world.bot(default_server_credits=3) as app:
        asked = await world.ada.say(
            world.channel, "it sails", uploads=[Upload("boat.png", picture())], mention_bot=True
        )
        refusal = await _card(world, asked)
        assert len(refusal.text) < 100
        assert not any(sign.isdigit() for sign in refusal.text)
        assert refusal.controls[0].custom_id.endswith(":pool_empty?cost=i5")
        assert refusal.pings == []

        mine = await world.ada.click(refusal, "Why?")
        assert "costs 5 credits and the server has 3 left" in mine.private[0].text
        his = await world.ben.click(refusal, "Why?")
        assert "Only the member who asked" in his.private[0].text
        assert "3" not in his.private[0].text
        assert await world.untouched(app)


async def test_why_works_after_a_restart(world: World) -> None:
    """The reason stands in the button: it is told by a bot that has forgotten all."""
    async with world.bot():
        asked = await world.ada.say(
            world.channel, "it sails", uploads=[Upload("boat.png", b"no")], mention_bot=True
        )
        refusal = await _card(world, asked)
    async with world.bot():
        told = await world.ada.click(refusal, "Why?")
        assert "can't read that file as a picture" in told.private[0].text


async def test_a_mere_hello_is_answered_with_what_to_do(world: World) -> None:
    """Nothing was asked for, so nothing is turned down: one sentence, no button, no ping."""
    async with world.bot() as app:
        for text in ("thanks, you rock!", ""):
            asked = await world.ada.say(world.channel, text, mention_bot=True)
            answer = await _card(world, asked)
            assert "Attach a picture or reply to one" in answer.text
            assert (answer.buttons, answer.pings) == ([], [])
        assert await world.untouched(app)


async def test_an_answer_to_a_film_is_no_order(world: World) -> None:
    """A reply pings the bot, yet without a typed mention nobody has asked for anything."""
    async with world.bot():
        first = await world.ada.say(
            world.channel, "it sails", uploads=[Upload("boat.png", picture())], mention_bot=True
        )
        card = await _card(world, first)
        await world.film_of(card)
        await world.ben.say(world.channel, "lovely", reply_to=card)
        last = await world.ben.say(world.channel, "hello", mention_bot=True)
        await _card(world, last)  # events come in order: the film's answer has been seen, too
        bots = [m for m in world.channel.messages if m.author == world.discord.bot]
        assert len(bots) == 3


async def test_cards_of_mentions_can_be_cancelled(world: World) -> None:
    """The card has its button, though no interaction stands behind it."""
    world.aivideomaker.pace = Pace(queued=FOREVER)
    async with world.bot() as app:
        asked = await world.ada.say(
            world.channel, "it sails", uploads=[Upload("boat.png", picture())], mention_bot=True
        )
        card = await _card(world, asked)
        await card.until(lambda shown: "Accepted" in shown.text)
        await world.ada.click(card, "Cancel")
        await card.until(lambda shown: "credits are back" in shown.text)
        assert await world.left(app) == FULL_POOL


async def test_where_the_bot_may_not_write_it_stays_silent(world: World) -> None:
    """No answer is possible in such a channel, so nothing is ordered and nothing is held."""
    me = world.guild.me
    assert me is not None
    world.channel.set_permissions(me, deny=Permissions.SEND_MESSAGES)
    other = world.guild.add_channel("open")
    async with world.bot() as app:
        await world.ada.say(
            world.channel, "it sails", uploads=[Upload("boat.png", picture())], mention_bot=True
        )
        await world.ada.say(other, "hello", mention_bot=True)
        await other.until(lambda shown: shown.author == world.discord.bot)
        assert await world.untouched(app)
        assert len(world.channel.messages) == 1
