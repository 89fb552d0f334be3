"""An order made from an earlier task."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain import encore
from bot.domain.catalog import Door
from bot.domain.order import ELSEWHERE, Order, Source, brief
from bot.domain.task import Task
from bot.errors import Refusal, Refused
from tests.discord_ui.building import ADA, CARD, CHANNEL, GUILD, task
from tests.domain.sale import shop

BEN, MIA, PICTURE = 31, 32, "0123456789ab.jpg"
FIVE, EIGHT = timedelta(seconds=5), timedelta(seconds=8)


def _asked(member: int = BEN, channel: int = CHANNEL) -> Order:
    return Order("interaction:2", GUILD, channel, member, frozenset(), Door.TEXT, locale="en-GB")


def _pictured(**fields: object) -> Task:
    start = task(model="image", door="image", aspect=None, picture=PICTURE)
    return replace(start, **fields)  # type: ignore[arg-type]  # test input


@pytest.mark.parametrize(
    "earlier",
    [
        task(model="text", aspect="9:16", duration=EIGHT, prompts=("a fox",)),
        _pictured(duration=EIGHT),
        _pictured(model="both", aspect="1:1", prompts=()),
        _pictured(model="long", door="long", prompts=("dawn", "dusk"), duration=2 * FIVE),
    ],
)
def test_the_same_order_is_the_same_brief(earlier: Task) -> None:
    """Whatever a task was, its encore passes the Desk as the same, by and for whoever asks."""
    order = encore.again(earlier, _asked(), shop())
    if not earlier.prompts:
        order = replace(order, prompts=("needed",))
    plan = brief(order, shop())
    assert (plan.model.name, plan.duration) == (earlier.model, earlier.duration)
    assert (order.member_id, order.key, order.locale) == (BEN, "interaction:2", "en-GB")
    assert order.picture_of == (earlier.id if earlier.picture else None)
    assert plan.aspect == (earlier.aspect if earlier.door == "text" else None)


def test_a_model_that_left_the_catalogue() -> None:
    """The same cannot be had; the member named no model, so is told what is on sale instead."""
    left = replace(_pictured(), model="retired")
    with pytest.raises(Refused) as refused:
        encore.again(left, _asked(), shop())
    assert refused.value.code is Refusal.MODEL_OFF
    assert refused.value.fields == {"model": "retired", "choices": ("image", "both")}
    other = encore.reworded(
        left, _asked(), shop(), prompts=["an owl"], model="image", duration=EIGHT
    )
    assert brief(other, shop()).model.name == "image"


def test_other_words_and_another_model() -> None:
    """What was changed is changed; the rest is as it was, the shape where the model makes it."""
    earlier = task(model="text", aspect="9:16", duration=EIGHT)

    def changed(model: str | None) -> Order:
        return encore.reworded(
            earlier, _asked(), shop(), prompts=["an owl"], model=model, duration=None
        )

    same, other = changed(None), changed("both")
    assert (same.prompts, same.model, same.aspect, same.duration) == (
        ("an owl",),
        "text",
        "9:16",
        EIGHT,
    )
    assert (other.model, other.aspect) == ("both", None)


def test_going_on_begins_with_the_film_and_nothing_else() -> None:
    """A new picture order: no old words, no old picture, but the film that it continues."""
    order = encore.continued(
        _pictured(continues="ffffffffffff"), _asked(), prompt="on", model="image", duration=FIVE
    )
    assert (order.door, order.prompts, order.duration) == (Door.IMAGE, ("on",), FIVE)
    assert (order.continues, order.picture_of) == ("0123456789ab", None)


@pytest.mark.parametrize(
    ("earlier", "asker", "source"),
    [
        (task(model="text"), BEN, None),  # words belong to nobody
        (_pictured(), ADA, None),  # her own
        (_pictured(), BEN, Source(ADA, CARD)),
        (_pictured(source_member_id=MIA, source_message_id=7), ADA, Source(MIA, 7)),
        (_pictured(source_member_id=MIA, source_message_id=7), BEN, Source(MIA, 7)),
        (_pictured(source_member_id=MIA, source_message_id=7), MIA, None),
        (_pictured(source_member_id=MIA), BEN, Source(MIA)),  # an avatar
    ],
)
def test_whose_picture_it_was_carries_over(
    earlier: Task, asker: int, source: Source | None
) -> None:
    """The source stays; who filmed a picture of their own is one for everybody else."""
    assert encore.again(earlier, _asked(asker), shop()).source == source
    on = encore.continued(earlier, _asked(asker), prompt="", model=None, duration=None)
    assert on.source == source


def test_in_another_channel_there_is_no_link() -> None:
    """A source's message is named only where it stands; it does not become an avatar."""
    earlier = _pictured(source_member_id=MIA, source_message_id=7)
    assert encore.again(earlier, _asked(channel=99), shop()).source == Source(MIA, ELSEWHERE)


@pytest.mark.parametrize(
    ("model", "provider", "first"),
    [("image", "aivideomaker", "image"), ("text", "aivideomaker", "image"), ("x", "apigo", "both")],
)
def test_the_nearest_model_is_offered_first(model: str, provider: str, first: str) -> None:
    """Its own, else its service's, else the first on the menu; all are offered."""
    models = shop().behind(Door.IMAGE)
    nearest = encore.nearest_first(task(model=model, provider=provider), models)
    assert nearest[0].name == first
    assert sorted(each.name for each in nearest) == sorted(each.name for each in models)
