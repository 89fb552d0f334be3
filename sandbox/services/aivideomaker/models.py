"""The five documented models: fields, types, lengths and credits, as `aivideomaker-api` has them.

Stands in for: the model tables of the document, nothing else; what the live service offers beyond
it is in `live_models.py`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from sandbox.services.aivideomaker.checks import (
    Check,
    Field,
    one_of,
    text,
    text_or_null,
    texts,
)

Body = Mapping[str, object]
"""A request body that has passed its model's checks."""

SHAPES = {
    "16:9": (1280, 720),
    "9:16": (720, 1280),
    "1:1": (960, 960),
    "4:3": (1120, 840),
    "3:4": (840, 1120),
    "21:9": (1470, 630),
}
"""Aspect ratios as pixels."""

_SEGMENT_SECONDS = 5


@dataclass(frozen=True)
class Model:
    """One model on offer.

    Attributes:
        fields: what its body may hold.
        price: credits for a checked body.
        seconds: the film's length for a checked body.
        rule: what is wrong with the body as a whole, if anything.
        prompt, picture, shape: the names of the fields that hold these.
    """

    fields: Mapping[str, Field]
    price: Callable[[Body], int]
    seconds: Callable[[Body], int]
    rule: Callable[[Body], str | None] = lambda _: None
    prompt: str = "prompt"
    picture: str = "image"
    shape: str = "aspectRatio"

    def shots(self, body: Body) -> tuple[str, ...]:
        """The prompt as a list of shots; one empty shot where there is none."""
        prompt = body.get(self.prompt)
        if isinstance(prompt, list):
            return tuple(str(shot) for shot in prompt)
        return (prompt if isinstance(prompt, str) else "",)

    def costing(self, price: Callable[[Body], int]) -> "Model":
        """The same model at another price."""
        return replace(self, price=price)


def length(body: Body) -> int:
    """Read `duration`, which some models want as text and some as a number."""
    return int(str(body.get("duration", _SEGMENT_SECONDS)))


def per_second(credits_a_second: int) -> Callable[[Body], int]:
    """So many credits for each second."""
    return lambda body: length(body) * credits_a_second


def _text_to_video(duration: Check, price: int) -> Model:
    fields = {
        "prompt": Field(text),
        "aspectRatio": Field(one_of("16:9", "9:16", "1:1")),
        "duration": Field(duration),
    }
    return Model(fields, per_second(price), length)


def _image_to_video(duration: Check, price: int) -> Model:
    fields = {
        "image": Field(text),
        "prompt": Field(text_or_null, required=False),
        "duration": Field(duration),
    }
    return Model(fields, per_second(price), length)


def _shots(body: Body) -> int:
    prompt = body["prompt"]
    return len(prompt) if isinstance(prompt, list) else 1


_SHORT = one_of("5", "8")
_LONG = one_of("5", "10", "15", "20")
_LONG_VIDEO = Model(
    {"image": Field(text), "prompt": Field(texts(1, 6))},
    lambda body: _shots(body) * 5 * 15,
    lambda body: _shots(body) * _SEGMENT_SECONDS,
)

DOCUMENTED: Mapping[str, Model] = {
    "t2v": _text_to_video(_SHORT, 1),
    "i2v": _image_to_video(_SHORT, 1),
    "lv": _LONG_VIDEO,
    "t2v_v3": _text_to_video(_LONG, 10),
    "i2v_v3": _image_to_video(_LONG, 10),
}
"""The document's models at the document's prices."""
