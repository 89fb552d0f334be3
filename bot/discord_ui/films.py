"""The film as a file in Discord: its name, and recognising it again after a crash.

Serves the mailbox. The task's id in the name is what tells one film from another.
"""

import re
import unicodedata
from dataclasses import dataclass
from pathlib import Path

import discord

from bot.domain.task import Task

SLUG_LENGTH = 40


@dataclass(frozen=True, slots=True)
class FilmFile:
    """A film on disk under the name it has in Discord; may be opened again for every try."""

    path: Path
    name: str

    def open(self) -> discord.File:
        """Return the file for one request; discord.py closes it."""
        return discord.File(self.path, self.name)


def film_name(task: Task) -> str:
    """Return ``<what it shows>-<task id>.mp4``, fit for ``attachment://``."""
    plain = unicodedata.normalize("NFKD", task.prompt).encode("ascii", "ignore").decode().lower()
    slug = re.sub(r"[^a-z0-9]+", "-", plain)[:SLUG_LENGTH].strip("-")
    return f"{slug or 'clapboard'}-{task.id}.mp4"


def part_name(task: Task, number: int) -> str:
    """Return the name of one part of a film, counted from 1."""
    return f"{film_name(task).removesuffix('.mp4')}-part-{number}.mp4"


def has_attached(message: discord.Message, task: Task) -> bool:
    """Tell whether a plain message has the task's film attached.

    A card hides the files that its layout does not show, so there an attachment says nothing.
    """
    if message.flags.components_v2:
        return False
    return any(file.filename.endswith(f"{task.id}.mp4") for file in message.attachments)


def has_in_gallery(card: discord.Message, task: Task) -> bool:
    """Tell whether a card shows the task's film."""
    return any(f"{task.id}.mp4" in url for url in _media_urls(card))


def film_address(message: discord.Message, task: Task) -> str | None:
    """Return the address of the task's film in a message; ``None``: it is not in it."""
    urls = [*(file.url for file in message.attachments), *_media_urls(message)]
    return next((url for url in urls if f"{task.id}.mp4" in url), None)


def _media_urls(message: discord.Message) -> list[str]:
    galleries = [
        component
        for parent in message.components
        for component in (parent, *getattr(parent, "children", ()))
        if isinstance(component, discord.MediaGalleryComponent)
    ]
    return [item.media.url for gallery in galleries for item in gallery.items]
