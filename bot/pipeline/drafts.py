"""Step 1's memory: what a form was opened on is written down before the form opens.

The form comes back with nothing but an id, perhaps to another process than the one that opened it.
Never looks at a picture.
"""

import asyncio
from datetime import timedelta

from bot.clock import Clock
from bot.domain.draft import DRAFT_LIFE, Draft
from bot.domain.order import Caller
from bot.errors import Refusal, Refused, StoreUnavailable
from bot.store import Store

PATIENCE = timedelta(seconds=2)
"""Of Discord's three seconds for a form, which cannot be put off with a "thinking"."""


class Drafts:
    """Keeps drafts and hands each to the member who opened it."""

    def __init__(self, store: Store, clock: Clock, patience: timedelta = PATIENCE) -> None:
        self._store = store
        self._clock = clock
        self._patience = patience

    async def keep(self, draft: Draft) -> None:
        """Write down a form that is about to open.

        Raises:
            Refused: whose pictures they are does not want others to animate them.
            StoreUnavailable: it could not be written while there was time.
        """
        writing = asyncio.ensure_future(self._write(draft))
        await asyncio.wait({writing}, timeout=self._patience.total_seconds())
        if not writing.done():
            writing.add_done_callback(_forget)  # a draft without a form is erased in a day
            raise StoreUnavailable("no draft could be written in time")
        writing.result()

    async def _write(self, draft: Draft) -> None:
        async with self._store.write(draft.guild_id) as guild:
            owner = draft.source_member_id
            if owner is not None and await guild.opt_outs.holds(owner):  # the Desk asks again
                raise Refused(Refusal.OPTED_OUT)
            await guild.drafts.add(draft)

    async def find(self, caller: Caller, draft_id: str) -> Draft:
        """Return the draft of a form that its opener has sent.

        Raises:
            Refused: it was kept for too long, or is somebody else's.
        """
        async with self._store.read(caller.guild_id) as guild:
            draft = await guild.drafts.get(draft_id)
        if draft is None or draft.created_at + DRAFT_LIFE <= self._clock.now():
            raise Refused(Refusal.FORM_GONE)
        if draft.member_id != caller.member_id:
            raise Refused(Refusal.NOT_YOUR_FORM)
        return draft

    async def words(self, caller: Caller, draft_id: str) -> str:
        """Return what the member had asked for before; empty where it is no longer kept."""
        try:
            return (await self.find(caller, draft_id)).prompt
        except Refused:
            return ""


def _forget(writing: asyncio.Task[None]) -> None:
    if not writing.cancelled():
        writing.exception()
