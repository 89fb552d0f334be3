"""The bot's own listener: is it well, what has it done, and knocks from the services.

Beside the story; the operator's view of it. Never serves a film, and never believes a visitor.
"""

from bot.web.health import Health
from bot.web.hooks import Hooks
from bot.web.lag import LoopLag
from bot.web.listener import Listener
from bot.web.metrics import Counts, Metrics

__all__ = ["Counts", "Health", "Hooks", "Listener", "LoopLag", "Metrics"]
