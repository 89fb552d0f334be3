"""Stands in for Discord's JSON of servers and of the application, the largest things it writes.

What this Discord has no use for is written as absent, as an empty server would show it.
"""

from typing import TYPE_CHECKING, Final

from sandbox.discord.snowflakes import born
from sandbox.discord.world import payloads
from sandbox.discord.world.events import Json

if TYPE_CHECKING:
    from sandbox.discord.driver.members import Member
    from sandbox.discord.world.guilds import Guild
    from sandbox.discord.world.world import World

_MESSAGE_CONTENT_LIMITED, _MEMBERS_LIMITED = 1 << 19, 1 << 15
_BOOSTS_OF_TIER = (0, 2, 7, 14)

_BARE_GUILD: Final[Json] = {
    **dict.fromkeys(("icon", "description", "home_header", "splash", "discovery_splash", "banner")),
    **dict.fromkeys(("system_channel_id", "widget_channel_id", "rules_channel_id")),
    **dict.fromkeys(("afk_channel_id", "safety_alerts_channel_id", "public_updates_channel_id")),
    **dict.fromkeys(("application_id", "vanity_url_code", "max_presences", "incidents_data")),
    **dict.fromkeys(("system_channel_flags", "mfa_level", "verification_level"), 0),
    **dict.fromkeys(("explicit_content_filter", "default_message_notifications", "nsfw_level"), 0),
    **dict.fromkeys(("widget_enabled", "premium_progress_bar_enabled", "nsfw"), False),
    "features": [],
    "emojis": [],
    "stickers": [],
    "region": "deprecated",
    "preferred_locale": "en-US",
    "afk_timeout": 300,
    "max_members": 500_000,
    "max_stage_video_channel_users": 50,
    "max_video_channel_users": 25,
}

_BARE_APPLICATION: Final[Json] = {
    **dict.fromkeys(("icon", "type", "team", "interactions_endpoint_url")),
    **dict.fromkeys(("role_connections_verification_url",)),
    **dict.fromkeys(("bot_public", "bot_require_code_grant"), False),
    **dict.fromkeys(("approximate_user_install_count", "explicit_content_filter"), 0),
    **dict.fromkeys(("approximate_user_authorization_count",), 0),
    "description": "",
    "redirect_uris": [],
    "eligible_oauth2_scopes": [],
}


def guild(one: "Guild") -> Json:
    """Write a server as REST shows it."""
    return {
        **_BARE_GUILD,
        "id": str(one.id),
        "name": one.name,
        "owner_id": str(one.owner_id),
        "roles": [payloads.role(each) for each in one.roles.values()],
        "premium_tier": one.boost_tier,
        "premium_subscription_count": _BOOSTS_OF_TIER[one.boost_tier],
    }


def own_guild(me: "Member") -> Json:
    """Write a server as the list of the bot's own servers shows it.

    The permissions are those of the roles: no channel's overwrites, nothing that follows from
    being an administrator.
    """
    granted = me.guild.everyone.permissions
    for role in me.roles:
        granted |= role.permissions
    return {
        "id": str(me.guild.id),
        "name": me.guild.name,
        "icon": None,
        "banner": None,
        "owner": me.guild.owner_id == me.id,
        "permissions": str(int(granted)),
        "features": [],
    }


def joined_guild(one: "Guild") -> Json:
    """Write a server as the gateway shows one the bot joins: with channels, threads, members."""
    unused = ("presences", "voice_states", "stage_instances", "guild_scheduled_events")
    return {
        **guild(one),
        **{key: [] for key in unused},
        "large": False,
        "member_count": len(one.members),
        "joined_at": born(one.id).isoformat(),
        "channels": [payloads.channel(each) for each in one.channels],
        "threads": [payloads.channel(each) for each in one.threads],
        "members": [payloads.member(each) for each in one.members.values()],
    }


def known_guild(one: "Guild") -> Json:
    """Write a server as the gateway shows one the bot was in before it connected."""
    return {**joined_guild(one), "unavailable": False}


def application(world: "World") -> Json:
    """Write the bot's application, with the privileged intents switched on for it."""
    flags = application_flags(world)
    return {
        **_BARE_APPLICATION,
        "id": str(world.bot.id),
        "name": world.bot.name,
        "verify_key": world.verify_key,
        "flags": flags,
        "flags_new": str(flags),
        "owner": payloads.user(world.bot),
        "bot": payloads.user(world.bot),
        "approximate_guild_count": sum(guild.me is not None for guild in world.guilds.values()),
    }


def application_flags(world: "World") -> int:
    """Return the flags that tell which privileged intents are switched on."""
    settings = world.settings
    flags = _MESSAGE_CONTENT_LIMITED if settings.message_content else 0
    return flags | (_MEMBERS_LIMITED if settings.members_intent else 0)
