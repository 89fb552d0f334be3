"""Step 2: the Desk takes an order: is it allowed, what does it cost, are there credits?

Yes: a task and its hold, written in one transaction. No: a refusal that says what to do. Never
sends anything to a video service; a picture is brought and checked before credits are held.
"""

from collections.abc import Callable, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import replace
from datetime import datetime

from bot.clock import Clock
from bot.domain.catalog import Catalog, Door
from bot.domain.order import Brief, Caller, Order, brief
from bot.domain.task import ENDED, Task, TaskState, new_task_id
from bot.errors import BrokenInvariant, Failure, Refusal, Refused
from bot.pipeline.cards import Cards
from bot.pipeline.films import Films, Handout
from bot.pipeline.pictures import Pictures
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
        pictures: Pictures,
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
        self._pictures = pictures
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
        if order.door is not Door.TEXT:
            task = await self._with_picture(task, order, plan)
        recorded = None
        try:
            recorded = await self._hold(order, task)
        finally:
            if task.picture and (recorded is None or recorded.id != task.id):
                await self._shelf.discard([self._shelf.picture(task.picture)])
        return await self._cards.view(recorded)

    async def _with_picture(self, task: Task, order: Order, plan: Brief) -> Task:
        if order.picture_url is None:
            raise Refused(Refusal.NO_PICTURE)
        await self._expect_credits(order, plan)
        name, picture = await self._pictures.bring(order.picture_url, plan.model, task.id)
        size = (picture.width, picture.height)
        aspects = [aspect for aspect in plan.model.sizes if plan.model.size(aspect) == size]
        return replace(task, picture=name, aspect=aspects[0] if aspects else task.aspect)

    async def _expect_credits(self, order: Order, plan: Brief) -> None:
        """Refuse what cannot be paid before a picture is fetched in vain."""
        async with self._store.read(order.guild_id) as guild:
            known = await guild.task_by_order(order.key)
            if known is None:
                now = self._clock.now()
                standing = await guild.standing(order.member_id, order.role_ids, now=now)
                standing.draw(plan.cost)

    async def _hold(self, order: Order, task: Task) -> Task:
        async with self._store.write(order.guild_id) as guild:
            known = await guild.task_by_order(order.key)
            if known is not None:
                return known
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
            changed = await self._withdraw(guild, caller, task.id)
        await self._cards.refresh(changed)
        await self._cards.refresh_queue(changed.provider)  # those behind it move up
        self._wake(changed.provider)
        return await self._cards.view(changed)

    async def _withdraw(self, guild: GuildStore, caller: Caller, task_id: str) -> Task:
        """Cancel what was not sent; else write the wish down, for the Poller to carry out."""
        task = await guild.task(task_id)
        if task is not None and task.state is TaskState.QUEUED and not task.in_doubt:
            task = await guild.move(
                task_id,
                TaskState.CANCELLED,
                now=self._clock.now(),
                failure=Failure.BY_MEMBER,
                cancel_asked_by=caller.member_id,
            )
        elif task is not None and task.state is TaskState.SUBMITTED:
            provider = self._providers.get(task.provider)
            if provider is None or not provider.can_cancel:
                raise Refused(Refusal.CANNOT_CANCEL, task_id=task_id)
            task = await guild.note(task_id, cancel_asked_by=caller.member_id)
        elif task is not None:
            raise _no_longer_cancelled(task)
        if task is None:
            raise Refused(Refusal.UNKNOWN_TASK, task_id=task_id)
        return task

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

    def handout(self, task: Task, *, max_bytes: int) -> AbstractAsyncContextManager[Handout | None]:
        """Lend the task's film in files of at most ``max_bytes``; ``None``: no longer on disk.

        Raises:
            FilmTooLarge: it cannot be made so small.
            WrongContent: it breaks off in the middle.
        """
        return self._films.handout(task, max_bytes=max_bytes)

    async def _task(self, caller: Caller, task_id: str) -> Task:
        async with self._store.read(caller.guild_id) as guild:
            task = await guild.task(task_id.strip().lower())
        if task is None:
            raise Refused(Refusal.UNKNOWN_TASK, task_id=task_id[:40])
        return task


def _no_longer_cancelled(task: Task) -> Refused:
    """Return why a task is past cancelling, or not yet there again."""
    if task.shown_state in ENDED:
        return Refused(Refusal.ALREADY_ENDED, task_id=task.id, state=task.shown_state.value)
    if task.state is TaskState.UNCONFIRMED or task.in_doubt:
        return Refused(Refusal.NOT_KNOWN_YET, task_id=task.id)
    return Refused(Refusal.TOO_LATE, task_id=task.id)


def _task(order: Order, plan: Brief, now: datetime) -> Task:
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
    )
