"""What the live service is said to offer beyond the document: other prices, four more models.

Stands in for: providers.md A3, "live" column, written from third-party observations of September
2026. `lv` is not on that list, so it is not here either. Used in mode "live" only.
"""

import math
from collections.abc import Mapping

from sandbox.services.aivideomaker.checks import (
    Field,
    boolean,
    either,
    one_of,
    text,
    text_or_null,
    texts,
    whole_number,
)
from sandbox.services.aivideomaker.models import DOCUMENTED, Body, Model, length, per_second


def _optional(**checks: Field) -> dict[str, Field]:
    return {name: Field(field.check, required=False) for name, field in checks.items()}


def _minimax_price(body: Body) -> int:
    a_second = 4 if body.get("resolution") == "1080p" else 3
    return length(body) * (a_second + (body.get("tier") == "base"))


def _minimax_rule(body: Body) -> str | None:
    frames = body.get("imageUrl") or body.get("lastFrameUrl")
    references = [name for name in body if name.startswith("reference")]
    return "frames and references exclude each other" if frames and references else None


def _seedance_price(body: Body) -> int:
    return math.ceil(length(body) * (10.2 if body["resolution"] == 480 else 22))  # noqa: PLR2004


def _seedance_rule(body: Body) -> str | None:
    given = any(body.get(name) for name in ("prompt", "image", "video"))
    return None if given else "one of prompt, image, video is required"


_MINIMAX = Model(
    {
        "content": Field(text),
        **_optional(
            duration=Field(whole_number(5, 20)),
            resolution=Field(one_of("720p", "1080p")),
            tier=Field(one_of("turbo", "base")),
            aspectRatio=Field(one_of("auto", "21:9", "16:9", "4:3", "1:1", "3:4", "9:16")),
            imageUrl=Field(text_or_null),
            lastFrameUrl=Field(text_or_null),
            referenceImageUrls=Field(texts(0, 4)),
            referenceVideoUrl=Field(text_or_null),
            referenceAudioUrls=Field(texts(0, 2)),
        ),
    },
    _minimax_price,
    length,
    _minimax_rule,
    prompt="content",
    picture="imageUrl",
)

_SEEDANCE = Model(
    {
        "duration": Field(whole_number(4, 15)),
        "resolution": Field(one_of(480, 720)),
        "ratio": Field(one_of("16:9", "9:16", "1:1")),
        **_optional(prompt=Field(text), image=Field(text), video=Field(text), audio=Field(text)),
    },
    _seedance_price,
    length,
    _seedance_rule,
    shape="ratio",
)

_WAN = Model(
    {
        "prompt": Field(text),
        "duration": Field(one_of("5", "10", "15")),
        "resolution": Field(one_of("720P", "1080P")),
        "ratio": Field(one_of("16:9", "9:16", "1:1", "4:3", "3:4")),
        **_optional(image=Field(text), promptExtend=Field(boolean)),
    },
    lambda body: length(body) * (15 if body["resolution"] == "1080P" else 10),
    length,
    shape="ratio",
)

_HAPPYHORSE = Model(
    {
        "prompt": Field(text),
        "duration": Field(whole_number(3, 15)),
        "resolution": Field(one_of("720P", "1080P")),
        **_optional(
            image=Field(either(text, texts(1, 9))),
            ratio=Field(one_of("16:9", "9:16", "1:1", "4:3", "3:4")),
        ),
    },
    lambda body: length(body) * (50 if body["resolution"] == "1080P" else 25),
    length,
    shape="ratio",
)

LIVE: Mapping[str, Model] = {
    "t2v": DOCUMENTED["t2v"].costing(per_second(3)),
    "i2v": DOCUMENTED["i2v"].costing(per_second(3)),
    "t2v_v3": DOCUMENTED["t2v_v3"].costing(per_second(4)),
    "i2v_v3": DOCUMENTED["i2v_v3"].costing(per_second(4)),
    "minimax": _MINIMAX,
    "seedance20": _SEEDANCE,
    "wan27": _WAN,
    "happyhorse": _HAPPYHORSE,
}
"""The live service's models at its own prices."""
