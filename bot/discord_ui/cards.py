"""The card: one message that shows a task from the queue to the receipt, in Components V2.

Drawn afresh for the first answer (step 1) and for every edit. Holds only buttons that live through
a restart; never shows a balance, and never anything that changes without the task changing.
"""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from hashlib import blake2b

import discord
from discord import ui

from bot.discord_ui.buttons.rows import as_row, card_buttons
from bot.discord_ui.sources import obituary, source_line
from bot.discord_ui.words import Say, Words, words_for
from bot.discord_ui.words.figures import Markup, jump, mention, quoted
from bot.domain.catalog import Catalog
from bot.domain.task import Task, TaskState
from bot.pipeline.ports import CardView

S = TaskState
ACCENTS = {
    S.QUEUED: discord.Colour.from_rgb(148, 155, 164),
    S.SENDING: discord.Colour.from_rgb(148, 155, 164),
    S.SUBMITTED: discord.Colour.from_rgb(88, 101, 242),
    S.RUNNING: discord.Colour.from_rgb(88, 101, 242),
    S.RENDERED: discord.Colour.from_rgb(88, 101, 242),
    S.DELIVERED: discord.Colour.from_rgb(35, 165, 89),
    S.KEPT: discord.Colour.from_rgb(240, 178, 50),
    S.UNCONFIRMED: discord.Colour.from_rgb(240, 178, 50),
    S.CANCELLED: discord.Colour.from_rgb(148, 155, 164),
    S.REFUSED: discord.Colour.from_rgb(218, 55, 60),
    S.FAILED: discord.Colour.from_rgb(218, 55, 60),
    S.EXPIRED: discord.Colour.from_rgb(218, 55, 60),
}
HEADING_SHOWN = 120
"""Characters of a prompt that still read well as a heading."""
PROMPT_SHOWN = 400
SHOTS_SHOWN = 900
"""Characters of all shots of a long film together."""
BAR_LENGTH = 10


class Painter:
    """Draws cards; knows the models' titles."""

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog

    def draw(
        self, view: CardView, *, films: Sequence[str] = (), note: str | None = None
    ) -> ui.LayoutView:
        """Return a fresh layout of what ``view`` says, in the language of its requester.

        Args:
            view: the task and what its row does not know.
            films: names of attached files to play inside the card, at most ten.
            note: a line of small print for a private copy.
        """
        words = words_for(view.task.locale)
        box: ui.Container[ui.LayoutView] = ui.Container(accent_colour=_accent(view.task))
        order = [self._order(view.task, words), *_origin(view, words)]
        box.add_item(ui.TextDisplay("\n".join(order)))
        box.add_item(ui.Separator())
        box.add_item(ui.TextDisplay("\n".join(_story(view, words))))
        if films:
            items = [discord.MediaGalleryItem(f"attachment://{film}") for film in films]
            box.add_item(ui.MediaGallery(*items))
        if note is not None:
            box.add_item(ui.TextDisplay(f"-# {note}"))
        row = as_row(card_buttons(view, has_film=bool(films)))
        if row is not None:
            box.add_item(row)
        return ui.LayoutView(timeout=None).add_item(box)

    def draw_unquoted(self, view: CardView, *, films: Sequence[str] = ()) -> ui.LayoutView:
        """Return the layout without any stranger's words: neither prompt nor service is quoted."""
        words, task = words_for(view.task.locale), replace(view.task, prompts=(), detail=None)
        note = words.say(Say.CARD_WORDS_BLOCKED)
        return self.draw(replace(view, task=task), films=films, note=note)

    def digest(self, view: CardView) -> str:
        """Return a short hash of all that a reader of the card would see."""
        layout = self.draw(view)
        seen = layout.to_components()  # type: ignore[no-untyped-call]  # discord.py left it so
        packed = json.dumps(seen, sort_keys=True).encode()
        return blake2b(packed, digest_size=12).hexdigest()

    def _order(self, task: Task, words: Words) -> str:
        model = self._catalog.get(task.model)
        facts = words.say(
            Say.CARD_SHAPE if task.aspect else Say.CARD_FACTS,
            title=model.title if model else task.model,
            duration=task.duration,
            aspect=task.aspect,
            cost=task.cost,
        )
        shown = () if task.withdrawn else task.prompts  # its words may have been the trouble
        return "\n".join((*_prompt_lines(shown), f"-# {facts} · {mention(task.member_id)}"))


