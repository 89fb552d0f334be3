"""The card in every state."""

import json
import os
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import discord
import pytest
from jsonschema import Draft202012Validator

from bot.discord_ui.buttons import FullQualityButton, TaskButton
from bot.discord_ui.cards import ACCENTS
from bot.domain.task import TaskState
from bot.domain.turns import Place
from bot.errors import Failure
from bot.pipeline.ports import CardView, Spot
from tests.discord_ui.building import (
    CARD,
    CHANNEL,
    FILM,
    NOON,
    S,
    painter,
    sent,
    task,
    text_of,
    view,
)

OFFICIAL = os.environ.get("DISCORD_OPENAPI")  # noqa: TID251 - likewise


def _message_schema() -> dict[str, Any]:
    described = json.loads(Path(OFFICIAL or "").read_text("utf-8"))
    schemas = described["components"]["schemas"]
    schemas["SnowflakeType"]["type"] = ["string", "integer"]
    return {**schemas["MessageCreateRequest"], "components": {"schemas": schemas}}


@pytest.mark.skipif(not OFFICIAL, reason="DISCORD_OPENAPI does not name Discord's description")
@pytest.mark.parametrize("state", TaskState)
async def test_every_card_is_a_message_that_discord_describes(state: TaskState) -> None:
    """Discord's own description accepts the card of every state."""
    components = sent(painter().draw(view(state)))
    body = {"flags": 1 << 15, "components": components}
    assert list(Draft202012Validator(_message_schema()).iter_errors(body)) == []


@pytest.mark.parametrize("state", TaskState)
async def test_every_card_names_film_price_and_requester(state: TaskState) -> None:
    """Prompt, model, length, shape, cost and requester stand on the card from first to last."""
    shown = text_of(painter().draw(view(state)))
    for fact in ("a fox in the snow", "5 s", "16:9", "5 credits", "<@30>"):
        assert fact in shown
    assert set(TaskState) == set(ACCENTS)


@pytest.mark.parametrize("state", TaskState)
async def test_every_card_has_only_buttons_that_outlive_a_restart(state: TaskState) -> None:
    """A card holds nothing that discord.py would keep in memory."""
    layout = painter().draw(view(state))
    buttons = [item for item in layout.walk_children() if isinstance(item, discord.ui.Button)]
    assert buttons == []
    assert layout.is_persistent()


async def test_a_waiting_card_tells_place_and_usual_time() -> None:
    """In the line a member sees who is before them and how long such films take."""
    waiting = CardView(
        task(),
        place=Place(3, members=2),
        usual=(timedelta(seconds=60), timedelta(seconds=180)),
        can_cancel=True,
    )
    layout = painter().draw(waiting)
    assert "3rd in line: two members are before you." in text_of(layout)
    assert "Usually takes 1 to 3 minutes" in text_of(layout)
    assert ":0123456789ab" in json.dumps(sent(layout))


async def test_progress_is_shown_only_where_it_is_known() -> None:
    """A bar is never invented."""
    assert "▰▰▰▱▱▱▱▱▱▱ 35 %" in text_of(painter().draw(view(S.RUNNING, progress=35)))
    assert "%" not in text_of(painter().draw(view(S.RUNNING)))


async def test_a_receipt_links_to_the_film_and_tells_both_figures() -> None:
    """Delivered: a link to the film, and what was charged where that differs from the price."""
    shown = text_of(painter().draw(view(S.DELIVERED, charged=8)))
    assert f"https://discord.com/channels/10/{CHANNEL}/{FILM}" in shown
    assert "Held 5 credits; the video service charged 8" in shown
    assert "charged" not in text_of(painter().draw(view(S.DELIVERED, charged=5)))


async def test_a_public_card_never_links_into_direct_messages() -> None:
    """A film that was sent directly is mentioned, not linked."""
    shown = text_of(painter().draw(view(S.DELIVERED, film_channel_id=99)))
    assert "https://" not in shown
    assert "direct message" in shown


async def test_a_failure_tells_the_reason_in_words_and_the_refund() -> None:
    """Failed: why, in the service's own words too, and that the credits are back."""
    shown = text_of(painter().draw(view(S.FAILED, detail="GPU on *fire*")))
    assert "The video service tried and failed" in shown
    assert "GPU on \\*fire\\*" in shown
    assert "The 5 credits are back" in shown


async def test_a_job_that_was_not_found_shows_as_failed() -> None:
    """Searched for in vain: the member is told, and the credits are back."""
    shown = text_of(painter().draw(view(S.UNCONFIRMED, failure=Failure.LOST)))
    assert "The 5 credits are back" in shown
    assert "I am looking for the film" not in shown
    assert "I am looking for the film" in text_of(painter().draw(view(S.UNCONFIRMED)))


async def test_the_longest_order_still_fits_a_message() -> None:
    """Six shots of 3,000 escaped characters stay below Discord's 4,000 and 40 components."""
    hostile = ("*_~`|>@everyone <@1> " * 150)[:3000]
    layout = painter().draw(
        CardView(
            task(S.FAILED, prompts=(hostile,) * 6, detail="_" * 300),
            place=Place(1),
            service_pauses_until=NOON,
            can_cancel=True,
        )
    )
    assert layout.content_length() <= 4000
    assert layout.total_children_count <= 40


