"""Step 2: the Desk takes an order: is it allowed, what does it cost, are there credits?

Yes: a task and its hold, written in one transaction. No: a refusal that says what to do. Never
sends anything to a video service; a picture is brought and checked before credits are held.
"""

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime

from bot.clock import Clock
from bot.domain.catalog import Catalog, Door
from bot.domain.order import Brief, Caller, Order, brief
from bot.domain.task import Task, TaskState, new_task_id
from bot.errors import BrokenInvariant, Refusal, Refused
from bot.pipeline.cancelling import cancel
from bot.pipeline.cards import Cards
from bot.pipeline.films import Films, Handout
from bot.pipeline.openings import Openings
from bot.pipeline.ports import CardView
from bot.pipeline.shelf import Shelf
from bot.providers.base import Provider
from bot.store import GuildStore, Store


class Desk:
    """Where orders are placed, cancelled and looked up."""

    def __init__(
        self,
        *,
        store: Store,
        catalog: Catalog,
        providers: Mapping[str, Provider],
        openings: Openings,
        shelf: Shelf,
        films: Films,
        cards: Cards,
        clock: Clock,
        wake: Callable[[str], None],
    ) -> None:
        """Take the parts; ``wake`` is called with a provider's name when it has work."""
        self.catalog = catalog
        self._store = store
        self._providers = providers
        self._openings = openings
        self._shelf = shelf
        self._films = films
        self._cards = cards
        self._clock = clock
        self._wake = wake

    async def place(self, order: Order) -> CardView:
        """Check, price, hold and record an order; the same order twice is the same task.

        Raises:
            Refused: with what to do instead; nothing is held.
        """
        plan = brief(order, self.catalog)
        task = _task(order, plan, self._clock.now())
        if order.door is Door.TEXT:
            recorded = await self._hold(order, task)
        else:
            known = await self._known_or_affordable(order, plan)
            recorded = known or await self._hold_with_picture(order, plan, task)
        return await self._cards.view(recorded)

    async def _hold_with_picture(self, order: Order, plan: Brief, task: Task) -> Task:
        task, recorded = await self._with_picture(task, order, plan), None
        try:
            recorded = await self._hold(order, task)
            return recorded
        finally:
            if task.picture and (recorded is None or recorded.id != task.id):
                await self._shelf.discard([self._shelf.picture(task.picture)])

    async def _with_picture(self, task: Task, order: Order, plan: Brief) -> Task:
        name, picture = await self._openings.bring(order, plan.model, task.id)
        size = (picture.width, picture.height)
        aspects = [aspect for aspect in plan.model.sizes if plan.model.size(aspect) == size]
        return replace(task, picture=name, aspect=aspects[0] if aspects else task.aspect)

    async def _known_or_affordable(self, order: Order, plan: Brief) -> Task | None:
        """Return what the order has become already, before a picture is fetched in vain.

        Raises:
            Refused: it is new, and cannot be paid or is not wanted.
        """
        async with self._store.read(order.guild_id) as guild:
            known = await guild.task_by_order(order.key)
            if known is None:
                await _expect_consent(guild, order)
                now = self._clock.now()
                standing = await guild.standing(order.member_id, order.role_ids, now=now)
                standing.draw(plan.cost)
        return known

    async def _hold(self, order: Order, task: Task) -> Task:
        async with self._store.write(order.guild_id) as guild:
            known = await guild.task_by_order(order.key)
            if known is not None:
                return known
            await _expect_consent(guild, order)
            now = self._clock.now()  # not before the picture was brought: a card is waited for
            standing = await guild.standing(order.member_id, order.role_ids, now=now)
            task = replace(task, created_at=now)
            await guild.add(task, standing.draw(task.cost), now=now)
        return task

    async def shown(
        self,
        task: Task,
        *,
        message_id: int,
        token: str | None = None,
        token_expires_at: datetime | None = None,
    ) -> None:
        """Remember the message that is the task's card: from here on it may be sent."""
        async with self._store.write(task.guild_id) as guild:
            stored = await guild.note(
                task.id,
                card_message_id=message_id,
                token=token,
                token_expires_at=token_expires_at,
            )
        if stored is None:
            message = f"task {task.id} has a card but no row"
            raise BrokenInvariant(message)
        if stored.state is not TaskState.QUEUED:  # its card came so late that it was cancelled
            await self._cards.refresh(stored)
        self._wake(task.provider)

    async def cancel(self, caller: Caller, task_id: str) -> CardView:
        """Cancel at once what was not sent yet; ask the service for what it has not begun.

        Raises:
            Refused: unknown, not theirs, ended, or too late.
        """
        task = await self._task(caller, task_id)
        if task.member_id != caller.member_id and not caller.manages_messages:
            raise Refused(Refusal.NOT_YOURS, task_id=task.id)
        async with self._store.write(caller.guild_id) as guild:
            changed = await cancel(
                guild, self._providers, task.id, by=caller.member_id, now=self._clock.now()
            )
        await self._cards.refresh(changed)
        self._wake(changed.provider)  # those behind it move up
        return await self._cards.view(changed)

    async def view(self, caller: Caller, task_id: str) -> CardView:
        """Return what the card of one of the server's tasks shows.

        Raises:
            Refused: no such task in this server.
        """
        return await self._cards.view(await self._task(caller, task_id))

    async def recent(self, caller: Caller, *, limit: int = 10) -> list[Task]:
        """Return the caller's own tasks, newest first."""
        async with self._store.read(caller.guild_id) as guild:
            return await guild.tasks_of(caller.member_id, limit=limit)

    @asynccontextmanager
    async def handout(self, task: Task, *, max_bytes: int) -> AsyncIterator[Handout | None]:
        """Lend the task's film in files of at most ``max_bytes``; ``None``: no longer on disk.

        Raises:
            Refused: it was taken down while the files were made.
            FilmTooLarge: it cannot be made so small.
            WrongContent: it breaks off in the middle.
        """
        async with self._films.handout(task, max_bytes=max_bytes) as handout:
            async with self._store.read(task.guild_id) as guild:
                now = await guild.task(task.id)
            if now is not None and now.withdrawn and not task.withdrawn:
                raise Refused(Refusal.TAKEN_DOWN, task_id=task.id)
            yield handout

    async def _task(self, caller: Caller, task_id: str) -> Task:
        async with self._store.read(caller.guild_id) as guild:
            task = await guild.task(task_id.strip().lower())
        if task is None:
            raise Refused(Refusal.UNKNOWN_TASK, task_id=task_id[:40])
        return task


async def _expect_consent(guild: GuildStore, order: Order) -> None:
    """Refuse what is made from a picture of somebody who does not want that.

    Raises:
        Refused: they said no, to this film or to all.
    """
    source = order.somebody_elses
    if source is not None and await guild.opt_outs.holds(source.member_id):
        raise Refused(Refusal.OPTED_OUT)
    for earlier_id in filter(None, (order.picture_of, order.continues)):
        earlier = await guild.task(earlier_id)
        if earlier is not None and earlier.withdrawn:
            raise Refused(Refusal.TAKEN_DOWN, task_id=earlier_id)


def _task(order: Order, plan: Brief, now: datetime) -> Task:
    source = order.somebody_elses
    return Task(
        guild_id=order.guild_id,
        id=new_task_id(),
        order_key=order.key,
        channel_id=order.channel_id,
        member_id=order.member_id,
        model=plan.model.name,
        provider=plan.model.provider,
        door=order.door.value,
        prompts=plan.prompts,
        aspect=plan.aspect,
        duration=plan.duration,
        cost=plan.cost,
        state=TaskState.QUEUED,
        created_at=now,
        locale=order.locale,
        source_member_id=source.member_id if source else None,
        source_message_id=source.message_id if source else None,
        continues=order.continues,
    )
