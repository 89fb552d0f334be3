"""Films that never come to be: why stands on the card, and the balance is as before."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.app import App
from bot.domain.quota import LedgerKind
from bot.domain.task import TaskState
from sandbox.discord import Message
from sandbox.services import FOREVER, Films, Pace, Scenario
from tests.story.world import FULL_POOL, MovableClock, World, card_of, open_world, refusal_of

ENDS = [
    ("t2v", "[fail]", TaskState.FAILED, "tried and failed"),
    ("t2v", "[cancel]", TaskState.CANCELLED, "cancelled this one itself"),
    ("t2v", "[reject]", TaskState.REFUSED, "content rules"),
    ("t2v", "[broke]", TaskState.REFUSED, "own account at the video service is empty"),
    ("t2v", "[closed]", TaskState.REFUSED, "no longer offers this model"),
    ("t2v", "[gone]", TaskState.EXPIRED, "gone before I could fetch it"),
    ("sora-2", "[fail]", TaskState.FAILED, "tried and failed"),
    ("sora-2", "[cancel]", TaskState.FAILED, "cancel"),
    ("sora-2", "[reject]", TaskState.REFUSED, "content rules"),
    ("sora-2", "[broke]", TaskState.REFUSED, "own account at the video service is empty"),
    ("sora-2", "[closed]", TaskState.REFUSED, "no longer offers this model"),
]


RETRY = ["Try again", "Change words"]
NOW = {
    "[reject]": ["Change words", "Try again"],
    "[broke]": ["Another model", "Try again"],
    "[closed]": ["Another model"],
}
"""What one can do now, the likeliest to help first."""


async def _ended(world: World, prompt: str, model: str) -> Message:
    """Order a film and wait until its card says that the credits are back."""
    call = await world.ada.slash(world.channel, "video text", prompt=prompt, model=model)
    return await card_of(call).until(lambda shown: "credits are back" in shown.text)


@pytest.mark.parametrize(("model", "marker", "state", "words"), ENDS)
async def test_the_balance_is_exactly_as_before(
    world: World, model: str, marker: str, state: TaskState, words: str
) -> None:
    """However a film is lost: one hold, one release of the same size, and plain words."""
    async with world.bot() as app:
        await world.admin.slash(world.channel, "quota member", credits=100)
        card = await _ended(world, f"a boat {marker}", model)

        assert words in card.text
        assert [button.label for button in card.buttons] == NOW.get(marker, RETRY)
        task = await world.task(app)
        assert task.state is state
        kinds = [entry.kind for entry in await world.ledger(app)]
        assert kinds == [LedgerKind.HOLD, LedgerKind.RELEASE]
        assert (await world.left(app), await world.left(app, world.ada)) == (FULL_POOL, 100)
        assert [m for m in world.channel.messages if m.attachments] == []


async def test_a_film_that_never_appears_is_given_up_after_a_day(world: World) -> None:
    """A 404 may mean "not yet"; after the services' 24 hours the credits go back."""
    clock = MovableClock()
    async with world.bot(clock=clock) as app:
        call = await world.ada.slash(
            world.channel, "video text", prompt="a boat [gone]", model="sora-2"
        )
        card = await card_of(call).until(lambda shown: "on its way here" in shown.text)
        clock.ahead = timedelta(hours=25)
        app.pipeline.courier.wake()
        await card.until(lambda shown: "credits are back" in shown.text)
        assert "gone before I could fetch it" in card.text
        task = await world.task(app)
        assert (task.state, task.flagged) == (TaskState.EXPIRED, True)


@pytest.mark.parametrize("model", ["t2v", "sora-2"])
async def test_the_services_own_words_are_shown(world: World, model: str) -> None:
    """What the service says about a failure is quoted on the card, and cannot format it."""
    service = world.aivideomaker if model == "t2v" else world.apigo
    service.script(Scenario(fails="**Too** many @everyone in the picture"))
    async with world.bot():
        card = await _ended(world, "a boat", model)
        assert "many" in card.text
        assert "in the picture" in card.text
        assert "@everyone" not in card.text
        assert "**Too**" not in card.text


