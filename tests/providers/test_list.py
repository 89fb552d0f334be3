"""AI Video Maker's list, read while its bytes arrive in whatever pieces."""

import json
from collections.abc import AsyncIterator, Sequence

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.providers.aivideomaker_list import BITE, LONGEST, BrokenList, stretches
from bot.providers.aivideomaker_tasks import ServiceTask

TASKS = st.lists(st.dictionaries(st.text(max_size=5), st.text(max_size=5), max_size=3), max_size=5)


class Pieces(httpx.AsyncByteStream):
    """A body that arrives in these pieces."""

    def __init__(self, pieces: Sequence[bytes]) -> None:
        self._pieces = pieces

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for piece in self._pieces:
            yield piece


async def read(
    *pieces: bytes, into: list[ServiceTask] | None = None
) -> tuple[list[ServiceTask], bool]:
    """Return the tasks of a list, and whether its last stretch knew that it was the last."""
    tasks, last = [] if into is None else into, False
    async for stretch in stretches(httpx.Response(200, stream=Pieces(pieces))):
        tasks += stretch.tasks
        last = stretch.last
    return tasks, last


@given(tasks=TASKS, data=st.data())
async def test_any_list_in_any_pieces(tasks: list[dict[str, str]], data: st.DataObject) -> None:
    """What comes out is what was put in, wherever the network cuts the text."""
    text = json.dumps({"other": [1], "tasks": tasks, "more": {"tasks": [{}]}}).encode()
    cuts = sorted(data.draw(st.lists(st.integers(0, len(text)), max_size=6)))
    ends = zip((0, *cuts), (*cuts, len(text)), strict=True)
    assert await read(*(text[start:end] for start, end in ends)) == (tasks, True)


async def test_big_piece_is_read_in_bites() -> None:
    """A list that comes at once does not hold the event loop up: others get their turn between."""
    tasks = [{"id": str(number), "prompt": "x" * 1000} for number in range(4 * BITE // 1000)]
    reply = httpx.Response(200, stream=Pieces([json.dumps({"tasks": tasks}).encode()]))
    found = [len(stretch.tasks) async for stretch in stretches(reply)]
    assert sum(found) == len(tasks)
    assert len(found) > 4


@pytest.mark.parametrize(
    ("text", "tasks"),
    [
        ("<html>", []),
        ('{"tasks": [{"id": "1"}, {"id"', [{"id": "1"}]),
        ('{"tasks": [{"id": "1"}, {"id": ]}', [{"id": "1"}]),
        ('{"tasks": [{"id": "1"}, "x"] 3', [{"id": "1"}]),
    ],
)
async def test_what_came_before_the_break_is_kept(text: str, tasks: list[ServiceTask]) -> None:
    """A broken list counts as far as it came."""
    found = list[ServiceTask]()
    with pytest.raises(BrokenList):
        await read(text.encode(), into=found)
    assert found == tasks


async def test_error_in_an_envelope_lists_nothing() -> None:
    """An answer that is a whole object without tasks is an empty list."""
    assert await read(b'{"status": "FAILED"}') == ([], True)


async def test_entry_without_an_end_is_given_up() -> None:
    """A service cannot fill the memory with one entry."""
    piece = b"x" * (LONGEST // 4)
    with pytest.raises(BrokenList):
        await read(b'{"tasks": ["', *[piece] * 5, b'"]}')
