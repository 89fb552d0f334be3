"""Step 2: orders are checked, priced and held in one transaction."""

import asyncio
from typing import Any

import pytest

from bot.domain.task import TaskState
from bot.errors import Failure, Refusal, Refused
from tests.pipeline.rig import ADA, BEN, GUILD, Rig


async def test_an_order_holds_its_price(rig: Rig) -> None:
    """The price is taken when the order is placed, as a hold in the ledger."""
    task = await rig.place()

    assert await rig.left() == 495
    assert await rig.ledger(task) == [("hold", -5)]
    assert await rig.state(task) is TaskState.QUEUED


async def test_the_same_order_twice_is_one_task(rig: Rig) -> None:
    """Discord may repeat an interaction; it is charged once."""
    first = await rig.place(key="interaction:7")
    again = await rig.place(key="interaction:7")

    assert again.id == first.id
    assert await rig.left() == 495


async def test_the_same_order_at_the_same_time_is_one_task(rig: Rig) -> None:
    """Two deliveries of one message at once become one task."""
    order = rig.order(key="message:7")
    views = await asyncio.gather(*(rig.desk.place(order) for _ in range(5)))

    assert len({view.task.id for view in views}) == 1
    assert await rig.left() == 495


async def test_forty_orders_at_once_against_credits_for_ten(rig: Rig) -> None:
    """Exactly ten pass; the others are told what is missing, and nothing is held for them."""
    async with rig.store.write(GUILD) as guild:
        standing = await guild.standing(ADA, frozenset(), now=rig.clock.now())
        assert standing.pool.left == 500
    orders = [rig.order(model="t2v_v3", prompt=f"boat {n}") for n in range(40)]
    results = await asyncio.gather(
        *(rig.desk.place(order) for order in orders), return_exceptions=True
    )

    refused = [result for result in results if isinstance(result, Refused)]
    assert len(refused) == 30
    assert {error.code for error in refused} == {Refusal.POOL_EMPTY}
    assert await rig.left() == 0


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"prompt": "  "}, Refusal.EMPTY_PROMPT),
        ({"prompt": "x" * 10_000}, Refusal.PROMPT_TOO_LONG),
        ({"model": "veo"}, Refusal.UNKNOWN_MODEL),
        ({"model": "i2v"}, Refusal.WRONG_DOOR),
        ({"aspect": "4:3"}, Refusal.WRONG_ASPECT),
    ],
)
async def test_bad_input_holds_nothing(rig: Rig, fields: dict[str, Any], code: Refusal) -> None:
    """Bad input is refused before anything is held."""
    with pytest.raises(Refused) as refused:
        await rig.place(**fields)

    assert refused.value.code is code
    assert await rig.left() == 500


async def test_a_queued_task_is_cancelled_at_once(rig: Rig) -> None:
    """Before it is sent, cancelling costs nothing and no service hears of it."""
    task = await rig.place()
    view = await rig.desk.cancel(rig.caller(), task.id)
    await rig.take(rig.submitter)

    assert view.task.state is TaskState.CANCELLED
    assert view.task.failure is Failure.BY_MEMBER
    assert rig.provider.submitted == []
    assert await rig.left() == 500


@pytest.mark.parametrize("manages", [False, True])
async def test_only_the_requester_or_a_moderator_cancels(rig: Rig, *, manages: bool) -> None:
    """Another member cannot cancel; one who manages messages can."""
    task = await rig.place()
    if manages:
        await rig.desk.cancel(rig.caller(BEN, manages=True), task.id)
        assert await rig.state(task) is TaskState.CANCELLED
    else:
        with pytest.raises(Refused) as refused:
            await rig.desk.cancel(rig.caller(BEN), task.id)
        assert refused.value.code is Refusal.NOT_YOURS


async def test_cancelling_a_waiting_job_asks_the_service(rig: Rig) -> None:
    """A job that waits upstream is cancelled there, and the service's word decides."""
    task = await rig.place()
    await rig.take(rig.submitter)
    view = await rig.desk.cancel(rig.caller(), task.id)
    assert view.task.state is TaskState.SUBMITTED
    await rig.take(rig.poller)

    assert rig.provider.cancelled == ["job-1"]
    assert await rig.state(task) is TaskState.CANCELLED
    assert await rig.left() == 500


async def test_another_servers_task_does_not_exist(rig: Rig) -> None:
    """The id of another server's task is an unknown id."""
    task = await rig.place()
    stranger = rig.caller()
    elsewhere = type(stranger)(GUILD + 1, ADA, frozenset(), manages_messages=True)
    for call in (rig.desk.view, rig.desk.cancel):
        with pytest.raises(Refused) as refused:
            await call(elsewhere, task.id)
        assert refused.value.code is Refusal.UNKNOWN_TASK