def _origin(view: CardView, words: Words) -> list[str]:
    """Return what the film was made from, where that is no secret to the channel."""
    lines = source_line(view.task, words)
    if view.before is not None:
        link = jump(view.task.guild_id, view.before.channel_id, view.before.message_id)
        lines.append(f"-# {words.say(Say.CARD_CONTINUES, link=Markup(link))}")
    return lines


def _accent(task: Task) -> discord.Colour:
    return ACCENTS[S.CANCELLED if task.withdrawn else task.shown_state]


def _prompt_lines(prompts: tuple[str, ...]) -> list[str]:
    if len(prompts) == 1:
        shown = quoted(prompts[0], PROMPT_SHOWN)
        return [f"### {shown}" if len(prompts[0]) <= HEADING_SHOWN else shown]
    share = SHOTS_SHOWN // max(len(prompts), 1)
    return [f"{number}\\. {quoted(text, share)}" for number, text in enumerate(prompts, 1)]


def _story(view: CardView, words: Words) -> list[str]:
    """Return the lines that change: the state, and what is known about it."""
    task = view.task
    if task.withdrawn:
        return obituary(task, words)
    if task.failure is not None:
        return [f"**{words.states[task.shown_state]}**", words.failure(task)]
    since = _since(task)
    state = f"**{words.states[task.state]}**"
    head = f"{state} · {words.say(Say.CARD_SINCE, since=since)}" if since else state
    return [head, *_waiting(view, words), *_receipt(task, words)]


def _since(task: Task) -> datetime | None:
    """Return when the present wait began; Discord keeps counting without an edit of ours."""
    if task.state is S.QUEUED:
        return task.created_at
    return task.submitted_at if task.state in (S.SUBMITTED, S.RUNNING) else None


def _waiting(view: CardView, words: Words) -> list[str]:
    task, lines = view.task, []
    if task.ended:
        return []
    if view.place is not None:
        lines.append(words.place(view.place))
    if view.service_pauses_until is not None:
        lines.append(words.say(Say.CARD_PAUSED, until=view.service_pauses_until))
    if task.cancel_asked_by is not None:
        waits = task.state is S.SUBMITTED
        lines.append(words.say(Say.CARD_CANCELLING if waits else Say.CARD_TOO_LATE))
    if task.progress is not None and task.state is S.RUNNING:
        lines.append(_bar(task.progress))
    if view.slow:
        lines.append(words.say(Say.CARD_SLOW))
    elif view.usual is not None:
        lines.append(words.usual(*view.usual))
    return lines


def _bar(per_cent: int) -> str:
    filled = max(0, min(BAR_LENGTH, per_cent * BAR_LENGTH // 100))
    return f"{'▰' * filled}{'▱' * (BAR_LENGTH - filled)} {per_cent} %"


def _receipt(task: Task, words: Words) -> list[str]:
    lines = []
    if task.film_message_id is not None:
        lines.extend(_where(task, task.film_message_id, words))
    if task.film_fitted:
        lines.append(words.say(Say.CARD_FITTED))
    if task.charged == 0 and task.ended:
        lines.append(words.say(Say.CARD_FREE))
    elif task.charged not in (None, task.cost):
        lines.append(words.say(Say.CARD_CHARGED, cost=task.cost, charged=task.charged))
    return lines


def _where(task: Task, film_message_id: int, words: Words) -> list[str]:
    """Return the link to the film; none into a member's direct messages or to the card itself."""
    if film_message_id == task.card_message_id:
        return []
    if task.film_channel_id != task.channel_id:
        return [words.say(Say.CARD_DIRECT)]
    link = jump(task.guild_id, task.channel_id, film_message_id)
    return [f"[{words.say(Say.CARD_FILM)}]({link})"]
