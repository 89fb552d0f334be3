"""The composition root: settings → resources → pipeline → bot; starts and stops all.

The only place where the parts are put together. Never does a step of the story itself.
"""

from bot.app.check import check
from bot.app.pace import Pace
from bot.app.runner import App, run, running

__all__ = ["App", "Pace", "check", "run", "running"]
