"""The picture that a film begins with, where it comes from an earlier task."""

import asyncio
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from bot.domain import encore
from bot.domain.catalog import Door
from bot.domain.order import Order, Source
from bot.domain.task import Task, TaskState
from bot.errors import Gone, Interrupted, Refusal, Refused
from bot.pipeline.ports import Route
from tests.pipeline.doubles import FILM
from tests.pipeline.rig import BEN, GUILD, Rig


class Shop:
    """Downloads that hand out one file, or raise."""

    def __init__(self, content: bytes | Exception) -> None:
        self.content = content
        self.asked: list[str] = []

    async def to_file(self, url: str, into: Path, **_limits: object) -> int:
        self.asked.append(url)
        if isinstance(self.content, Exception):
            raise self.content
        into.write_bytes(self.content)
        return len(self.content)


async def _filmed(rig: Rig) -> Task:
    task = await rig.place()
    await rig.take(rig.submitter)
    await rig.finish(task)
    return await rig.task(task)


def _on(rig: Rig, task: Task, *, model: str = "i2v", member: int = BEN) -> Order:
    asked = replace(rig.order(member), door=Door.IMAGE, prompts=())
    return encore.continued(task, asked, prompt="on", model=model, duration=None)


def _left_over(rig: Rig) -> list[str]:
    """The names of the files that belong to no task's film."""
    root = rig.shelf.film("x").parent.parent
    files = [path for path in root.rglob("*") if path.is_file()]
    return sorted(path.name for path in files if not path.name.endswith(".mp4"))


async def test_the_last_frame_of_a_kept_film(rig: Rig) -> None:
    """It is prepared for the new model, and nothing of the way is left on disk."""
    before = await _filmed(rig)
    view = await rig.desk.place(_on(rig, before))
    name = view.task.picture or ""
    assert (view.task.continues, name) == (before.id, f"{view.task.id}.jpg")
    assert Image.open(BytesIO(await rig.shelf.read_picture(name) or b"")).format == "JPEG"
    assert _left_over(rig) == [name]
    assert view.before is not None
    assert view.before.message_id == before.film_message_id


async def test_the_exact_size_decides_the_shape(rig: Rig) -> None:
    """For a model that wants pixels the frame is cropped, and the task has that shape."""
    view = await rig.desk.place(_on(rig, await _filmed(rig), model="sora-2"))
    data = await rig.shelf.read_picture(view.task.picture or "")
    assert Image.open(BytesIO(data or b"")).size == (1280, 720)
    assert view.task.aspect == "16:9"


async def test_a_film_that_is_only_posted_is_brought_back(rig: Rig) -> None:
    """Its message is asked for a fresh address; the copy does not stay."""
    rig.downloads = Shop(FILM)
    rig.build()
    before = await _filmed(rig)
    rig.shelf.film(before.id).unlink()
    rig.mailbox.film_urls[before.id] = "https://cdn/fresh.mp4"
    view = await rig.desk.place(_on(rig, before))
    assert rig.downloads.asked == ["https://cdn/fresh.mp4"]
    assert _left_over(rig) == [view.task.picture]
    assert not rig.shelf.film(before.id).exists()


@pytest.mark.parametrize(
    ("posted", "content", "code"),
    [
        (False, FILM, Refusal.FILM_GONE),
        (True, Gone("HTTP 404"), Refusal.FILM_GONE),
        (True, b"\x00\x00\x00\x18ftypisom" + bytes(100), Refusal.FILM_GONE),
        (True, Interrupted("HTTP 503"), Refusal.BUSY),
    ],
)
async def test_a_film_that_cannot_be_had(
    rig: Rig, posted: bool, content: bytes | Exception, code: Refusal
) -> None:
    """Gone for good or only for now: the member is told which; no hold, no file."""
    rig.downloads = Shop(content)
    rig.build()
    before = await _filmed(rig)
    rig.shelf.film(before.id).unlink()
    if posted:
        rig.mailbox.film_urls[before.id] = "https://cdn/fresh.mp4"
    left = await rig.left()
    with pytest.raises(Refused) as told:
        await rig.desk.place(_on(rig, before))
    assert told.value.code is code
    assert await rig.left() == left
    assert _left_over(rig) == []


async def test_a_film_is_at_hand_before_it_is_delivered(rig: Rig) -> None:
    """Its message, with the button, is there a moment before the row says so."""
    task = await rig.place()
    await rig.take(rig.submitter)
    rig.mailbox.open_routes = [Route.REPLY]
    await rig.finish(task)
    early = replace(await rig.task(task), state=TaskState.RENDERED, film_message_id=None)
    assert (await rig.desk.place(_on(rig, early))).task.continues == task.id


async def test_an_earlier_picture_is_taken_over_and_stays(rig: Rig) -> None:
    """Both tasks have a picture of their own; without the first one's file it is gone."""
    before = await _filmed(rig)
    first = (await rig.desk.place(_on(rig, before))).task
    await rig.desk.shown(first, message_id=77)
    again = encore.again(first, rig.order(BEN), rig.desk.catalog)
    second = (await rig.desk.place(again)).task
    assert first.picture != second.picture
    assert (await rig.shelf.read_picture(second.picture or "")) is not None
    assert (await rig.shelf.read_picture(first.picture or "")) is not None


async def test_a_lost_picture_of_a_continued_film_is_taken_from_the_film_once_more(
    rig: Rig,
) -> None:
    """What began with a film's last picture can begin with it again."""
    before = await _filmed(rig)
    first = (await rig.desk.place(_on(rig, before))).task
    rig.shelf.picture(first.picture or "").unlink()
    second = (await rig.desk.place(encore.again(first, rig.order(BEN), rig.desk.catalog))).task
    assert (await rig.shelf.read_picture(second.picture or "")) is not None


async def test_another_servers_task_is_out_of_reach(rig: Rig) -> None:
    """An id of a film in another server opens nothing here."""
    order = replace(_on(rig, await _filmed(rig)), guild_id=GUILD + 1)
    with pytest.raises(Refused) as told:
        await rig.desk.place(order)
    assert told.value.code is Refusal.UNKNOWN_TASK


async def test_a_source_that_said_no_is_heard_before_the_form_opens(rig: Rig) -> None:
    """Nobody types in vain; the source themselves may go on."""
    before = await _filmed(rig)
    order = replace(_on(rig, before), source=Source(40, 7))
    first = (await rig.desk.place(order)).task
    async with rig.store.write(GUILD) as guild:
        await guild.opt_outs.add(40, now=rig.clock.now())
    with pytest.raises(Refused) as told:
        await rig.encores.task(rig.caller(BEN), first.id)
    assert told.value.code is Refusal.OPTED_OUT
    assert await rig.encores.task(rig.caller(40), first.id) == first


async def test_many_at_once_are_decoded_one_after_the_other(rig: Rig) -> None:
    """A crowd that presses *Continue* gets its films, each its own picture."""
    before = await _filmed(rig)
    views = await asyncio.gather(*(rig.desk.place(_on(rig, before)) for _ in range(5)))
    assert len({view.task.picture for view in views}) == 5


async def test_an_order_that_was_taken_needs_its_picture_no_more(rig: Rig) -> None:
    """Sent twice, the second time too late for the picture: it is the same task, not a refusal."""
    before = await _filmed(rig)
    order = _on(rig, before)
    first = (await rig.desk.place(order)).task
    rig.shelf.film(before.id).unlink()
    rig.mailbox.film_urls.clear()
    assert (await rig.desk.place(order)).task.id == first.id
    assert (await rig.shelf.read_picture(first.picture or "")) is not None
