"""All six models, from the command to a film that plays, with the documents' requests."""

import base64
from io import BytesIO
from typing import Any

import pytest
from PIL import Image

from sandbox.discord import Upload
from sandbox.services import FOREVER, Pace
from tests.story.world import World, card_of, picture, seconds_of

TEXT_MODELS: list[tuple[str, dict[str, Any], dict[str, Any], int]] = [
    (
        "t2v",
        {"duration": 8, "aspect": "9:16"},
        {"prompt": "a paper boat", "aspectRatio": "9:16", "duration": "8"},
        8,
    ),
    (
        "t2v_v3",
        {"duration": 10, "aspect": "1:1"},
        {"prompt": "a paper boat", "aspectRatio": "1:1", "duration": "10"},
        100,
    ),
]


@pytest.mark.parametrize(("model", "options", "body", "price"), TEXT_MODELS)
async def test_a_text_model(
    world: World, model: str, options: dict[str, Any], body: dict[str, Any], price: int
) -> None:
    """A sentence goes out exactly as documented, costs its price, and comes back as a film."""
    async with world.bot() as app:
        call = await world.ada.slash(
            world.channel, "video text", prompt="a paper boat", model=model, **options
        )
        film = await world.film(call)

        assert world.aivideomaker.requests[0].json == body
        assert world.aivideomaker.creates[0].model == model
        assert seconds_of(film) == pytest.approx(options["duration"], abs=0.2)
        assert await world.left(app) == 500 - price


@pytest.mark.parametrize(("model", "duration", "price"), [("i2v", 5, 5), ("i2v_v3", 10, 100)])
async def test_an_image_model(world: World, model: str, duration: int, price: int) -> None:
    """A picture goes out as a data URI with its exact type, and no shape is sent."""
    async with world.bot() as app:
        call = await world.ada.slash(
            world.channel,
            "video image",
            image=Upload("boat.png", picture()),
            prompt="it sails",
            model=model,
            duration=duration,
        )
        film = await world.film(call)
        sent = world.aivideomaker.requests[0].json

        assert isinstance(sent, dict)
        assert set(sent) == {"image", "prompt", "duration"}
        assert (sent["prompt"], sent["duration"]) == ("it sails", str(duration))
        kind, data = sent["image"].split(",", 1)
        assert kind == "data:image/jpeg;base64"
        assert Image.open(BytesIO(base64.b64decode(data))).size == (320, 180)
        assert seconds_of(film) == pytest.approx(duration, abs=0.2)
        assert await world.left(app) == 500 - price


async def test_the_long_model(world: World) -> None:
    """Shots go out as a list; each is five seconds and fifteen credits a second."""
    async with world.bot() as app:
        call = await world.ada.slash(
            world.channel,
            "video long",
            image=Upload("boat.png", picture()),
            shot1="it sails",
            shot2="it sinks",
        )
        film = await world.film(call)
        sent = world.aivideomaker.requests[0].json

        assert isinstance(sent, dict)
        assert sent["prompt"] == ["it sails", "it sinks"]
        assert set(sent) == {"image", "prompt"}
        assert seconds_of(film) == pytest.approx(10, abs=0.2)
        assert await world.left(app) == 500 - 150


async def test_six_shots_are_the_longest_film(world: World) -> None:
    """All six shots in their order, half a minute for 450 credits; a gap between them is closed."""
    world.aivideomaker.pace = Pace(queued=FOREVER)
    async with world.bot() as app:
        boat = Upload("boat.png", picture())
        shots = {f"shot{number}": f"scene {number}" for number in range(1, 7)}
        first = card_of(await world.ada.slash(world.channel, "video long", image=boat, **shots))
        await first.until(lambda shown: "Accepted" in shown.text)
        assert await world.left(app) == 500 - 450
        await world.admin.slash(world.channel, "quota grant", credits=100)
        call = await world.ada.slash(
            world.channel, "video long", image=boat, shot1="one", shot5="two"
        )
        card = card_of(await call.answered())
        await card.until(lambda shown: "Accepted" in shown.text)

        assert "30 s" in first.text
        asked = [create.fields["prompt"] for create in world.aivideomaker.creates]
        assert asked == [list(shots.values()), ["one", "two"]]


@pytest.mark.parametrize(("aspect", "size"), [("16:9", "1280x720"), ("9:16", "720x1280")])
async def test_sora_from_text(world: World, aspect: str, size: str) -> None:
    """The OpenAI-style service gets a form with pixels and seconds as text."""
    async with world.bot() as app:
        call = await world.ada.slash(
            world.channel, "video text", prompt="a kite", model="sora-2", aspect=aspect
        )
        film = await world.film(call)
        form = world.apigo.requests[0].form

        assert form is not None
        assert {part.name: part.data.decode() for part in form} == {
            "model": "sora-2",
            "prompt": "a kite",
            "size": size,
            "seconds": "4",
        }
        assert seconds_of(film) == pytest.approx(4, abs=0.2)
        assert await world.left(app) == 500 - 40


async def test_sora_from_a_picture(world: World) -> None:
    """The picture's shape chooses the size, and it is cut to exactly that size."""
    async with world.bot():
        call = await world.ada.slash(
            world.channel,
            "video image",
            image=Upload("tall.png", picture((300, 500))),
            prompt="it flies",
            model="sora-2",
        )
        await world.film(call)
        form = world.apigo.requests[0].form

        assert form is not None
        parts = {part.name: part for part in form}
        assert parts["size"].data == b"720x1280"
        assert parts["input_reference"].content_type == "image/jpeg"
        assert Image.open(BytesIO(parts["input_reference"].data)).size == (720, 1280)
