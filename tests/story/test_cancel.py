"""Cancelling: by button and by command, in every state, by whom it may be done."""

import pytest

from bot.domain.task import TaskState
from sandbox.discord import Message, Permissions
from sandbox.services import FOREVER, Pace, Phase
from tests.story.world import FULL_POOL, World, card_of, refusal_of

ACCEPTED = "Accepted by the video service"


@pytest.fixture(autouse=True)
def _patient_service(world: World) -> None:
    world.aivideomaker.pace = world.apigo.pace = Pace(queued=FOREVER, hold=True)


async def _accepted(world: World, **options: str) -> Message:
    """Order a film that waits at its service."""
    call = await world.ada.slash(world.channel, "video text", prompt="a boat", **options)
    return await card_of(call).until(lambda shown: ACCEPTED in shown.text)


async def test_the_button_cancels_upstream_and_gives_all_back(world: World) -> None:
    """The service is asked; once it says so, the card tells it and the balance is whole."""
    async with world.bot() as app:
        card = await _accepted(world)
        assert await world.left(app) == FULL_POOL - 5
        await world.ada.click(card, "Cancel")
        await card.until(lambda shown: "credits are back" in shown.text)

        assert "Cancelled on request" in card.text
        assert [button.label for button in card.buttons] == ["Change words", "Try again"]
        task = await world.task(app)
        assert task.state is TaskState.CANCELLED
        assert world.aivideomaker.phase(task.upstream_id or "") is Phase.CANCELLED
        assert await world.left(app) == FULL_POOL
        history = (await world.admin.slash(world.channel, "quota history")).text
        assert f"**+5** given back · {world.ada.mention}" in history


async def test_the_command_cancels_too(world: World) -> None:
    """`/video cancel` answers privately; the public card follows."""
    async with world.bot() as app:
        card = await _accepted(world)
        task = await world.task(app)
        call = await world.ada.slash(world.channel, "video cancel", id=task.id)
        await card.until(lambda shown: "credits are back" in shown.text)

        assert call.message is None
        assert await world.left(app) == FULL_POOL


async def test_what_waits_here_is_never_sent(world: World) -> None:
    """A film in the bot's own queue is cancelled at once, and the service never hears of it."""
    async with world.bot(aivideomaker_in_flight=1) as app:
        await _accepted(world)
        waiting = card_of(await world.ada.slash(world.channel, "video text", prompt="later"))
        await world.ada.click(waiting, "Cancel")
        await waiting.until(lambda shown: "credits are back" in shown.text)

        assert world.creates == 1
        assert await world.left(app) == FULL_POOL - 5


async def test_a_film_in_the_making_is_not_cancelled(world: World) -> None:
    """Too late: a private answer, no button any more, and the film still comes."""
    async with world.bot() as app:
        card = await _accepted(world)
        task = await world.task(app)
        world.aivideomaker.begin(task.upstream_id or "")
        await card.until(lambda shown: "Being filmed" in shown.text)
        assert card.buttons == []
        call = await world.ada.slash(world.channel, "video cancel", id=task.id)
        assert "Too late to cancel" in await refusal_of(await call.answered())

        world.aivideomaker.finish(task.upstream_id or "")
        await world.film_of(card)
        assert await world.left(app) == FULL_POOL - 5


async def test_a_service_without_cancel_says_so(world: World) -> None:
    """The OpenAI-style service has no cancel: no button, and the command explains it."""
    async with world.bot() as app:
        card = await _accepted(world, model="sora-2")
        assert card.buttons == []
        task = await world.task(app)
        call = await world.ada.slash(world.channel, "video cancel", id=task.id)
        assert "cannot cancel" in await refusal_of(await call.answered())
        assert await world.left(app) == FULL_POOL - 40


async def test_somebody_elses_film_is_not_ones_to_cancel(world: World) -> None:
    """A press by another member is refused privately; with Manage Messages it counts."""
    mia = world.guild.add_member("Mia", permissions=Permissions.MANAGE_MESSAGES)
    async with world.bot() as app:
        card = await _accepted(world)
        press = await world.ben.click(card, "Cancel")
        await press.until(lambda seen: bool(seen.private))
        assert "somebody else's" in press.private[0].text
        command = await world.ben.slash(
            world.channel, "video cancel", id=(await world.task(app)).id
        )
        assert "somebody else's" in await refusal_of(await command.answered())
        assert (await world.task(app)).state is TaskState.SUBMITTED

        await mia.click(card, "Cancel")
        await card.until(lambda shown: "credits are back" in shown.text)
        assert await world.left(app) == FULL_POOL


async def test_an_ended_film_has_nothing_to_cancel(world: World) -> None:
    """A second cancel is answered kindly, and gives nothing back twice."""
    async with world.bot() as app:
        card = await _accepted(world)
        task = await world.task(app)
        await world.ada.click(card, "Cancel")
        await card.until(lambda shown: "credits are back" in shown.text)
        call = await world.ada.slash(world.channel, "video cancel", id=task.id)
        assert "already ended" in await refusal_of(await call.answered())
        assert await world.left(app) == FULL_POOL
