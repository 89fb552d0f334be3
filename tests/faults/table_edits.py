"""Rows of the card: edits that fail delay nothing, and the card tells the truth in the end."""

from typing import Any

from bot.domain.task import TaskState as S
from sandbox.discord import Answer, Reset
from tests.faults.table_acts import order, restart, then, until, waiting
from tests.faults.table_faults import (
    ALWAYS,
    BY_TOKEN,
    CLOUDFLARE,
    MESSAGE,
    discord,
    do,
    refused,
    wait_a_moment,
)
from tests.faults.table_row import Row

STEP = "Card edit"
TOKENS_DEAD = do(lambda scene: scene.world.discord.expire_tokens())
FORBIDDEN_ONCE = discord("PATCH", BY_TOKEN, refused(403, 50001))
OLD_MESSAGE = Answer(
    429,
    {"message": "Maximum number of edits", "code": 30046, "retry_after": 0.05},
    {"Via": "1.1 google", "Retry-After": "0.05"},
)


def _edit(fault: str, action: Any, *, times: int = 1, **more: Any) -> Row:
    play = then(discord("PATCH", BY_TOKEN, action, times=times), order())
    return Row(step=STEP, fault=fault, play=play, **more)


def _as_bot(fault: str, action: Any, *, times: int = 1, **more: Any) -> Row:
    play = waiting(TOKENS_DEAD, discord("PATCH", MESSAGE, action, times=times))
    return Row(step=f"{STEP} as the bot", fault=fault, play=play, **more)


ROWS = [
    Row(step=STEP, fault="the token died early", play=waiting(TOKENS_DEAD), suite=True),
    _edit("401, invalid webhook token (50027), always", refused(401, 50027), times=ALWAYS),
    _edit("404, unknown webhook (10015), always", refused(404, 10015), times=ALWAYS),
    _edit(
        "404, unknown message (10008), always",
        refused(404, 10008),
        times=ALWAYS,
        card=None,
    ),
    _edit("403", refused(403, 50001), card=None),
    Row(
        step=STEP,
        fault="403 once, and the bot is started anew later",
        play=then(waiting(FORBIDDEN_ONCE), until(S.DELIVERED), restart),
    ),
    _edit("429, Discord's own", wait_a_moment()),
    _edit("429 of the wall before Discord", CLOUDFLARE),
    _edit("500 before Discord has it", refused(500, 0)),
    _edit("502 after Discord has taken it", Answer(502, "", after_effect=True)),
    _edit("reset before Discord has it, three times", Reset(), times=3),
    _edit("reset after Discord has taken it", Reset(after_effect=True)),
    _as_bot("403", refused(403, 50001), card=None),
    _as_bot("503 for a while", Answer(503), times=3),
    _as_bot("resets", Reset(), times=3),
    _as_bot("429, too many edits to an old message (30046)", OLD_MESSAGE),
]