async def test_the_digest_changes_with_what_is_seen_and_only_with_that() -> None:
    """Two views that look the same are the same card; a new state, place or bar is another."""
    paint = painter()
    same = paint.digest(view(S.RUNNING, attempts=1, due_at=NOON, upstream_id="x", token="t"))
    assert paint.digest(view(S.RUNNING)) == same
    assert paint.digest(view(S.RUNNING, progress=10)) != same
    assert paint.digest(view(S.RUNNING, progress=11)) != paint.digest(view(S.RUNNING, progress=12))
    assert paint.digest(CardView(task(), place=Place(1))) != paint.digest(
        CardView(task(), place=Place(2))
    )


@pytest.mark.parametrize(
    ("length", "shown"), [(120, "### " + "x" * 120), (121, "x" * 121), (900, "x" * 399 + "…")]
)
async def test_only_a_short_prompt_is_a_heading(length: int, shown: str) -> None:
    """A paragraph in heading letters would fill the screen."""
    lines = text_of(painter().draw(view(prompts=("x" * length,)))).splitlines()
    assert lines[0] == shown


async def test_a_card_can_do_without_any_strangers_words() -> None:
    """For a server whose AutoMod blocks them; all that is ours still stands there."""
    layout = painter().draw_unquoted(view(S.FAILED, detail="GPU on fire"))
    shown = text_of(layout)
    assert "a fox in the snow" not in shown
    assert "GPU on fire" not in shown
    for fact in ("AutoMod", "5 credits", "<@30>", "The video service tried and failed"):
        assert fact in shown


async def test_a_card_that_waits_for_the_service_tells_until_when() -> None:
    """Asked to wait, or not reached: the member sees when it is tried again."""
    paused = replace(view(), service_pauses_until=NOON)
    assert f"I try again <t:{int(NOON.timestamp())}:R>" in text_of(painter().draw(paused))


async def test_a_film_inside_the_card_is_a_gallery() -> None:
    """Where the bot may not send messages the card itself plays the film."""
    layout = painter().draw(view(S.DELIVERED, film_message_id=CARD), films=["fox-0123456789ab.mp4"])
    components = json.dumps(sent(layout))
    assert "attachment://fox-0123456789ab.mp4" in components
    assert "https://discord.com" not in components


@pytest.mark.parametrize(
    ("where", "label"),
    [
        (view(S.KEPT), "Get the film"),
        (view(S.DELIVERED, film_message_id=CARD, film_fitted=True), "Full quality"),
        (view(S.DELIVERED, film_message_id=CARD), None),
        (view(S.DELIVERED, film_fitted=True), None),  # the film's own message has it
    ],
)
async def test_the_whole_film_is_one_press_away(where: CardView, label: str | None) -> None:
    """A kept film, and a smaller one inside the card, can be had in full from the card."""
    layout = painter().draw(where)
    found = [each for each in layout.walk_children() if isinstance(each, FullQualityButton)]
    assert [button.item.label for button in found] == ([label] if label else [])


ENCORES = ["Continue", "Again"]


@pytest.mark.parametrize(
    ("where", "labels"),
    [
        (view(S.QUEUED), ["Cancel"]),
        (view(S.RUNNING), []),
        (view(S.DELIVERED), []),  # the film's own message has them
        (view(S.DELIVERED, film_channel_id=99), ENCORES),  # it went to somebody directly
        (view(S.DELIVERED, film_message_id=CARD, film_fitted=True), [*ENCORES, "Full quality"]),
        (view(S.KEPT), ["Get the film", *ENCORES]),
        (view(S.UNCONFIRMED), []),
        (view(S.UNCONFIRMED, failure=Failure.LOST), ["Try again", "Change words"]),
        (view(S.CANCELLED), ["Change words", "Try again"]),
        (view(S.EXPIRED), ["Try again", "Change words"]),
        (view(S.REFUSED), ["Change words", "Try again"]),
        (view(S.REFUSED, failure=Failure.PICTURE), ["Another model", "Try again"]),
        (view(S.REFUSED, failure=Failure.MODEL_CLOSED), ["Another model"]),
        (view(S.REFUSED, failure=Failure.SERVICE_OFF), ["Another model"]),
    ],
)
async def test_a_card_offers_what_one_can_do_now(where: CardView, labels: list[str]) -> None:
    """Each end has its way on; what is likeliest to help comes first."""
    layout = painter().draw(where)
    buttons = [each for each in layout.walk_children() if isinstance(each, TaskButton)]
    assert [button.item.label for button in buttons] == labels


async def test_a_private_copy_with_the_film_can_be_gone_on_from() -> None:
    """`/video show` has the buttons too: the film's message may have been deleted."""
    layout = painter().draw(view(S.DELIVERED), films=["fox-0123456789ab.mp4"])
    buttons = [each for each in layout.walk_children() if isinstance(each, TaskButton)]
    assert [button.item.label for button in buttons] == ENCORES


async def test_a_film_that_goes_on_links_to_the_one_before() -> None:
    """From the first card to the receipt, and in a server whose AutoMod blocks the words."""
    shown = replace(view(S.RUNNING), before=Spot(CHANNEL, 77))
    line = f"Continues [the film before](https://discord.com/channels/10/{CHANNEL}/77)"
    assert line in text_of(painter().draw(shown))
    assert line in text_of(painter().draw_unquoted(shown))
    assert painter().digest(shown) != painter().digest(view(S.RUNNING))
