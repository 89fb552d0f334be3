"""Consent: a film from somebody's picture names them, and they can take it down and say no."""

from datetime import timedelta

import pytest

from bot.app import App
from bot.domain.task import TaskState
from sandbox.discord import Answer, Call, Fault, Member, Message, Permissions, Upload
from sandbox.services import FOREVER, Pace
from tests.story.world import FULL_POOL, PATIENCE, MovableClock, World, picture, refusal_of

DELETE = ("DELETE", "/channels/{channel}/messages/{message}")
REFUSE, ALLOW = "Don't let others animate my pictures", "Let others animate my pictures"
DOWN = "Take down"


async def _asked(world: World) -> tuple[Message, Message]:
    """Let Ada animate Ben's picture; return his message and her card."""
    posted = await world.ben.say(world.channel, uploads=[Upload("boat.png", picture())])
    asked = await world.ada.say(world.channel, "it sinks", reply_to=posted, mention_bot=True)
    return posted, await _answer(world, asked)


async def _answer(world: World, asked: Message) -> Message:
    return await world.channel.until(
        lambda shown: shown.reply_to == asked and shown.author == world.discord.bot
    )


async def _filmed(world: World) -> tuple[Message, Message]:
    """Let Ada's film from Ben's picture be finished; return her card and the film."""
    _posted, card = await _asked(world)
    await world.film_of(card)
    return card, await world.film_message(card)


async def _down(member: Member, message: Message) -> Call:
    return await (await member.click(message, DOWN)).answered()


async def _gone(world: World, film: Message) -> None:
    await world.discord.world.bell.until(lambda: film.deleted, PATIENCE)


def _labels(message: Message) -> list[str]:
    return [control.label for control in message.controls]


async def _nothing_left(world: World, app: App) -> None:
    """Return once neither disk nor row has anything of the film or the picture."""
    folder = world.folder / "data"
    while (await world.task(app)).film_message_id is not None:
        app.pipeline.eraser.wake()
    assert [path.name for path in folder.glob("*/*") if path.is_file()] == []


async def test_card_and_film_name_whose_picture_it_is(world: World) -> None:
    """With a link to the picture, on the card from the first moment; nobody but Ada is pinged."""
    async with world.bot():
        posted, card = await _asked(world)
        told = f"From [a picture]({posted.jump_url}) by {world.ben.mention}"
        assert told in card.text
        assert DOWN in _labels(card)
        film = await world.film_message(card)
        assert told in film.text
        assert DOWN in _labels(film)
        assert film.pings == [world.ada.user]
        assert card.pings == []


async def test_ones_own_picture_has_no_source(world: World) -> None:
    """Whoever animates their own picture, or a bot's, needs nobody's consent."""
    own = await world.ada.say(world.channel, uploads=[Upload("boat.png", picture())])
    webhook = world.channel.post(world.discord.bot, {"content": "!"}, [Upload("a.png", picture())])
    async with world.bot():
        for posted in (own, webhook):
            asked = await world.ada.say(world.channel, "go", reply_to=posted, mention_bot=True)
            card = await _answer(world, asked)
            assert "From" not in card.text
            film = await world.film_message(card)
            assert DOWN not in _labels(card) + _labels(film)


async def test_whose_picture_it_was_takes_the_film_down(world: World) -> None:
    """One press: gone from the channel and the disk; the card says so and leads nowhere."""
    async with world.bot() as app:
        card, film = await _filmed(world)
        task = await world.task(app)
        answer = await _down(world.ben, film)
        assert "taken out of Discord" in answer.text
        await _gone(world, film)
        await card.until(lambda shown: "Taken down" in shown.text)
        await _nothing_left(world, app)

        assert f"Taken down by {world.ben.mention}" in card.text
        assert "its 5 credits stay spent" in card.text
        assert film.jump_url not in card.text
        assert "it sinks" not in card.text
        assert card.buttons == []
        assert await world.left(app) == FULL_POOL - 5
        shown = await world.shown(world.ada, task.id)
        assert shown.private[0].attachments == []
        assert "Taken down" in shown.text
        listed = (await world.ada.slash(world.channel, "video list")).text
        assert "Taken down" in listed
        assert film.jump_url not in listed


async def test_after_a_restart_old_films_and_cards_can_be_taken_down(world: World) -> None:
    """What stands in Discord is enough; so is the offer to refuse all others."""
    async with world.bot():
        card, film = await _filmed(world)
        _other_card, other_film = await _filmed(world)
    async with world.bot():
        await _down(world.ben, film)
        await _gone(world, film)
        await card.until(lambda shown: "Taken down" in shown.text)
    async with world.bot():
        answer = await _down(world.ben, _other_card)
        await _gone(world, other_film)
    async with world.bot():
        await world.ben.click(answer.private[0], REFUSE)
        assert "I don't animate your pictures" in answer.private[0].text
        _posted, refusal = await _asked(world)
        why = await world.ada.click(refusal, "Why?")
        assert "would rather not have it animated by others" in why.private[0].text


