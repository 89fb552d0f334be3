"""AI Video Maker on loopback, written from `aivideomaker-api` (five endpoints, five models).

Stands in for: `https://aivideomaker.ai`. Mode "live" adds what providers.md reports about the
service beyond its document. It never imports the bot, which is what it is there to test.
"""

from sandbox.services.aivideomaker.accounts import Account
from sandbox.services.aivideomaker.quirks import Quirks
from sandbox.services.aivideomaker.service import AiVideoMaker

__all__ = ["Account", "AiVideoMaker", "Quirks"]
