"""How quickly the bot asks, edits and gives up.

Handed to the steps as they are built; tests may be faster than the documents allow.
"""

from dataclasses import dataclass
from datetime import timedelta

from bot.discord_ui.edits import GAP
from bot.pipeline.line import EVERY
from bot.pipeline.patience import GONE_PATIENCE
from bot.pipeline.schedule import QUICK


@dataclass(frozen=True, slots=True)
class Pace:
    """All paces that are not a provider's own; ``query_interval`` of ``None`` is each one's own."""

    query_interval: timedelta | None = None
    look_interval: timedelta = QUICK
    edit_gap: timedelta = GAP
    line_gap: timedelta = EVERY
    gone_patience: timedelta = GONE_PATIENCE
