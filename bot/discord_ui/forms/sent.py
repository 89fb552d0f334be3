"""What a member filled into a form, read from the interaction that brings it.

Serves every form. discord.py forgets forms when the bot restarts, so nothing here relies on its
memory; never judges what was filled in.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Self

import discord

from bot.discord_ui.forms.fields import FILM, PICTURE, PROMPT, SHOTS, UPLOAD

_ID = re.compile(r"clap:(?P<verb>[a-z]+):(?P<key>[0-9a-f:]{1,60})")


@dataclass(frozen=True, slots=True)
class Sent:
    """A form that was sent.

    Attributes:
        verb: what it is for.
        key: what it was opened on: a draft's or a task's id.
        values: the first value of each field, by its custom id; empty where nothing was given.
        files: the address of each uploaded file, by its id.
    """

    verb: str
    key: str
    values: Mapping[str, str]
    files: Mapping[str, str]

    @classmethod
    def read(cls, interaction: discord.Interaction[Any]) -> Self | None:
        """Return what was sent; ``None`` where it is no form, or none of ours."""
        if interaction.type is not discord.InteractionType.modal_submit:
            return None
        match = _ID.fullmatch(interaction.custom_id or "")
        if match is None:
            return None
        data: Any = interaction.data or {}
        return cls(match["verb"], match["key"], _values(data), _files(data))

    @property
    def prompt(self) -> str:
        """The sentence; empty: none was given."""
        return self.values.get(PROMPT, "")

    @property
    def shots(self) -> tuple[str, ...]:
        """The shots, one for each line that is not blank."""
        lines = self.values.get(SHOTS, "").splitlines()
        return tuple(line.strip() for line in lines if line.strip())

    @property
    def typed(self) -> str:
        """The member's own words, whichever field they stand in."""
        return "\n".join(filter(None, (self.values.get(PROMPT), self.values.get(SHOTS))))

    @property
    def model(self) -> str | None:
        """The chosen model."""
        return self.values.get(FILM, "").rpartition(":")[0] or None

    @property
    def duration(self) -> timedelta | None:
        """The chosen length."""
        length = self.values.get(FILM, "").rpartition(":")[2]
        return timedelta(seconds=int(length)) if length.isdecimal() else None

    @property
    def picture(self) -> int:
        """The chosen picture, counted from 0; the first where there was no choice."""
        number = self.values.get(PICTURE, "")
        return int(number) if number.isdecimal() else 0

    @property
    def upload(self) -> str | None:
        """The address of the uploaded picture."""
        return self.files.get(self.values.get(UPLOAD, ""))


def _values(data: Any) -> dict[str, str]:
    """Return the first value of each field; a label wraps its field, an old row a list of them."""
    rows = [_inside(row) for row in data.get("components", ())]
    return {
        field["custom_id"]: next(iter(field.get("values") or ()), field.get("value") or "")
        for field in rows
        if "custom_id" in field
    }


def _inside(row: Any) -> Any:
    """Return the field in a row; a text between the fields holds none."""
    return row.get("component") or next(iter(row.get("components") or ()), row)


def _files(data: Any) -> dict[str, str]:
    attachments = data.get("resolved", {}).get("attachments", {})
    return {file_id: attachment["url"] for file_id, attachment in attachments.items()}
