"""Long films: the menu *Storyboard* with one shot on each line, and what is shown beforehand."""

from pathlib import Path

import pytest

from sandbox.discord import Form, Message, Upload
from tests.story.world import FULL_POOL, World, card_of, picture, refusal_of, seconds_of

MENU = "Storyboard"
CHEAPER = """
[models.lv-lite]
title = "Long Video Lite"
provider = "aivideomaker"
takes = ["long"]
shot = 4
shots_limit = 2
prompt_limit = 30
price = { per_second = 1 }
request.image = { source = "picture" }
request.prompt = { source = "shots", kind = "strings" }
"""


async def _posted(world: World) -> Message:
    return await world.ben.say(world.channel, uploads=[Upload("boat.png", picture())])


async def _opened(world: World) -> Form:
    form = (await world.ada.menu(world.channel, MENU, await _posted(world))).modal
    assert form is not None
    return form


async def test_length_and_price_are_shown_before_anything_is_spent(world: World) -> None:
    """The form has a line for each count of shots, as the catalogue has it."""
    async with world.bot() as app:
        form = await _opened(world)
        assert form.texts[0].splitlines() == [
            "1 shot · 5 s · 75 credits",
            "2 shots · 10 s · 150 credits",
            "3 shots · 15 s · 225 credits",
            "4 shots · 20 s · 300 credits",
            "5 shots · 25 s · 375 credits",
            "6 shots · 30 s · 450 credits",
        ]
        assert list(form.fields) == ["shots"]
        assert await world.untouched(app)


async def test_one_shot_on_each_line(world: World) -> None:
    """Blank lines do not count; the card lists the shots; a restart in between does no harm."""
    async with world.bot():
        form = await _opened(world)
    async with world.bot() as app:
        call = await world.ada.submit(form, shots="it sails\n\n  a storm comes \nthe sun sets\n")
        card = card_of(await call.answered())
        film = await world.film_of(card)

        assert "1\\. it sails\n2\\. a storm comes\n3\\. the sun sets" in card.text
        assert "15 s · 225 credits" in card.text
        sent = world.aivideomaker.requests[0].json
        assert isinstance(sent, dict)
        assert sent["prompt"] == ["it sails", "a storm comes", "the sun sets"]
        assert round(seconds_of(film)) == 15
        assert await world.left(app) == FULL_POOL - 225
        assert (await world.task(app)).source_member_id == world.ben.id


@pytest.mark.parametrize(
    ("shots", "told"),
    [
        ("\n".join(f"shot {sign}" for sign in "abcdefgh"), "8 shots and `lv` takes at most 6"),
        ("it sails\n" + "x" * 3001, "Shot 2 has 3,001 characters"),
        ("", "Tell me what should happen"),
        (" \n\n ", "Tell me what should happen"),
    ],
    ids=["too many", "too long", "empty", "blank"],
)
async def test_what_cannot_be_made_is_given_back(world: World, shots: str, told: str) -> None:
    """The refusal says how many or how long, and holds what was typed, to copy."""
    async with world.bot() as app:
        call = await world.ada.submit(await _opened(world), shots=shots)
        text = await refusal_of(call)
        assert told in text
        kept = "".join(file.data.decode() for file in call.private[0].attachments)
        assert shots.strip() in text + kept
        assert await world.untouched(app)


async def test_no_form_where_no_model_is_on_sale(world: World) -> None:
    """Better told before six shots are typed than after."""
    async with world.bot(aivideomaker_api_key=None) as app:
        call = await world.ada.menu(world.channel, MENU, await _posted(world))
        assert call.modal is None
        assert "No model for this is on sale" in await refusal_of(call)
        assert await world.untouched(app)


async def test_several_models_are_a_choice(world: World, tmp_path: Path) -> None:
    """Another model for long films has its own prices and limits, in the form and in the order."""
    catalogue = tmp_path / "more.toml"
    catalogue.write_text(CHEAPER)
    async with world.bot(catalog_file=catalogue) as app:
        form = await _opened(world)
        assert form.texts[0].splitlines()[-3:] == [
            "**Long Video Lite**",
            "1 shot · 4 s · 4 credits",
            "2 shots · 8 s · 8 credits",
        ]
        assert form.fields["film"].options == ("lv:", "lv-lite:")
        await (await world.ada.submit(form, shots="a\nb", film="lv-lite:")).answered()
        task = await world.task(app)
        assert (task.model, task.cost) == ("lv-lite", 8)


async def test_the_command_tells_prices_while_the_shots_are_typed(world: World) -> None:
    """Each shot of `/video long` says what all so far come to."""
    async with world.bot():
        told = {
            option["name"]: option["description"]
            for command in world.discord.world.commands[None]
            for sub in command.get("options") or []
            for option in sub.get("options") or []
            if (command["name"], sub["name"]) == ("video", "long")
        }
        assert told["shot1"] == "What happens first · 1 shot · 5 s · 75 credits"
        assert told["shot6"] == "The last shot · 6 shots · 30 s · 450 credits"
        assert told["image"] == "The picture the film begins with"
