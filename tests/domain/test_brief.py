"""The brief: an order checked, completed and priced, or refused with what to do."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.catalog import Catalog, Door
from bot.domain.order import Brief, Order, brief
from bot.errors import FieldValue, Refusal, Refused
from tests.domain.sale import model, shop

CAT = ("a cat",)


def order(door: Door = Door.TEXT, prompts: tuple[str, ...] = CAT, **changes: Any) -> Order:
    """Return an order that leaves everything else to us."""
    return Order(
        key="interaction:1",
        guild_id=1,
        channel_id=2,
        member_id=3,
        role_ids=frozenset(),
        door=door,
        prompts=prompts,
        **changes,
    )


def secs(number: int) -> timedelta:
    """Return a length."""
    return timedelta(seconds=number)


@pytest.mark.parametrize(
    ("asked", "name", "aspect", "seconds", "cost"),
    [
        (order(), "text", "16:9", 5, 10),
        (order(aspect="9:16", duration=secs(8)), "text", "9:16", 8, 16),
        (order(model=" text "), "text", "16:9", 5, 10),
        (order(model="both"), "both", "1:1", 5, 40),
        (order(model="both", duration=secs(8)), "both", "1:1", 8, 60),
        (order(Door.IMAGE), "image", None, 5, 10),
        (order(Door.IMAGE, ()), "image", None, 5, 10),
        (order(Door.IMAGE, model="both"), "both", None, 5, 40),
        (order(Door.LONG), "long", None, 5, 10),
        (order(Door.LONG, ("a", "b", "c")), "long", None, 15, 30),
        (order(Door.LONG, ("a", " ", "", "c")), "long", None, 10, 20),
        (order(Door.LONG, duration=secs(99)), "long", None, 5, 10),
    ],
)
def test_what_was_left_open_is_filled_in(
    asked: Order, name: str, aspect: str | None, seconds: int, cost: int
) -> None:
    """First model of the door, 16:9, the shortest; shots count for length and price."""
    made = brief(asked, shop())
    assert (made.model.name, made.aspect) == (name, aspect)
    assert (made.duration, made.cost) == (secs(seconds), cost)


def test_prompts_are_trimmed_and_empty_ones_dropped() -> None:
    """A member's spaces and empty shots cost nothing."""
    assert brief(order(Door.LONG, (" a ", "", "\n", "b")), shop()).prompts == ("a", "b")


@pytest.mark.parametrize(
    ("asked", "code", "fields"),
    [
        (order(prompts=()), Refusal.EMPTY_PROMPT, {}),
        (order(prompts=("  \n",)), Refusal.EMPTY_PROMPT, {}),
        (order(Door.LONG, ()), Refusal.EMPTY_PROMPT, {}),
        (order(prompts=("x" * 21,)), Refusal.PROMPT_TOO_LONG, {"length": 21, "limit": 20}),
        (
            order(Door.LONG, ("a", "x" * 22)),
            Refusal.PROMPT_TOO_LONG,
            {"length": 22, "limit": 20, "shot": 2},
        ),
        (
            order(model="sora-9"),
            Refusal.UNKNOWN_MODEL,
            {"model": "sora-9", "choices": ("text", "both")},
        ),
        (
            order(model="x" * 99),
            Refusal.UNKNOWN_MODEL,
            {"model": "x" * 60, "choices": ("text", "both")},
        ),
        (
            order(model="gone"),
            Refusal.MODEL_OFF,
            {"model": "gone", "choices": ("text", "both")},
        ),
        (
            order(model="image"),
            Refusal.WRONG_DOOR,
            {"model": "image", "takes": ("image",), "choices": ("text", "both")},
        ),
        (
            order(Door.LONG, model="both"),
            Refusal.WRONG_DOOR,
            {"model": "both", "takes": ("text", "image"), "choices": ("long",)},
        ),
        (
            order(duration=secs(6)),
            Refusal.WRONG_DURATION,
            {"model": "text", "choices": (5, 8)},
        ),
        (
            order(aspect="1:1"),
            Refusal.WRONG_ASPECT,
            {"model": "text", "choices": ("9:16", "16:9")},
        ),
        (
            order(Door.IMAGE, aspect="16:9"),
            Refusal.WRONG_ASPECT,
            {"model": "image", "choices": ()},
        ),
        (
            order(Door.LONG, ("a",) * 4),
            Refusal.TOO_MANY_SHOTS,
            {"model": "long", "limit": 3, "count": 4},
        ),
    ],
)
def test_what_cannot_be_made_is_refused(
    asked: Order, code: Refusal, fields: dict[str, FieldValue]
) -> None:
    """Each refusal carries what its words need: the limit, the choices, the model."""
    with pytest.raises(Refused) as refused:
        brief(asked, shop())
    assert refused.value.code is code
    assert refused.value.fields == fields


def test_a_door_without_a_model_is_off() -> None:
    """No model on sale behind a door: the refusal names the door."""
    with pytest.raises(Refused) as refused:
        brief(order(Door.LONG), Catalog([model()]))
    assert refused.value.code is Refusal.MODEL_OFF
    assert refused.value.fields == {"model": "long", "choices": ()}


def test_without_16_9_the_first_shape_is_taken() -> None:
    """The default shape is 16:9 only where the model has it."""
    assert brief(order(), Catalog([model(aspects=["1:1", "9:16"])])).aspect == "1:1"


def test_a_model_without_shapes_gets_none() -> None:
    """Where the service decides the shape, none is named."""
    assert brief(order(), Catalog([model(aspects=[])])).aspect is None


def test_a_prompt_may_be_as_long_as_the_limit() -> None:
    """The limit itself is allowed, counted without the spaces around."""
    assert brief(order(prompts=(" " + "x" * 20 + " ",)), shop()).prompts == ("x" * 20,)


@given(
    door=st.sampled_from(Door),
    name=st.none() | st.sampled_from(["text", "image", "long", "both", "gone", "nothing"]),
    prompts=st.lists(st.text(max_size=25), max_size=5).map(tuple),
    aspect=st.none() | st.sampled_from(["16:9", "9:16", "1:1", "nonsense"]),
    seconds=st.none() | st.integers(-1, 20),
)
def test_every_order_is_made_whole_or_refused(
    door: Door, name: str | None, prompts: tuple[str, ...], aspect: str | None, seconds: int | None
) -> None:
    """No combination of options does anything else, and what is made is on sale at its price."""
    duration = None if seconds is None else secs(seconds)
    asked = order(door, prompts, model=name, aspect=aspect, duration=duration)
    try:
        made = brief(asked, shop())
    except Refused:
        return
    assert isinstance(made, Brief)
    assert door in made.model.takes
    assert made.model.name != "gone"
    assert made.cost == made.model.price.of(made.duration) > 0
    assert all(1 <= len(text) <= 20 for text in made.prompts)
