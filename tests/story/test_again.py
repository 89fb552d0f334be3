"""*Again* below a film; *Try again* and *Change words* on a failure card."""

import asyncio
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from PIL import Image

from bot.domain.quota import LedgerKind
from sandbox.discord import Call, Member, Message, Permissions, Upload
from sandbox.services import Scenario
from tests.story.world import FULL_POOL, PATIENCE, MovableClock, World, card_of, picture, refusal_of

MOMENT = timedelta(seconds=3)


async def _filmed(world: World, command: str = "video text", **options: Any) -> Message:
    """Order a film; return the message that brings it."""
    call = await world.ada.slash(world.channel, command, **{"prompt": "a boat", **options})
    card = card_of(await call.answered())
    await world.film_of(card)
    return await world.film_message(card)


async def _failed(world: World, prompt: str = "a boat", **options: Any) -> Message:
    """Order a film that never comes; return its card."""
    call = await world.ada.slash(world.channel, "video text", prompt=prompt, **options)
    return await card_of(call).until(lambda shown: "credits are back" in shown.text)


async def _press(member: Member, message: Message, button: str) -> Call:
    return await (await member.click(message, button)).answered()


def _labels(message: Message) -> list[str]:
    return [button.label for button in message.buttons]


def _looks(sent: bytes | None) -> tuple[tuple[int, int], bytes] | None:
    """Return a picture's size and a sketch of it, in which encoding it anew leaves no trace."""
    if sent is None:
        return None
    image = Image.open(BytesIO(sent))
    sketch = image.resize((8, 8)).convert("L").point(lambda value: value // 32)
    return image.size, sketch.tobytes()


# Again


@pytest.mark.parametrize(
    ("command", "options"),
    [
        ("video text", {"model": "t2v", "aspect": "9:16", "duration": 8}),
        ("video image", {"image": Upload("boat.png", picture()), "model": "sora-2"}),
        ("video long", {"image": Upload("boat.png", picture()), "shot1": "dawn", "shot2": "dusk"}),
    ],
)
async def test_again_is_the_same_order_by_who_presses(
    world: World, command: str, options: dict[str, Any]
) -> None:
    """Model, words, shape, length and picture are the same; the presser pays, and has the card."""
    given = options if command == "video long" else {"prompt": "a boat", **options}
    async with world.bot() as app:
        call = await world.ada.slash(world.channel, command, **given)
        card = card_of(await call.answered())
        await world.film_of(card)
        film = await world.film_message(card)
        assert _labels(film) == ["Continue", "Again"]
        await world.film(await _press(world.ben, film, "Again"))

        second, first = await world.tasks(app)
        for fact in ("model", "door", "prompts", "aspect", "duration", "cost"):
            assert getattr(first, fact) == getattr(second, fact)
        assert (first.member_id, second.member_id) == (world.ada.id, world.ben.id)
        service = world.apigo if first.provider == "apigo" else world.aivideomaker
        sent = [create.picture for create in service.creates]
        assert _looks(sent[0]) == _looks(sent[1])
        assert (sent[0] is None) == (first.door == "text")
        assert await world.left(app) == FULL_POOL - 2 * first.cost


async def test_again_works_after_a_restart_and_with_a_dead_token(world: World) -> None:
    """The button needs nothing but itself and the rows."""
    async with world.bot():
        film = await _filmed(world)
    world.discord.expire_tokens()
    async with world.bot() as app:
        await world.film(await _press(world.ada, film, "Again"))
        assert len(await world.tasks(app)) == 2


async def test_a_double_click_is_one_order(world: World) -> None:
    """An impatient finger gets one film and pays for one; a moment later it is a new wish."""
    clock = MovableClock()
    async with world.bot(clock=clock) as app:
        film = await _filmed(world)
        calls = await asyncio.gather(*(_press(world.ada, film, "Again") for _ in range(2)))
        assert len([call for call in calls if call.message is not None]) == 1
        (told,) = [call.text for call in calls if call.message is None]
        assert "one film, paid once" in told
        assert len(await world.tasks(app)) == 2

        assert (await _press(world.ben, film, "Again")).message is not None
        await app.client.settle(PATIENCE)
        clock.ahead = MOMENT
        assert (await _press(world.ada, film, "Again")).message is not None
        assert len(await world.tasks(app)) == 4


async def test_who_cannot_pay_is_told_privately(world: World) -> None:
    """No card, no figure in public, and the button works at once when there are credits."""
    async with world.bot() as app:
        film = await _filmed(world)
        await world.admin.slash(world.channel, "quota member", credits=0, user=world.ben)
        assert "you have 0 left" in await refusal_of(await _press(world.ben, film, "Again"))
        await world.admin.slash(world.channel, "quota member", credits=5, user=world.ben)
        assert (await _press(world.ben, film, "Again")).message is not None
        assert len(await world.tasks(app)) == 2


async def test_who_may_not_use_commands_may_not_press(world: World) -> None:
    """A button is no way around what an admin has forbidden."""
    async with world.bot() as app:
        film = await _filmed(world)
        world.channel.set_permissions(world.ben, deny=Permissions.USE_APPLICATION_COMMANDS)
        for button in ("Again", "Continue"):
            call = await _press(world.ben, film, button)
            assert "Use Application Commands" in await refusal_of(call)
        assert len(await world.tasks(app)) == 1


async def test_a_picture_that_left_the_disk(world: World) -> None:
    """A week later the picture is gone; the answer says what to do, and nothing is held."""
    async with world.bot() as app:
        film = await _filmed(world, "video image", image=Upload("boat.png", picture()))
        app.resources.shelf.picture((await world.task(app)).picture or "").unlink()
        text = await refusal_of(await _press(world.ada, film, "Again"))
        assert "Upload it again" in text
        assert len(await world.tasks(app)) == 1
        assert world.creates == 1


async def test_a_film_inside_its_card_has_the_buttons_there(world: World) -> None:
    """Where the bot may not write, the card plays the film and is where one goes on from."""
    assert world.guild.me is not None
    world.channel.set_permissions(world.guild.me, deny=Permissions.SEND_MESSAGES)
    async with world.bot() as app:
        card = card_of(await world.ada.slash(world.channel, "video text", prompt="a boat"))
        await card.until(lambda shown: "Done" in shown.text)
        assert _labels(card) == ["Continue", "Again"]
        again = card_of(await _press(world.ben, card, "Again"))
        await again.until(lambda shown: "Done" in shown.text)
        assert len(await world.tasks(app)) == 2


# Try again, Change words


async def test_try_again_brings_the_film(world: World) -> None:
    """One film failed and its credits came back; the second one is paid and comes."""
    async with world.bot():
        world.aivideomaker.script(Scenario(fails="no luck"))
        card = await _failed(world)
    world.discord.expire_tokens()
    async with world.bot() as app:
        await world.film(await _press(world.ada, card, "Try again"))
        kinds = [entry.kind for entry in await world.ledger(app)]
        assert kinds == [LedgerKind.HOLD, LedgerKind.RELEASE, LedgerKind.HOLD, LedgerKind.SETTLE]
        assert await world.left(app) == FULL_POOL - 5


async def test_change_words_is_the_order_as_a_form(world: World) -> None:
    """The words and the model and length stand in it; sent, it is a new order with a new card."""
    async with world.bot():
        card = await _failed(world, "a boat [reject]", duration=8)
        form = (await _press(world.ben, card, "Change words")).modal
        assert form is not None
        assert form.fields["prompt"].value == "a boat [reject]"
        assert form.fields["film"].value == ["t2v:8"]
    async with world.bot() as app:
        call = await (await world.ben.submit(form, prompt="a ship")).answered()
        await world.film(call)
        task = (await world.tasks(app))[0]
        assert (task.prompts, task.model, task.member_id) == (("a ship",), "t2v", world.ben.id)
        assert await world.left(app) == FULL_POOL - 8


async def test_another_model_keeps_the_words_and_where_it_can_the_shape(world: World) -> None:
    """Closed upstream: the form has the others, the same words, and the shape that both make."""
    async with world.bot() as app:
        card = await _failed(world, "a boat [closed]", aspect="9:16")
        form = (await _press(world.ada, card, "Another model")).modal
        assert form is not None
        offered = {value.partition(":")[0] for value in form.fields["film"].options}
        assert offered == {"t2v_v3", "sora-2"}
        call = await world.ada.submit(form, prompt="a boat", film="sora-2:4")
        await world.film(await call.answered())
        task = (await world.tasks(app))[0]
        assert (task.model, task.aspect) == ("sora-2", "9:16")
        assert world.apigo.creates[0].fields["prompt"] == "a boat"


async def test_a_storyboard_is_changed_shot_by_shot(world: World) -> None:
    """One shot on each line, as they were; the picture is the same, and need not be uploaded."""
    async with world.bot() as app:
        image = Upload("boat.png", picture())
        call = await world.ada.slash(
            world.channel, "video long", image=image, shot1="dawn [reject]", shot2="dusk"
        )
        card = card_of(await call.answered())
        await card.until(lambda shown: "credits are back" in shown.text)
        form = (await _press(world.ada, card, "Change words")).modal
        assert form is not None
        assert form.fields["shots"].value == "dawn [reject]\ndusk"
        call = await world.ada.submit(form, shots="dawn\nnoon\ndusk")
        await world.film(await call.answered())
        task = (await world.tasks(app))[0]
        assert (task.prompts, task.cost) == (("dawn", "noon", "dusk"), 225)
        assert world.aivideomaker.creates[-1].picture is not None


async def test_a_form_sent_twice_is_one_order(world: World) -> None:
    """Discord may hand a form over twice; it is paid once."""
    async with world.bot() as app:
        card = await _failed(world, "a boat [fail]")
        form = (await _press(world.ada, card, "Change words")).modal
        await (await world.ada.submit(form, prompt="a ship")).answered()
        second = await (await world.ada.submit(form, prompt="a ship")).answered()
        assert second.message is None
        assert len(await world.tasks(app)) == 2


async def test_words_that_are_refused_come_back(world: World) -> None:
    """Nothing is typed in vain: what was too little or too much can be copied."""
    async with world.bot() as app:
        card = await _failed(world, "a boat [fail]")
        form = (await _press(world.ada, card, "Change words")).modal
        await world.admin.slash(world.channel, "quota member", credits=1, user=world.ada)
        text = await refusal_of(await world.ada.submit(form, prompt="a very fine ship"))
        assert "you have 1 left" in text
        assert "a very fine ship" in text
        assert len(await world.tasks(app)) == 1
