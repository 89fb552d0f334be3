"""What a form was opened on: kept for a day, for its opener, in its server."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.catalog import Door
from bot.domain.draft import DRAFT_LIFE, Draft
from bot.domain.order import Caller
from bot.errors import Refusal, Refused, StoreUnavailable
from bot.pipeline.drafts import Drafts
from tests.pipeline.rig import Rig

GUILD, ADA, BEN = 100, 1, 2


def _draft(rig: Rig) -> Draft:
    return Draft(
        guild_id=GUILD,
        id="0123456789ab",
        member_id=ADA,
        channel_id=7,
        door=Door.LONG,
        pictures=("https://cdn.example/a.png?ex=6553f100", "https://cdn.example/b.png"),
        names=("a.png", "bücher, und mehr.png"),
        expires_at=rig.clock.now() + timedelta(hours=3),
        created_at=rig.clock.now(),
        message_id=8,
        source_member_id=BEN,
        prompt="it\nsails",
    )


async def _code(drafts: Drafts, caller: Caller, draft_id: str) -> Refusal:
    with pytest.raises(Refused) as refused:
        await drafts.find(caller, draft_id)
    return refused.value.code


async def test_a_draft_comes_back_as_it_was_kept(rig: Rig) -> None:
    """Door, addresses, names, instants and words, each as it was."""
    drafts, draft = Drafts(rig.store, rig.clock), _draft(rig)
    await drafts.keep(draft)
    assert await drafts.find(Caller(GUILD, ADA), draft.id) == draft
    assert await drafts.words(Caller(GUILD, ADA), draft.id) == "it\nsails"


async def test_a_draft_is_its_openers_alone(rig: Rig) -> None:
    """Neither somebody else nor another server gets at it."""
    drafts, draft = Drafts(rig.store, rig.clock), _draft(rig)
    await drafts.keep(draft)
    assert await _code(drafts, Caller(GUILD, BEN), draft.id) is Refusal.NOT_YOUR_FORM
    assert await _code(drafts, Caller(GUILD + 1, ADA), draft.id) is Refusal.FORM_GONE
    assert await _code(drafts, Caller(GUILD, ADA), "0" * 12) is Refusal.FORM_GONE
    assert await drafts.words(Caller(GUILD, BEN), draft.id) == ""


async def test_a_draft_is_kept_for_a_day(rig: Rig) -> None:
    """Also where nothing has erased it yet."""
    drafts, draft = Drafts(rig.store, rig.clock), _draft(rig)
    old = replace(draft, created_at=rig.clock.now() - DRAFT_LIFE)
    await drafts.keep(old)
    assert await _code(drafts, Caller(GUILD, ADA), old.id) is Refusal.FORM_GONE


async def test_a_form_does_not_wait_for_a_busy_database(rig: Rig) -> None:
    """Discord waits three seconds for it; the member can be told in time to try again."""
    drafts, draft = Drafts(rig.store, rig.clock, patience=timedelta(0)), _draft(rig)
    async with rig.store.write(GUILD):
        with pytest.raises(StoreUnavailable):
            await drafts.keep(draft)
    await asyncio.wait(asyncio.all_tasks() - {asyncio.current_task()})  # it is kept all the same
    assert await drafts.find(Caller(GUILD, ADA), draft.id) == draft


async def test_no_draft_of_who_has_opted_out(rig: Rig) -> None:
    """Whose picture it is has said no: the asker learns it before typing anything."""
    drafts, draft = Drafts(rig.store, rig.clock), _draft(rig)
    async with rig.store.write(GUILD) as guild:
        await guild.opt_outs.add(BEN, now=rig.clock.now())
    with pytest.raises(Refused) as refused:
        await drafts.keep(draft)
    assert refused.value.code is Refusal.OPTED_OUT
    assert await _code(drafts, Caller(GUILD, ADA), draft.id) is Refusal.FORM_GONE
