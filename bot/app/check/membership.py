"""Is the token good, may the bot read messages, and may it do its work in each server?

Part of ``python -m bot check``. Asks Discord's REST only: the gateway would announce the bot.
"""

from collections.abc import Mapping, Sequence

import discord
import httpx

from bot.app.check.findings import Finding, good, note, wrong
from bot.errors import ConfigurationError, Unreachable
from bot.net.application import Application, Membership, read_application, read_memberships
from bot.settings import Settings

NEEDED: Mapping[str, str] = {
    "view_channel": "View Channels",
    "send_messages": "Send Messages",
    "send_messages_in_threads": "Send Messages in Threads",
    "attach_files": "Attach Files",
    "read_message_history": "Read Message History",
}
"""What a film's way into a channel needs: the library's names, and those of Discord's settings."""


async def check_discord(settings: Settings, http: httpx.AsyncClient) -> Sequence[Finding]:
    """Return the findings about the token, the intent and every server."""
    url, token = settings.discord_api_url, settings.discord_token.get_secret_value()
    findings: list[Finding] = []
    try:
        application = await read_application(http, url, token)
        who = f"{application.name} (application {application.id})"
        findings.append(good(f"Discord: the token is good; this is {who}"))
        findings.append(_message_content(settings, application))
        guilds = await read_memberships(http, url, token)
        findings += [_guild(guild) for guild in guilds] or [_nowhere(application)]
    except ConfigurationError as error:
        findings.append(wrong(str(error)))
    except Unreachable as error:
        remedy = "Check the network, and DISCORD_API_URL if you set it."
        findings.append(wrong(f"{error}. {remedy}"))
    return findings


def _message_content(settings: Settings, application: Application) -> Finding:
    if settings.message_content == "off":
        return good("Message content: not asked for (MESSAGE_CONTENT=off)")
    if application.reads_messages:
        return good("Message content: the intent is on")
    remedy = "switch it on in the developer portal (Bot → Message Content Intent)"
    if settings.message_content == "on":
        return wrong(
            "Message content: the intent is off, and MESSAGE_CONTENT=on needs it: "
            f"{remedy}, or set MESSAGE_CONTENT=auto."
        )
    return note(
        "Message content: the intent is off. Who replies to another person's picture will be "
        f"pointed to the menu instead. To allow such replies, {remedy}."
    )


def _guild(guild: Membership) -> Finding:
    held = discord.Permissions(guild.permissions)
    missing = [title for name, title in NEEDED.items() if not getattr(held, name)]
    if held.administrator or not missing:
        return good(f'Server "{guild.name}": all permissions')
    return wrong(
        f'Server "{guild.name}": missing {", ".join(missing)}. '
        "Give them to the bot's role in Server Settings → Roles."
    )


def _nowhere(application: Application) -> Finding:
    invitation = discord.utils.oauth_url(
        application.id, permissions=discord.Permissions(**dict.fromkeys(NEEDED, True))
    )
    return note(f"Discord: the bot is in no server yet. Invite it: {invitation}")
