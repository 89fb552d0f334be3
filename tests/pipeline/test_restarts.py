"""A process can die between any two steps: one upstream job, one film, one charge."""

import pytest

from bot.domain.task import TaskState
from bot.providers.base import JobStatus
from tests.pipeline.rig import GUILD, Rig

STEPS = ("submitter", "poller", "courier")


@pytest.mark.parametrize("die_after", range(9))
async def test_death_between_any_two_steps(rig: Rig, die_after: int) -> None:
    """After a restart the story goes on from the rows alone."""
    task = await rig.place()
    taken = 0
    for turn in range(3):
        if turn == 1:
            rig.provider.now_is("job-1", JobStatus.DONE, result_url="https://cdn/film.mp4")
        for name in STEPS:
            if taken == die_after:
                await rig.restart()
                await rig.take(rig.recovery)
            await rig.take(getattr(rig, name))
            taken += 1

    assert len(rig.provider.submitted) == 1
    assert len(rig.mailbox.films) == 1
    assert await rig.state(task) is TaskState.DELIVERED
    assert await rig.ledger(task) == [("hold", -5), ("settle", 0)]


async def test_death_while_the_create_is_under_way(rig: Rig) -> None:
    """Whether the service got it is not known: it is looked for and not sent again."""
    task = await rig.place()
    async with rig.store.write(GUILD) as guild:
        await guild.move(task.id, TaskState.SENDING, now=rig.clock.now())
    await rig.restart()
    await rig.take(rig.submitter, rig.search, rig.poller, rig.courier, rig.recovery)

    assert rig.provider.submitted == []
    assert await rig.state(task) is TaskState.UNCONFIRMED


async def test_death_between_upload_and_bookkeeping(rig: Rig) -> None:
    """The film is in the channel, the row does not know: it is found, not posted again."""
    task = await rig.place()
    await rig.take(rig.submitter)
    rig.provider.now_is("job-1", JobStatus.DONE, result_url="https://cdn/film.mp4")
    await rig.take(rig.poller)
    path = rig.shelf.film(task.id)
    await rig.provider.fetch("job-1", None, path)
    async with rig.store.write(GUILD) as guild:
        noted = await guild.note(
            task.id, film=path.name, film_bytes=412, delivering_since=rig.clock.now()
        )
    assert noted is not None
    await rig.mailbox.post(noted, path, (await rig.mailbox.routes(noted))[0])
    await rig.restart()
    await rig.take(rig.courier)

    assert len(rig.mailbox.films) == 1
    assert await rig.state(task) is TaskState.DELIVERED