async def test_a_crash_before_the_film_is_deleted(world: World) -> None:
    """The wish is in the row: the next start carries it out."""
    world.discord.faults.add(Fault(*DELETE, Answer(503), times=0))
    async with world.bot():
        card, film = await _filmed(world)
        await _down(world.ben, film)
        await card.until(lambda shown: "Taken down" in shown.text)
        assert not film.deleted
        assert film.jump_url not in (await world.ada.slash(world.channel, "video list")).text
    world.discord.faults.clear()
    clock = MovableClock()
    clock.ahead = timedelta(hours=1)
    async with world.bot(clock=clock) as app:
        await _gone(world, film)
        await _nothing_left(world, app)


async def test_a_crash_before_the_card_is_edited(world: World) -> None:
    """The film is gone, the card still leads to it: the next start puts it right."""
    world.discord.faults.add(Fault("PATCH", "*", Answer(403, {"message": "", "code": 0}), times=0))
    clock = MovableClock()
    async with world.bot(clock=clock) as app:
        _posted, card = await _asked(world)
        film = await world.film_message(card)
        while (await world.task(app)).state is not TaskState.DELIVERED:
            continue
        clock.ahead = timedelta(days=3)
        await _down(world.ben, film)
        await _nothing_left(world, app)
        assert "Taken down" not in card.text
    world.discord.faults.clear()
    async with world.bot(clock=clock):
        await card.until(lambda shown: "Taken down by" in shown.text)


async def test_discord_in_trouble_is_asked_again(world: World) -> None:
    """A deletion that fails is repeated until the film is gone."""
    world.discord.faults.add(Fault(*DELETE, Answer(503), times=3))
    clock = MovableClock()
    async with world.bot(clock=clock) as app:
        _card, film = await _filmed(world)
        await _down(world.ben, film)
        while (await world.task(app)).film_message_id is not None:
            clock.ahead += timedelta(seconds=10)
            app.pipeline.eraser.wake()
        assert film.deleted


async def test_a_film_that_somebody_deleted_before(world: World) -> None:
    """There is nothing left to delete: that is no trouble."""
    async with world.bot() as app:
        card, film = await _filmed(world)
        film.delete()
        await _down(world.ben, card)
        await card.until(lambda shown: "Taken down" in shown.text)
        await _nothing_left(world, app)
        assert not (await world.task(app)).flagged


async def test_while_it_is_made_the_film_is_called_off(world: World) -> None:
    """The service may finish it: it is not posted, and the credits go back."""
    world.aivideomaker.pace = Pace(queued=timedelta(0), running=FOREVER)
    async with world.bot() as app:
        _posted, card = await _asked(world)
        await card.until(lambda shown: "Being filmed" in shown.text)
        answer = await _down(world.ben, card)
        assert "nobody will be shown this film" in answer.text
        await card.until(lambda shown: "may still finish it" in shown.text)
        assert card.buttons == []
        world.aivideomaker.finish((await world.task(app)).upstream_id or "")
        await card.until(lambda shown: "credits are back" in shown.text)

        assert "Taken down by" in card.text
        assert (await world.task(app)).state is TaskState.CANCELLED
        assert [m for m in world.channel.messages if m.reply_to == card] == []
        assert await world.left(app) == FULL_POOL
        await _nothing_left(world, app)


async def test_a_moderator_may_and_opts_nobody_out(world: World) -> None:
    """The card says that it was a moderator; others can still animate the person's pictures."""
    mia = world.guild.add_member("Mia", permissions=Permissions.MANAGE_MESSAGES)
    async with world.bot():
        card, film = await _filmed(world)
        answer = await _down(mia, film)
        assert answer.private[0].buttons == []
        await _gone(world, film)
        await card.until(lambda shown: "Taken down by a moderator" in shown.text)
        _posted, other = await _asked(world)
        assert "From" in other.text


async def test_the_requester_may_once_it_is_there(world: World) -> None:
    """It is their film, too; nothing is offered that is not theirs to choose."""
    async with world.bot():
        card, film = await _filmed(world)
        answer = await _down(world.ada, film)
        assert answer.private[0].buttons == []
        await _gone(world, film)
        await card.until(lambda shown: "Taken down by its requester" in shown.text)


async def test_nobody_else_may(world: World) -> None:
    """A kind private word; a moderator of another channel is nobody here, wherever they press."""
    cy = world.guild.add_member("Cy")
    elsewhere = world.guild.add_channel("elsewhere")
    elsewhere.set_permissions(cy, allow=Permissions.MANAGE_MESSAGES)
    async with world.bot() as app:
        card, film = await _filmed(world)
        copy = await cy.slash(elsewhere, "video show", id=(await world.task(app)).id)
        private = (await copy.answered()).private[0]
        for message in (card, film, private):
            assert "Only the person whose picture" in await refusal_of(
                await cy.click(message, DOWN)
            )
        assert not (await world.task(app)).withdrawn
        world.channel.set_permissions(cy, allow=Permissions.MANAGE_MESSAGES)
        await _down(cy, private)
        await _gone(world, film)


