"""Every button and form of the ways in works after a restart of the bot."""

import asyncio
from collections.abc import AsyncIterator, Coroutine, Iterable
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeVar

import pytest

from bot.discord_ui.buttons import BUTTONS
from bot.discord_ui.forms import VERBS
from sandbox.discord import Call, Form, Message
from sandbox.services import FOREVER, Films, Pace, Scenario
from tests.media.films import film
from tests.story.world import PATIENCE, World, card_of, open_world
from tests.ways.corner import FITTED, WAITING, Corner
from tests.ways.relics import FILM, FORM, RELICS, Relic

T = TypeVar("T")

AT_ONCE = 4
"""Relics left or used at a time."""


@pytest.fixture
async def world(tmp_path: Path, films: Films) -> AsyncIterator[World]:
    """Open a world with a fate for each prompt; Discord hides pictures in it."""
    large = film(tmp_path / "large.mp4", size=(160, 160), seconds=4, noise=True, key_every=6)
    fitted = Scenario(film=large.read_bytes())
    limit = large.stat().st_size * 6 // 7  # the next smaller copy passes
    async with open_world(
        tmp_path,
        films=films,
        upload_limit=limit,
        message_content=False,
        ack_deadline=timedelta(minutes=1),
    ) as opened:
        opened.aivideomaker.script(fitted, matching=FITTED)
        opened.aivideomaker.script(Scenario(pace=Pace(queued=FOREVER)), matching=WAITING)
        opened.apigo.script(Scenario(fails="no luck"))
        yield opened


async def test_what_was_left_before_a_restart_is_used_after_it(world: World) -> None:
    """All of them at once; the tokens of all that was said before are dead by then."""
    corners = [_corner(world) for _ in RELICS]
    async with world.bot():
        left = await _few_at_a_time(
            relic.left(at) for relic, at in zip(RELICS, corners, strict=True)
        )
    verbs = {relic.verb_of(thing) for relic, thing in zip(RELICS, left, strict=True)}
    world.discord.expire_tokens()
    async with world.bot():
        ends = await _few_at_a_time(_end(*use) for use in zip(RELICS, corners, left, strict=True))
    names = [relic.name for relic in RELICS]
    assert dict(zip(names, ends, strict=True)) == {relic.name: relic.end for relic in RELICS}
    assert verbs == VERBS | {button.pattern.split(":")[1] for button in BUTTONS}


def _corner(world: World) -> Corner:
    return Corner(world, world.guild.add_channel("corner"), world.guild.add_member("Owner"))


async def _few_at_a_time(acts: Iterable[Coroutine[Any, Any, T]]) -> list[T]:
    gate = asyncio.Semaphore(AT_ONCE)

    async def in_turn(act: Coroutine[Any, Any, T]) -> T:
        async with gate:
            return await act

    return await asyncio.gather(*(in_turn(act) for act in acts))


async def _end(relic: Relic, corner: Corner, left: Message | Form) -> str:
    """Use a relic; return its end, or what comes instead."""
    member = corner.owner if relic.by_owner else corner.world.ada
    if isinstance(left, Form):
        call = await member.submit(left, relic.answers)
    else:
        call = await member.click(left, relic.label)
    if relic.end == FORM:
        return FORM if call.modal else call.text
    if relic.end == FILM:
        await corner.world.film_of(card_of(await call.answered(PATIENCE)))
        return FILM
    return await _words(relic.end, call, left)


async def _words(wanted: str, call: Call, left: Message | Form) -> str:
    """Wait for words in an answer, or on the message that was pressed."""
    pressed = left if isinstance(left, Message) else None
    with suppress(TimeoutError):
        await call.until(
            lambda seen: wanted in seen.text or (pressed is not None and wanted in pressed.text),
            PATIENCE,
        )
        return wanted
    return call.text
