"""What stands open in Discord when the bot ends: every button and every form, and what it is for.

A relic is left while one bot runs and used while the next one does.
"""

from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass, field
from typing import Any

from sandbox.discord import Form, Message
from tests.ways.corner import BOAT, FITTED, UNLUCKY, Corner

FILM, FORM = "a film", "a form"

REFUSE, ALLOW = "Don't let others animate my pictures", "Let others animate my pictures"


@dataclass(frozen=True)
class Relic:
    """A form that lies open, or a message with a button.

    Attributes:
        name: what it is.
        left: leaves it there.
        label: what the button is called; empty: it is a form.
        answers: what the form is filled in with.
        end: what using it leads to: a film, a form, or these words.
        by_owner: whether it is for whose corner it is; else for who orders films.
    """

    name: str
    left: Callable[[Corner], Coroutine[Any, Any, Message | Form]] = field(repr=False)
    end: str
    label: str = ""
    answers: Mapping[str, Any] = field(default_factory=dict)
    by_owner: bool = False

    def verb_of(self, left: Message | Form) -> str:
        """Return what the bot knows the button or the form by."""
        if isinstance(left, Form):
            return left.custom_id.split(":")[1]
        (button,) = (button for button in left.buttons if button.label == self.label)
        return button.custom_id.split(":")[1]


def _button(
    name: str,
    left: Callable[[Corner], Coroutine[Any, Any, Message]],
    end: str,
    *,
    by_owner: bool = False,
) -> Relic:
    return Relic(f"the button {name}", left, end, label=name, by_owner=by_owner)


def _form(name: str, left: Callable[[Corner], Coroutine[Any, Any, Form]], **answers: Any) -> Relic:
    return Relic(f"the form of {name}", left, FILM, answers=answers)


async def _animate_image(corner: Corner) -> Form:
    return await corner.menu("Animate image", await corner.posted())


async def _storyboard(corner: Corner) -> Form:
    return await corner.menu("Storyboard", await corner.posted())


async def _animate_avatar(corner: Corner) -> Form:
    return await corner.menu("Animate avatar", corner.owner)


async def _upload(corner: Corner) -> Form:
    return await corner.pressed(await corner.hidden(), "Upload it")


async def _continue(corner: Corner) -> Form:
    return await corner.pressed(await corner.film(), "Continue")


async def _change_words(corner: Corner) -> Form:
    return await corner.pressed(await corner.failed(), "Change words")


async def _fitted(corner: Corner) -> Message:
    return await corner.film(FITTED)


async def _unlucky(corner: Corner) -> Message:
    return await corner.failed(prompt=UNLUCKY, model="sora-2")


RELICS = (
    _form("Animate image", _animate_image, prompt="it sails"),
    _form("Storyboard", _storyboard, shots="it sails"),
    _form("Animate avatar", _animate_avatar, prompt="a wink"),
    _form("Upload it", _upload, upload=BOAT),
    _form("Continue", _continue, prompt="it sails away"),
    _form("Change words", _change_words, prompt="a ship"),
    _button("Again", Corner.film, FILM),
    _button("Continue", Corner.film, FORM),
    _button("Try again", _unlucky, FILM),
    _button("Change words", Corner.failed, FORM),
    _button("Upload it", Corner.hidden, FORM),
    _button("Why?", Corner.hidden, "choose **Apps → Animate image**"),
    _button("Cancel", Corner.waiting, "Cancelled on request"),
    _button("Full quality", _fitted, "Full quality, in 2 parts"),
    _button("Take down", Corner.of_somebody, "taken out of Discord", by_owner=True),
    _button(REFUSE, Corner.taken_down, "I don't animate your pictures", by_owner=True),
    _button(ALLOW, Corner.refusing, "Others in this server can animate", by_owner=True),
)