async def test_a_film_inside_the_card_leaves_the_card(world: World) -> None:
    """Where the bot may not send, the film plays in the card: it is edited out."""
    posted = await world.ben.say(world.channel, uploads=[Upload("boat.png", picture())])
    world.aivideomaker.pace = Pace(queued=FOREVER)
    async with world.bot() as app:
        asked = await world.ada.say(world.channel, "it sinks", reply_to=posted, mention_bot=True)
        card = await _answer(world, asked)
        await card.until(lambda shown: "Accepted" in shown.text)
        me = world.guild.me
        assert me is not None
        world.channel.set_permissions(me, deny=Permissions.SEND_MESSAGES)
        world.aivideomaker.finish((await world.task(app)).upstream_id or "")
        await card.until(lambda shown: bool(shown.attachments))
        assert DOWN in _labels(card)
    async with world.bot() as app:
        await _down(world.ben, card)
        await card.until(lambda shown: not shown.attachments)
        assert "Taken down by" in card.text
        assert card.buttons == []
        await _nothing_left(world, app)


@pytest.mark.parametrize("by_requester", [False, True])
async def test_a_film_in_direct_messages_is_deleted_there(
    world: World, *, by_requester: bool
) -> None:
    """Only its requester sees that one; whose picture it was takes it down from the card."""
    world.aivideomaker.pace = Pace(queued=FOREVER)
    async with world.bot() as app:
        _posted, card = await _asked(world)
        await card.until(lambda shown: "Accepted" in shown.text)
        me = world.guild.me
        assert me is not None
        world.channel.set_permissions(me, deny=Permissions.VIEW_CHANNEL)
        world.aivideomaker.finish((await world.task(app)).upstream_id or "")
        film = await world.ada.dm.until(lambda shown: bool(shown.attachments))
        assert f"by {world.ben.mention}" in film.text
        assert film.pings == []
        await (_down(world.ada, film) if by_requester else _down(world.ben, card))
        await _gone(world, film)
        await _nothing_left(world, app)


async def test_a_film_in_a_thread_that_was_archived(world: World) -> None:
    """The thread opens again for the deletion."""
    thread = world.channel.add_thread("boats")
    async with world.bot():
        posted = await world.ben.say(thread, uploads=[Upload("boat.png", picture())])
        asked = await world.ada.say(thread, "it sinks", reply_to=posted, mention_bot=True)
        card = await thread.until(
            lambda shown: shown.reply_to == asked and shown.author == world.discord.bot
        )
        film = await world.film_message(card)
        thread.archive()
        await _down(world.ben, card)
        await _gone(world, film)


async def test_the_choice_can_be_made_beforehand(world: World) -> None:
    """`/video privacy` shows how it stands, and changes it for this server only."""
    async with world.bot() as app:
        shown = await world.ben.slash(world.channel, "video privacy")
        assert "Others in this server can animate" in shown.private[0].text
        assert _labels(shown.private[0]) == [REFUSE]
        refused = await world.ben.slash(world.channel, "video privacy", others="refuse")
        assert "I don't animate your pictures" in refused.private[0].text
        _posted, refusal = await _asked(world)
        assert "Why?" in _labels(refusal)
        assert await world.untouched(app)
        assert not await app.pipeline.consent.refuses(world.guild.id + 1, world.ben.id)

        await world.ben.click(refused.private[0], ALLOW)
        assert "Others in this server can animate" in refused.private[0].text
        await _filmed(world)


async def test_an_avatar_names_its_owner(world: World) -> None:
    """Through the user menu: the card says whose avatar it is, and they can take it down."""
    async with world.bot() as app:
        form = (await world.ada.menu(world.channel, "Animate avatar", world.ben)).modal
        call = await (await world.ada.submit(form, prompt="he winks")).answered()
        card = call.message
        assert card is not None
        assert f"From {world.ben.mention}'s avatar" in card.text
        await world.film_of(card)
        film = await world.film_message(card)
        assert f"From {world.ben.mention}'s avatar" in film.text
        await _down(world.ben, film)
        await _gone(world, film)
        await _nothing_left(world, app)


async def test_a_source_that_has_left_is_still_named(world: World) -> None:
    """A moderator can take the film down for them."""
    async with world.bot():
        card, film = await _filmed(world)
        world.guild.kick(world.ben)
        await _down(world.admin, film)
        await _gone(world, film)
        await card.until(lambda shown: "Taken down by a moderator" in shown.text)