async def test_a_closed_model_leaves_the_menus(world: World) -> None:
    """Once its service calls a model unknown nobody is offered it, and asking for it is refused."""
    async with world.bot() as app:
        await _ended(world, "a boat [closed]", "t2v")
        offered = await world.ada.autocomplete(world.channel, "video text", focused="model")
        assert "t2v" not in [choice.value for choice in offered]
        call = await world.ada.slash(world.channel, "video text", prompt="a boat", model="t2v")
        text = await refusal_of(call)
        assert "not on sale here at the moment" in text
        assert "`t2v_v3`" in text
        assert len(await world.tasks(app)) == 1


async def test_what_waits_for_a_closed_model_is_released(world: World) -> None:
    """Films that were queued for it here end in the same words, unsent."""
    async with world.bot(aivideomaker_in_flight=1) as app:
        world.aivideomaker.pace = Pace(queued=FOREVER)
        first = await world.ada.slash(world.channel, "video text", prompt="a boat")
        await card_of(first).until(lambda shown: "Accepted" in shown.text)
        cards = [
            card_of(await world.ada.slash(world.channel, "video text", prompt=prompt))
            for prompt in ("a boat [closed]", "another boat")
        ]
        first_task = (await world.tasks(app))[-1]
        world.aivideomaker.fail(first_task.upstream_id or "")
        for card in cards:
            await card.until(lambda shown: "no longer offers this model" in shown.text)
        assert world.aivideomaker.count("POST") == 2
        assert await world.left(app) == FULL_POOL


@pytest.fixture
async def live(tmp_path: Path, films: Films) -> AsyncIterator[World]:
    """A world whose service says what it charged."""
    async with open_world(tmp_path, films=films, mode="live") as opened:
        yield opened


async def _charged(live: World, app: App, charge: int) -> Message:
    live.aivideomaker.script(Scenario(charge=charge))
    call = await live.ada.slash(live.channel, "video text", prompt="a boat")
    await live.film(call)
    assert (await live.tasks(app))[0].charged == charge
    return card_of(call)


@pytest.mark.parametrize("charge", [12, 3])
async def test_what_was_charged_replaces_what_was_held(live: World, charge: int) -> None:
    """More or less than the price: the balance has what was charged, the receipt both figures."""
    async with live.bot() as app:
        card = await _charged(live, app, charge)
        assert f"Held 5 credits; the video service charged {charge}" in card.text
        assert await live.left(app) == FULL_POOL - charge


async def test_the_price_as_charged_is_no_news(live: World) -> None:
    """A receipt over the price that was held has one figure."""
    async with live.bot() as app:
        card = await _charged(live, app, 5)
        assert "charged" not in card.text
        assert await live.left(app) == FULL_POOL - 5


async def test_below_zero_new_orders_wait_for_credits(live: World) -> None:
    """A charge beyond the pool makes it negative; orders are refused until it has recovered."""
    async with live.bot(default_server_credits=6) as app:
        await _charged(live, app, 15)
        assert await live.left(app) == -9

        call = await live.ada.slash(live.channel, "video text", prompt="a boat")
        assert "the server has -9 left" in await refusal_of(call)
        await live.admin.slash(live.channel, "quota grant", credits=13)
        call = await live.ada.slash(live.channel, "video text", prompt="a boat")
        assert "the server has 4 left" in await refusal_of(call)
        await live.admin.slash(live.channel, "quota grant", credits=1)
        await _charged(live, app, 5)
        assert await live.left(app) == 0


async def test_a_charge_for_a_failed_film_is_given_back_whole(live: World) -> None:
    """What was charged beyond the hold comes back too when the film fails."""
    live.aivideomaker.script(Scenario(charge=40, fails="no such luck"))
    async with live.bot() as app:
        card = await _ended(live, "a boat", "t2v")
        assert "no such luck" in card.text
        assert await live.left(app) == FULL_POOL
