"""The message menu *Animate image* and its form."""

from io import BytesIO

from PIL import Image

from sandbox.discord import Member, Message, Upload
from sandbox.services import FOREVER, Pace
from tests.story.world import FULL_POOL, World, card_of, picture, refusal_of, seconds_of

MENU = "Animate image"


async def _posted(world: World, *uploads: Upload, by: Member | None = None) -> Message:
    return await (by or world.ben).say(world.channel, "look", uploads=list(uploads))


async def test_from_the_menu_to_the_film(world: World) -> None:
    """The form asks what should happen, and which model and length; the film replies to the card.

    The message content intent is not needed: the menu itself shows us the picture.
    """
    message = await _posted(world, Upload("boat.png", picture()))
    async with world.bot(message_content="off") as app:
        form = (await world.ada.menu(world.channel, MENU, message)).modal
        assert form is not None
        assert list(form.fields) == ["prompt", "film"]
        call = await world.ada.submit(form, prompt="it sails away", film="i2v:8")
        film = await world.film(await call.answered())

        sent = world.aivideomaker.requests[0].json
        assert isinstance(sent, dict)
        assert (sent["prompt"], sent["duration"]) == ("it sails away", "8")
        assert round(seconds_of(film)) == 8
        assert await world.left(app) == FULL_POOL - 8


async def test_each_model_and_length_has_its_price(world: World) -> None:
    """The form's list has every model for pictures in every length, with the credits."""
    message = await _posted(world, Upload("boat.png", picture()))
    async with world.bot():
        form = (await world.ada.menu(world.channel, MENU, message)).modal
        assert form is not None
        prices = {
            option["value"]: option["description"] for option in form.fields["film"].sent["options"]
        }
        assert prices == {
            "i2v:5": "5 credits",
            "i2v:8": "8 credits",
            "i2v_v3:5": "50 credits",
            "i2v_v3:10": "100 credits",
            "i2v_v3:15": "150 credits",
            "i2v_v3:20": "200 credits",
            "sora-2:4": "40 credits",
            "sora-2:8": "80 credits",
            "sora-2:12": "120 credits",
        }


async def test_left_as_it_is_the_form_is_an_order(world: World) -> None:
    """The cheapest film is chosen already, and a picture needs no words."""
    message = await _posted(world, Upload("boat.png", picture()))
    async with world.bot() as app:
        form = (await world.ada.menu(world.channel, MENU, message)).modal
        await world.film(await (await world.ada.submit(form)).answered())
        assert (await world.task(app)).prompts == ()
        assert await world.left(app) == FULL_POOL - 5


async def test_one_of_several_pictures_is_chosen(world: World) -> None:
    """Several pictures: the form asks which, and that one is sent."""
    world.aivideomaker.pace = Pace(queued=FOREVER)
    message = await _posted(
        world,
        Upload("wide.png", picture((320, 160))),
        Upload("notes.txt", b"no picture"),
        Upload("tall.png", picture((160, 320))),
    )
    async with world.bot():
        form = (await world.ada.menu(world.channel, MENU, message)).modal
        assert form is not None
        assert form.fields["picture"].options == ("0", "1")
        call = await world.ada.submit(form, prompt="x", picture="1")
        card = card_of(await call.answered())
        await card.until(lambda shown: "Accepted" in shown.text)
        sent = world.aivideomaker.creates[0].picture
        assert sent is not None
        assert _size(sent) == (160, 320)


async def test_no_picture_no_form(world: World) -> None:
    """A message without a picture: a private word on where pictures come from, and no form."""
    message = await world.ben.say(world.channel, "just words")
    async with world.bot() as app:
        call = await world.ada.menu(world.channel, MENU, message)
        assert call.modal is None
        assert "found no picture" in await refusal_of(call)
        assert await world.untouched(app)


async def test_a_form_outlives_a_restart(world: World) -> None:
    """A form that was open while the bot was restarted is taken all the same."""
    message = await _posted(world, Upload("boat.png", picture()))
    async with world.bot():
        form = (await world.ada.menu(world.channel, MENU, message)).modal
    async with world.bot():
        call = await world.ada.submit(form, prompt="it sails")
        await world.film(await call.answered())


async def test_a_card_is_no_picture(world: World) -> None:
    """The menu on a card is refused kindly."""
    async with world.bot():
        card = card_of(await world.ada.slash(world.channel, "video text", prompt="a boat"))
        call = await world.ben.menu(world.channel, MENU, card)
        assert call.modal is None
        assert "found no picture" in await refusal_of(call)


def _size(data: bytes) -> tuple[int, int]:
    return Image.open(BytesIO(data)).size
