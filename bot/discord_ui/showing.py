"""A film for one member's eyes, as good as Discord lets them have it: whole, in parts, or smaller.

Beside the story: ``/video show``, and the button under a film that was made smaller or could not be
posted. Never changes a task.
"""

import logging
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import Any

import discord

from bot.discord_ui.cards import Painter
from bot.discord_ui.films import FilmFile, film_name, part_name
from bot.discord_ui.places import DEFAULT_LIMIT, MARGIN
from bot.discord_ui.troubles import translated
from bot.discord_ui.words import Say, Words, words_for
from bot.domain.task import Task
from bot.errors import FilmTooLarge, Refusal, Refused, WrongContent
from bot.pipeline.desk import Desk
from bot.pipeline.films import Handout, Quality
from bot.pipeline.ports import CardView

log = logging.getLogger(__name__)

CAUTION = 0.8
"""Of the smallest limit that Discord names, what is tried last."""

Press = discord.Interaction[Any]
Give = Callable[[Handout | None], Awaitable[object]]


class Showing:
    """Hands films out privately; the same film to the same member only once at a time."""

    def __init__(self, desk: Desk, painter: Painter) -> None:
        self._desk = desk
        self._painter = painter
        self._under_way: set[tuple[int, str]] = set()

    async def card(self, interaction: Press, view: CardView) -> None:
        """Turn a private "thinking" into the card's copy, with the film where it is at hand.

        Raises:
            Refused: this film is already on its way to this member.
        """
        words = words_for(interaction.locale.value)

        async def give(handout: Handout | None) -> None:
            files = _files(view.task, handout)
            note = _note(view.task, handout, words)
            layout = self._painter.draw(view, films=[file.name for file in files], note=note)
            opened = [file.open() for file in files]
            await interaction.edit_original_response(view=layout, attachments=opened)

        try:
            await self._give(interaction, view.task, give)
        except (FilmTooLarge, WrongContent):
            layout = self._painter.draw(view, note=words.say(Say.FILM_NOT_ATTACHED))
            await interaction.edit_original_response(view=layout)

    async def film(self, interaction: Press, task: Task) -> None:
        """Turn a private "thinking" into the film alone.

        Raises:
            Refused: it is no longer on disk, was taken down, or is already on its way to this
                member.
        """
        if task.withdrawn:
            raise Refused(Refusal.TAKEN_DOWN, task_id=task.id)
        words = words_for(interaction.locale.value)

        async def give(handout: Handout | None) -> None:
            if handout is None:
                raise Refused(Refusal.NO_FILM, task_id=task.id)
            opened = [file.open() for file in _files(task, handout)]
            text = _quality(handout, words)
            await interaction.edit_original_response(content=text, attachments=opened)

        try:
            await self._give(interaction, task, give)
        except (FilmTooLarge, WrongContent):
            text = words.say(Say.FILM_NOT_ATTACHED)
            await interaction.edit_original_response(content=text)

    async def _give(self, interaction: Press, task: Task, give: Give) -> None:
        """Hand the film out, in smaller files where Discord refuses the size that it promised."""
        with self._once(interaction.user.id, task):
            for limit in _limits(interaction):
                async with self._desk.handout(task, max_bytes=limit) as handout:
                    try:
                        with translated():
                            await give(handout)
                    except FilmTooLarge as error:
                        log.warning("%s at %d bytes", error, limit, extra={"task": task.id})
                    else:
                        return
        raise FilmTooLarge("refused in every size")

    @contextmanager
    def _once(self, member_id: int, task: Task) -> Iterator[None]:
        """Keep an impatient finger from having the same film cut many times."""
        key = (member_id, task.id)
        if key in self._under_way:
            raise Refused(Refusal.ON_ITS_WAY, task_id=task.id)
        self._under_way.add(key)
        try:
            yield
        finally:
            self._under_way.discard(key)


def _limits(interaction: Press) -> list[int]:
    """Return the sizes in bytes to try: what the member may have, what all may, and less."""
    guild = interaction.guild
    everyone = DEFAULT_LIMIT if guild is None else guild.filesize_limit
    own = interaction.filesize_limit
    limits = (own, min(own, everyone), min(own, everyone) * CAUTION)
    return sorted({int(limit * MARGIN) for limit in limits}, reverse=True)


def _files(task: Task, handout: Handout | None) -> list[FilmFile]:
    paths = handout.files if handout is not None else ()
    if len(paths) == 1:
        return [FilmFile(paths[0], film_name(task))]
    return [FilmFile(path, part_name(task, number)) for number, path in enumerate(paths, 1)]


def _note(task: Task, handout: Handout | None, words: Words) -> str | None:
    """Return what there is to say about the film; nothing where it is the one that was posted."""
    if handout is None:
        return None
    whole = handout.quality is Quality.FULL and len(handout.files) == 1
    return None if whole and not task.film_fitted else _quality(handout, words)


def _quality(handout: Handout, words: Words) -> str:
    parts = len(handout.files)
    match handout.quality:
        case Quality.FULL:
            return words.say(Say.FILM_FULL if parts == 1 else Say.FILM_IN_PARTS, parts=parts)
        case Quality.ANEW:
            return words.say(Say.FILM_ANEW, parts=parts)
        case Quality.SMALLER:
            return words.say(Say.FILM_SMALLER)
