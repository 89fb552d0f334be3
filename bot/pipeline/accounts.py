"""Quotas and the ledger as members and admins ask for them.

Beside the story: what ``/quota`` and ``/video credits`` call. Never decides who may call it: the
doors do.
"""

from bot.clock import Clock
from bot.domain.order import Caller
from bot.domain.quota import LedgerEntry, LedgerKind, Period, Rule, Standing
from bot.errors import Refusal, Refused
from bot.store import Store

MOST_CREDITS = 1_000_000_000


class Accounts:
    """Reads and changes quotas, and reads the ledger."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def standing(self, caller: Caller) -> Standing:
        """Return what a member has, held, spent and left now."""
        async with self._store.read(caller.guild_id) as guild:
            return await guild.standing(caller.member_id, caller.role_ids, now=self._clock.now())

    async def rules(self, guild_id: int) -> list[Rule]:
        """Return the server's quotas."""
        async with self._store.read(guild_id) as guild:
            return await guild.rules()

    async def set_server(self, caller: Caller, credits: int | None, period: Period | None) -> None:
        """Set the pool for each period; ``None`` credits go back to the default, period included.

        Without a ``period`` the one that was set before stays.
        """
        if credits is None:
            period = None
        elif period is None:
            rules = await self.rules(caller.guild_id)
            period = next((rule.period for rule in rules if rule.subject == "server"), None)
        await self._set(caller, "server", 0, credits, period)

    async def set_member(self, caller: Caller, member_id: int | None, credits: int | None) -> None:
        """Set one member's limit, or everyone's default; ``None`` credits clears it."""
        if member_id is None:
            await self._set(caller, "default", 0, credits)
        else:
            await self._set(caller, "member", member_id, credits)

    async def set_role(self, caller: Caller, role_id: int, credits: int | None) -> None:
        """Set the limit of a role's members; ``None`` credits clears it."""
        await self._set(caller, "role", role_id, credits)

    async def grant(self, caller: Caller, credits: int, member_id: int | None) -> None:
        """Give credits to the pool or to one member's limit; they outlive the period.

        Below zero takes back, at most what is left of all grants there.

        Raises:
            Refused: not a number of credits that can be given or taken back.
        """
        async with self._store.write(caller.guild_id) as guild:
            left = await guild.granted(member_id)
            if credits == 0 or not -left <= credits <= MOST_CREDITS:
                raise Refused(Refusal.WRONG_GRANT, limit=MOST_CREDITS, left=left)
            await guild.grant(
                credits=credits,
                member_id=member_id,
                actor_id=caller.member_id,
                now=self._clock.now(),
            )

    async def history(self, guild_id: int, *, limit: int = 20) -> list[LedgerEntry]:
        """Return the ledger's newest rows, newest first; settlements, which move nothing, aside."""
        async with self._store.read(guild_id) as guild:
            return await guild.history(limit=limit, without=[LedgerKind.SETTLE])

    async def _set(
        self,
        caller: Caller,
        subject: str,
        subject_id: int,
        credits: int | None,
        period: Period | None = None,
    ) -> None:
        if credits is not None and not 0 <= credits <= MOST_CREDITS:
            raise Refused(Refusal.WRONG_CREDITS, limit=MOST_CREDITS)
        rule = Rule(subject, subject_id, credits, period, caller.member_id, self._clock.now())
        async with self._store.write(caller.guild_id) as guild:
            await guild.set_rule(rule)
