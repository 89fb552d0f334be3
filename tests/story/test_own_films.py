"""`/video list`, `show` and `credits`: what members see of their own."""

from sandbox.services import FOREVER, Pace
from tests.story.world import World, card_of


async def test_the_list_is_ones_own(world: World) -> None:
    """`/video list` shows state, prompt and a link that leads somewhere, to its asker alone."""
    async with world.bot() as app:
        call = await world.ada.slash(world.channel, "video text", prompt="a paper boat")
        await world.film(call)
        task = await world.task(app)
        mine = await world.ada.slash(world.channel, "video list")
        his = await world.ben.slash(world.channel, "video list")

        assert mine.message is None
        film = await world.film_message(card_of(call))
        for fact in (task.id, "Done", "a paper boat", film.jump_url):
            assert fact in mine.text
        assert "no films yet" in his.text


async def test_the_list_shows_the_newest_first(world: World) -> None:
    """Of two films the later one stands above."""
    world.aivideomaker.pace = Pace(queued=FOREVER)
    async with world.bot():
        for prompt in ("the first boat", "the second boat"):
            await world.ada.slash(world.channel, "video text", prompt=prompt)
        text = (await world.ada.slash(world.channel, "video list")).text
        assert text.index("the second boat") < text.index("the first boat")


async def test_show_plays_the_film_privately(world: World) -> None:
    """`/video show` attaches the very film, for the asker alone, also for another member."""
    async with world.bot() as app:
        film = await world.film(
            await world.ada.slash(world.channel, "video text", prompt="a paper boat")
        )
        task = await world.task(app)
        for member in (world.ada, world.ben):
            shown = await world.shown(member, task.id)
            assert shown.message is None
            assert [file.data for file in shown.private[0].attachments] == [film.data]
            assert "Done" in shown.text


async def test_ids_are_offered_while_typing(world: World) -> None:
    """`show` offers all of one's films, `cancel` those still under way; nobody else's."""
    async with world.bot() as app:
        await world.film(await world.ada.slash(world.channel, "video text", prompt="done boat"))
        world.aivideomaker.pace = Pace(queued=FOREVER)
        await world.ada.slash(world.channel, "video text", prompt="waiting boat")
        waiting, done = await world.tasks(app)

        async def offered(command: str, typed: str = "") -> list[str | float]:
            found = await world.ada.autocomplete(
                world.channel, f"video {command}", focused="id", id=typed
            )
            return [choice.value for choice in found]

        assert await offered("show") == [waiting.id, done.id]
        assert await offered("show", "done") == [done.id]
        assert await offered("cancel") == [waiting.id]
        assert await world.ben.autocomplete(world.channel, "video show", focused="id") == []


async def test_credits_tell_limit_spent_held_left_and_renewal(world: World) -> None:
    """`/video credits` has one's own figures and the server's, in private."""
    async with world.bot() as app:
        await world.admin.slash(world.channel, "quota member", credits=20, user=world.ada)
        await world.film(await world.ada.slash(world.channel, "video text", prompt="a boat"))
        world.aivideomaker.pace = Pace(queued=FOREVER)
        await world.ada.slash(world.channel, "video text", prompt="a boat", duration=8)
        call = await world.ada.slash(world.channel, "video credits")

        assert call.message is None
        own, pool = call.text.split("Server:")
        for fact in ("Own limit: 20", "Spent: 13, of which held", ": 8", "Left: **7**"):
            assert fact in own
        for fact in (" 500", "Spent: 13", "Left: **487**", "Renews <t:"):
            assert fact in pool
        assert await world.left(app, world.ada) == 7
