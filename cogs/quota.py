"""``/quota``: who may spend how much, for those who manage the server.

Beside the story. Never keeps a figure: rules and ledger are asked for each time.
"""

from typing import Any

import discord
from discord import app_commands
from discord.ext import commands
from typing_extensions import override

from bot.discord_ui import choices
from bot.discord_ui.choices import credits_chosen
from bot.discord_ui.orders import caller_of, roles_of
from bot.discord_ui.statements import credit_statement, history, quota_statement
from bot.discord_ui.words import Say, words_for
from bot.discord_ui.words.figures import Markup, mention
from bot.domain.order import Caller
from bot.domain.quota import Period, Standing
from bot.errors import FieldValue
from bot.pipeline.accounts import Accounts

Press = discord.Interaction[Any]
PERIODS = [app_commands.Choice(name=period.value, value=period.value) for period in Period]


@app_commands.default_permissions(manage_guild=True)
class QuotaCog(commands.GroupCog, group_name="quota", group_description="Who may spend how much"):
    """Rules, grants, and the ledger."""

    def __init__(self, accounts: Accounts) -> None:
        self._accounts = accounts
        super().__init__()

    @override
    async def interaction_check(self, interaction: Press, /) -> bool:
        """Check the permission again: a server can hand the command to anybody."""
        if not interaction.permissions.manage_guild:
            raise app_commands.MissingPermissions(["manage_guild"])
        return True

    @app_commands.command(description="The server's quotas, or one member's credits")
    @app_commands.describe(user="Whose credits; leave empty for the server")
    async def view(self, interaction: Press, user: discord.User | None = None) -> None:
        """Show the server's quotas or a member's standing."""
        caller, words = caller_of(interaction), words_for(interaction.locale.value)
        if user is None:
            standing = await self._accounts.standing(caller)
            rules = await self._accounts.rules(caller.guild_id)
            text = quota_statement(standing, rules, words)
        else:
            standing = await self._standing(caller.guild_id, user)
            text = credit_statement(standing, user.id, words)
        await interaction.response.send_message(text, ephemeral=True)

    @app_commands.command(description="Set the server's credits and how often they renew")
    @app_commands.rename(amount="credits")
    @app_commands.describe(amount="Credits in each period; 0 blocks", period="How often they renew")
    @app_commands.choices(period=PERIODS)
    async def server(self, interaction: Press, amount: int, period: str | None = None) -> None:
        """Set the pool; the answer names the period in force."""
        caller, chosen = caller_of(interaction), Period(period) if period else None
        await self._accounts.set_server(caller, credits_chosen(amount), chosen)
        standing = await self._accounts.standing(caller)
        words = words_for(interaction.locale.value)
        await _done(
            interaction,
            amount,
            words.say(Say.QUOTA_POOL),
            allowance=standing.pool.allowance,
            period=words.periods[standing.period],
        )

    @app_commands.command(description="Set a member's limit, or everyone's")
    @app_commands.rename(amount="credits")
    @app_commands.describe(
        amount="Credits in each period; 0 blocks", user="Whose limit; leave empty for everyone's"
    )
    async def member(
        self, interaction: Press, amount: int, user: discord.User | None = None
    ) -> None:
        """Set a member's limit, or the default."""
        member_id = user.id if user else None
        await self._accounts.set_member(caller_of(interaction), member_id, credits_chosen(amount))
        if user is not None:
            await _done(interaction, amount, mention(user.id))
        else:
            everyone = words_for(interaction.locale.value).say(Say.QUOTA_EVERYONE)
            await _done(interaction, amount, everyone, cleared=Say.QUOTA_NO_LIMIT)

    @app_commands.command(description="Set the limit of everybody with a role")
    @app_commands.rename(amount="credits")
    @app_commands.describe(role="Whose limit", amount="Credits in each period; 0 blocks")
    async def role(self, interaction: Press, role: discord.Role, amount: int) -> None:
        """Set a role's limit; the best of a member's roles counts."""
        await self._accounts.set_role(caller_of(interaction), role.id, credits_chosen(amount))
        await _done(interaction, amount, Markup(role.mention))

    @app_commands.command(description="Give credits on top; they do not expire")
    @app_commands.rename(amount="credits")
    @app_commands.describe(
        amount="How many credits; below zero takes back", user="To whom; leave empty for the server"
    )
    async def grant(
        self, interaction: Press, amount: int, user: discord.User | None = None
    ) -> None:
        """Give credits that outlive the period, or take them back."""
        caller = caller_of(interaction)
        await self._accounts.grant(caller, amount, user.id if user else None)
        if amount < 0:
            what = Say.QUOTA_TAKEN_BACK
        elif user is None or (await self._standing(caller.guild_id, user)).member is not None:
            what = Say.QUOTA_GRANTED
        else:
            what = Say.QUOTA_GRANT_WAITS
        words = words_for(interaction.locale.value)
        subject = mention(user.id) if user else words.say(Say.QUOTA_POOL)
        text = words.say(what, subject=subject, credits=abs(amount))
        await interaction.response.send_message(text, ephemeral=True)

    @app_commands.command(name="history", description="The newest lines of the ledger")
    async def show_history(self, interaction: Press) -> None:
        """Show the ledger's newest rows."""
        entries = await self._accounts.history(caller_of(interaction).guild_id)
        text = history(entries, words_for(interaction.locale.value))
        await interaction.response.send_message(text, ephemeral=True)

    async def _standing(self, guild_id: int, user: discord.User) -> Standing:
        return await self._accounts.standing(Caller(guild_id, user.id, roles_of(user)))

    @server.autocomplete("amount")
    @member.autocomplete("amount")
    @role.autocomplete("amount")
    async def _credits(self, interaction: Press, typed: Any) -> list[app_commands.Choice[int]]:
        return choices.clearing(str(typed), words_for(interaction.locale.value))


async def _done(
    interaction: Press,
    amount: int,
    subject: str,
    *,
    cleared: Say = Say.QUOTA_CLEARED,
    **fields: FieldValue,
) -> None:
    words, chosen = words_for(interaction.locale.value), credits_chosen(amount)
    what = cleared if chosen is None else Say.QUOTA_SET if chosen else Say.QUOTA_BLOCKED
    text = words.say(what, subject=subject, credits=chosen, **fields)
    await interaction.response.send_message(text, ephemeral=True)
