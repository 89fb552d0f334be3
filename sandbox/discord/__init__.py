"""A stand-in Discord on loopback, to which the real discord.py connects: REST, gateway and CDN.

Strict where Discord is strict, from its documents; it imports neither the bot nor discord.py. Tests
and the sandbox play the members through `Discord`, `Guild`, `Channel`, `Member`, `Message`, `Call`.
"""

from sandbox.discord.driver.calls import Call, Choice
from sandbox.discord.driver.forms import Field, Form
from sandbox.discord.driver.members import Member
from sandbox.discord.driver.mistakes import Unanswered, Unplayable
from sandbox.discord.faults import Answer, Delay, Drop, Fault, Faults, Reset
from sandbox.discord.permissions import EVERYTHING, ORDINARY, Permissions
from sandbox.discord.rest.exchange import Exchange
from sandbox.discord.server import Discord
from sandbox.discord.settings import Limit, Limits
from sandbox.discord.uploads import Upload
from sandbox.discord.world.attachments import Attachment
from sandbox.discord.world.avatars import Avatar
from sandbox.discord.world.changes import Change
from sandbox.discord.world.channels import Channel
from sandbox.discord.world.guilds import Guild, Role
from sandbox.discord.world.messages import Message
from sandbox.discord.world.ornaments import Emoji, Preview, Sticker, StickerFormat
from sandbox.discord.world.people import User
from sandbox.discord.world.reading import Control

__all__ = [
    "EVERYTHING",
    "ORDINARY",
    "Answer",
    "Attachment",
    "Avatar",
    "Call",
    "Change",
    "Channel",
    "Choice",
    "Control",
    "Delay",
    "Discord",
    "Drop",
    "Emoji",
    "Exchange",
    "Fault",
    "Faults",
    "Field",
    "Form",
    "Guild",
    "Limit",
    "Limits",
    "Member",
    "Message",
    "Permissions",
    "Preview",
    "Reset",
    "Role",
    "Sticker",
    "StickerFormat",
    "Unanswered",
    "Unplayable",
    "Upload",
    "User",
]
