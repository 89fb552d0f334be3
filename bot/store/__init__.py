"""The only room that knows SQL: tasks, ledger and quotas, safe on disk.

Serves every step of the story: ``Store.write`` and ``Store.read`` open a transaction and hand out a
``GuildStore`` that cannot reach another guild's rows; ``Store.work`` is the small part that looks
across guilds. Never calls the network, least of all inside a transaction.
"""

from bot.store.guild_store import GuildStore
from bot.store.leftovers import Fate
from bot.store.store import Store
from bot.store.task_rows import Changes
from bot.store.turns import InLine
from bot.store.watch import ON_WATCH, Watched, watched
from bot.store.work_queue import WorkQueue

__all__ = [
    "ON_WATCH",
    "Changes",
    "Fate",
    "GuildStore",
    "InLine",
    "Store",
    "Watched",
    "WorkQueue",
    "watched",
]
