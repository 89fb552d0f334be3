"""Stands in for the form a bot opens: its fields, what the client checks, what it submits.

It never lets a member submit what the client would not.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from typing_extensions import override

from sandbox.discord.driver.mistakes import Unplayable
from sandbox.discord.uploads import Upload
from sandbox.discord.world.attachments import Attachment, stored
from sandbox.discord.world.interactions import Interaction
from sandbox.discord.world.reading import walk

_TEXT_INPUT, _LABEL, _FILES, _RADIO, _CHECKBOX = 4, 18, 19, 21, 23
_INPUTS = (3, _TEXT_INPUT, 5, 6, 7, 8, _FILES, _RADIO, 22, _CHECKBOX)

Wire = dict[str, Any]


@dataclass(frozen=True)
class Field:
    """One input of a form.

    Attributes:
        kind: Discord's component type: 4 text, 3 menu, 19 files, 21 radio, 22/23 checkboxes.
        custom_id: The id the bot gave it.
        label: What is written above it.
        required: Whether it has to be filled in.
        value: What stands in it already; for menus what is chosen already.
        options: The values offered; empty for free text and files.
        sent: The input as the bot sent it.
    """

    kind: int
    custom_id: str
    label: str
    required: bool
    value: Any
    options: tuple[str, ...]
    sent: Wire = field(repr=False)


class Form:
    """A form the bot opened for a member.

    Attributes:
        interaction: What the member did that opened it.
        custom_id: The id the bot gave it.
        title: What stands above it.
        texts: The texts between the fields.
    """

    def __init__(self, interaction: Interaction, sent: Wire) -> None:
        self.interaction = interaction
        self.sent = sent
        self.custom_id = str(sent["custom_id"])
        self.title = str(sent["title"])
        self.texts = [c["content"] for c in walk(sent["components"]) if "content" in c]

    @override
    def __repr__(self) -> str:
        return f"<Form {self.title!r}: {', '.join(self.fields)}>"

    @property
    def fields(self) -> dict[str, Field]:
        """The inputs by their custom id, in order."""
        found = {}
        for top in self.sent["components"]:
            for component in walk([top]):
                if component["type"] in _INPUTS:
                    found[component["custom_id"]] = _field(top, component)
        return found

    def submission(self, values: Mapping[str, Any]) -> tuple[Wire, list[Attachment]]:
        """Fill the form in; return what Discord sends the bot, and the files taken in.

        Raises:
            Unplayable: A value fits no field, a required one is missing, or one is not allowed.
        """
        fields = self.fields
        unknown = set(values) - set(fields)
        if unknown:
            raise Unplayable(f"{self} has no field {', '.join(sorted(unknown))}")
        files: list[Attachment] = []
        filled = {
            name: self._filled(each, values.get(name), files) for name, each in fields.items()
        }
        components = [_with_values(top, filled) for top in self.sent["components"]]
        return {"custom_id": self.custom_id, "components": components}, files

    def _filled(self, each: Field, given: Any, files: list[Attachment]) -> Wire:
        value = each.value if given is None else given
        if each.kind == _FILES:
            value = [self._taken(upload, files) for upload in _listed(value)]
        elif each.kind not in {_TEXT_INPUT, _RADIO, _CHECKBOX}:
            value = [str(getattr(one, "id", one)) for one in _listed(value)]
        _check(each, value)
        frame = {"type": each.kind, "custom_id": each.custom_id, "id": each.sent.get("id", 0)}
        return {**frame, "values" if isinstance(value, list) else "value": value}

    def _taken(self, upload: Upload, files: list[Attachment]) -> str:
        channel = self.interaction.channel
        file = stored(channel.world, upload, channel.id, ephemeral=True)
        files.append(file)
        return str(file.id)


def _field(top: Wire, component: Wire) -> Field:
    kind = component["type"]
    options = component.get("options", [])
    chosen = [option["value"] for option in options if option.get("default")]
    preset = {
        _TEXT_INPUT: component.get("value") or "",
        _RADIO: next(iter(chosen), None),
        _CHECKBOX: component.get("default", False),
    }
    return Field(
        kind=kind,
        custom_id=component["custom_id"],
        label=top.get("label") or component.get("label") or "",
        required=component.get("required", True) is not False,
        value=preset.get(kind, chosen),
        options=tuple(option["value"] for option in options),
        sent=component,
    )


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _check(each: Field, value: Any) -> None:
    """Check a value as the client does before the form can be submitted."""
    if each.required and value in ("", [], None):
        raise Unplayable(f"the field {each.custom_id} is required")
    if each.kind == _TEXT_INPUT:
        _check_length(each, str(value))
    chosen = value if isinstance(value, list) else [value]
    wrong = [one for one in chosen if each.options and one and one not in each.options]
    if wrong:
        raise Unplayable(f"{each.custom_id} offers {each.options}, not {wrong}")
    if isinstance(value, list) and value:
        most = each.sent.get("max_values") or 1
        if not (each.sent.get("min_values") or 0) <= len(value) <= most:
            raise Unplayable(f"{each.custom_id} takes at most {most} values, not {len(value)}")


def _check_length(each: Field, value: str) -> None:
    least, most = each.sent.get("min_length") or 0, each.sent.get("max_length") or 4000
    if value and not least <= len(value) <= most:
        raise Unplayable(f"{each.custom_id} takes {least}-{most} characters, not {len(value)}")


def _with_values(top: Wire, filled: Mapping[str, Wire]) -> Wire:
    """Return one row of the submission: the same nesting as in the form, with values."""
    frame: Wire = {"type": top["type"], "id": top.get("id", 0)}
    if top["type"] == _LABEL:
        return {**frame, "component": filled[top["component"]["custom_id"]]}
    if "components" in top:
        return {**frame, "components": [filled[c["custom_id"]] for c in top["components"]]}
    return frame
