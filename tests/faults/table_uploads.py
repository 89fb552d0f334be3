"""Rows of step 5, its second half: the film is made to fit, posted, and posted only once."""

import errno
from typing import Any

from bot.domain.task import TaskState
from bot.media.videos import fit
from sandbox.discord import Answer, Permissions, Reset
from tests.faults.table_acts import order, then, until, waiting
from tests.faults.table_faults import (
    ALWAYS,
    BY_TOKEN,
    CLOUDFLARE,
    DIRECT,
    MESSAGES,
    discord,
    do,
    refused,
    wait_a_moment,
)
from tests.faults.table_row import Film, Row
from tests.faults.table_scene import Scene

S = TaskState
STEP = "Upload"
PLACE = "Upload, the place is closed"
TOO_LARGE = refused(413, 40005)
BARE_TOO_LARGE = Answer(413, "<html>413 Request Entity Too Large</html>")
SMALLER = "Made smaller to fit this server"


def _upload(fault: str, action: Any, *, times: int = 1, **more: Any) -> Row:
    return Row(
        step=STEP,
        fault=fault,
        play=then(discord("POST", MESSAGES, action, times=times), order()),
        **more,
    )


def _forbid(permissions: Permissions) -> Any:
    def forbid(scene: Scene) -> None:
        me = scene.world.guild.me
        assert me is not None
        scene.world.channel.set_permissions(me, deny=permissions)

    return do(forbid)


def _in_a_thread(scene: Scene) -> None:
    scene.world.channel = scene.world.channel.add_thread("boats")


def _close_direct_messages(scene: Scene) -> None:
    scene.world.ada.user.dms_open = False


HIDDEN = _forbid(Permissions.VIEW_CHANNEL)
TOKENS_DEAD = do(lambda scene: scene.world.discord.expire_tokens())
NO_DMS = do(_close_direct_messages)
CHANNEL_DELETED = do(lambda scene: scene.world.channel.delete())
CARD_DELETED = do(lambda scene: scene.cards[0].delete())
BOT_REMOVED = do(lambda scene: scene.world.guild.remove_bot())
BOT_INVITED = do(lambda scene: scene.world.guild.invite_bot())


def _missing(name: str, permission: Permissions, **more: Any) -> Row:
    fault = f"the bot may not {name} there"
    return Row(step=PLACE, fault=fault, play=then(_forbid(permission), order()), **more)


def _closed(fault: str, *acts: Any, **more: Any) -> Row:
    return Row(step=PLACE, fault=fault, play=waiting(*acts), **more)


async def _no_space_to_encode(scene: Scene) -> None:
    """Let the disk be full twice when a smaller copy is written."""
    left = [OSError(errno.ENOSPC, "No space left on device") for _ in range(2)]

    def encode(*args: Any, **options: Any) -> Any:
        if left:
            raise left.pop()
        return fit(*args, **options)

    scene.patch.setattr("bot.pipeline.films.fit", encode)


UPLOADS = [
    _upload("500 before Discord has the film", refused(500, 0)),
    _upload("500 after Discord has taken the film", Answer(500, "", after_effect=True)),
    _upload("502 after Discord has taken the film", Answer(502, "", after_effect=True)),
    _upload("503 before Discord has the film", Answer(503)),
    _upload("503 after Discord has taken the film", Answer(503, "", after_effect=True)),
    _upload("503 for minutes", Answer(503), times=6),
    _upload("reset before Discord has the film", Reset()),
    _upload("reset after Discord has taken the film", Reset(after_effect=True), suite=True),
    _upload("429, Discord's own", wait_a_moment()),
    _upload("429 of the wall before Discord", CLOUDFLARE),
    _upload("413 although the size was right", TOO_LARGE, seen=SMALLER, card=SMALLER),
    _upload("413 without a word, although the size was right", BARE_TOO_LARGE, card=SMALLER),
    _upload("413 for whatever size", TOO_LARGE, times=ALWAYS, film=Film.CARD),
    _upload("400: Discord does not take this message", refused(400, 50035), film=Film.CARD),
    _upload("403: all of a sudden", refused(403, 50013), film=Film.CARD),
    Row(
        step="Fit",
        fault="the disk is full for a while",
        play=then(_no_space_to_encode, order(prompt="a boat [big]")),
        card=SMALLER,
        rate=20,
    ),
    Row(
        step="Fit",
        fault="the film is above the server's limit",
        play=order(prompt="a boat [big]"),
        card=SMALLER,
        rate=20,
    ),
    Row(
        step=STEP,
        fault="reset before the bot may look whether the film is there already",
        play=then(
            discord("POST", MESSAGES, Reset(after_effect=True)),
            discord("GET", MESSAGES, Reset(), times=3),
            order(),
        ),
    ),
]

PLACES = [
    _missing("attach files", Permissions.ATTACH_FILES, film=Film.CARD, suite=True),
    _missing("send messages", Permissions.SEND_MESSAGES, film=Film.CARD),
    _missing("read the history", Permissions.READ_MESSAGE_HISTORY, film=Film.CARD),
    _missing("see the channel", Permissions.VIEW_CHANNEL, film=Film.CARD),
    _closed(
        "it may not send, and the edit breaks off after Discord has taken the film",
        _forbid(Permissions.SEND_MESSAGES),
        discord("PATCH", BY_TOKEN, Reset(after_effect=True), times=2),
        film=Film.CARD,
    ),
    _closed(
        "it does not see the channel, and the token is dead",
        HIDDEN,
        TOKENS_DEAD,
        film=Film.DIRECT,
        card=None,
    ),
    _closed(
        "likewise, and the direct message breaks off after Discord has taken it",
        HIDDEN,
        TOKENS_DEAD,
        discord("POST", MESSAGES, Reset(after_effect=True)),
        film=Film.DIRECT,
        card=None,
    ),
    _closed(
        "likewise, and direct messages fail to open at first",
        HIDDEN,
        TOKENS_DEAD,
        discord("POST", DIRECT, Reset(), times=2),
        film=Film.DIRECT,
        card=None,
    ),
    _closed(
        "likewise, and the member takes no direct messages",
        HIDDEN,
        TOKENS_DEAD,
        NO_DMS,
        film=Film.KEPT,
        card=None,
    ),
    _closed("the channel was deleted", CHANNEL_DELETED, film=Film.DIRECT, card=None, suite=True),
    _closed("the card was deleted", CARD_DELETED, card=None),
    _closed("the member left the server", do(lambda s: s.world.guild.kick(s.world.ada))),
    Row(
        step=PLACE,
        fault="the thread was archived",
        play=then(do(_in_a_thread), waiting(do(lambda scene: scene.world.channel.archive()))),
    ),
    Row(
        step=PLACE,
        fault="the thread was archived and locked",
        play=then(
            do(_in_a_thread),
            waiting(do(lambda scene: scene.world.channel.archive(locked=True))),
        ),
        film=Film.DIRECT,
        card=None,
    ),
    _closed("the bot was removed from the server", BOT_REMOVED, film=Film.CARD),
    Row(
        step=PLACE,
        fault="the bot was removed, the token is dead; invited again later",
        play=then(waiting(BOT_REMOVED, TOKENS_DEAD), until(S.KEPT), BOT_INVITED),
        film=Film.KEPT,
        card=None,
    ),
    _closed("the bot was removed and invited again in time", BOT_REMOVED, BOT_INVITED),
]

ROWS = [*UPLOADS, *PLACES]
