"""Stands in for the screen: what a person sees on a message, as plain text and as controls.

It never interprets markdown; a picture or film is told by its file name.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sandbox.discord.world.messages import Message

BUTTON, TEXT_DISPLAY, LINK_STYLE = 2, 10, 5
_SELECTS = (3, 5, 6, 7, 8)


@dataclass(frozen=True)
class Control:
    """Something on a message one can use.

    Attributes:
        kind: Discord's component type: 2 a button, others menus.
        label: What is written on it: label or emoji of a button, placeholder of a menu.
        custom_id: The id the bot gave it; empty for links.
        url: Where a link leads; empty for others.
        disabled: Whether it cannot be used.
        values: What a menu offers.
    """

    kind: int
    label: str
    custom_id: str
    url: str
    disabled: bool
    values: tuple[str, ...] = ()

    @property
    def is_button(self) -> bool:
        """Whether it is a button, not a menu."""
        return self.kind == BUTTON


def walk(components: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Yield every component of a tree, parents first, in reading order."""
    for component in components:
        yield component
        yield from walk(component.get("components", []))
        for key in ("accessory", "component"):
            if key in component:
                yield from walk([component[key]])


def text(message: "Message") -> str:
    """Return all text a person reads on a message."""
    lines = [message.content]
    for embed in message.embeds:
        lines += [str(embed.get(key, "")) for key in ("title", "description")]
        lines += [f"{field['name']}: {field['value']}" for field in embed.get("fields", [])]
    for component in walk(message.components):
        if component["type"] == TEXT_DISPLAY:
            lines.append(component["content"])
    return "\n".join(line for line in lines if line)


def controls(message: "Message") -> list[Control]:
    """Return the buttons and menus of a message."""
    usable = (BUTTON, *_SELECTS)
    return [_control(found) for found in walk(message.components) if found["type"] in usable]


def _control(component: dict[str, Any]) -> Control:
    emoji = (component.get("emoji") or {}).get("name") or ""
    return Control(
        kind=component["type"],
        label=component.get("label") or component.get("placeholder") or emoji,
        custom_id=component.get("custom_id", ""),
        url=component.get("url", ""),
        disabled=component.get("disabled", False),
        values=tuple(option["value"] for option in component.get("options", [])),
    )
