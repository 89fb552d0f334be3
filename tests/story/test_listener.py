"""`/healthz` and `/metrics` of a bot that has something to tell."""

from typing import Any

import aiohttp
from prometheus_client.parser import text_string_to_metric_families

from bot.app import App
from sandbox.services import FOREVER, Pace
from tests.story.world import AVM_KEY, TOKEN, World, card_of


async def _get(app: App, path: str) -> aiohttp.ClientResponse:
    assert app.listener is not None
    url = f"http://127.0.0.1:{app.listener.port}{path}"
    async with aiohttp.ClientSession() as session, session.get(url) as answer:
        await answer.read()
        return answer


async def _figures(app: App) -> dict[tuple[str, ...], float]:
    """Return every sample of /metrics by its name and label values."""
    text = await (await _get(app, "/metrics")).text()
    assert TOKEN not in text
    assert AVM_KEY not in text
    return {
        (sample.name, *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


async def test_health_tells_gateway_database_and_services(world: World) -> None:
    """A connected bot is well; each service has when it last answered sensibly."""
    async with world.bot(http_port=0) as app:
        before: dict[str, Any] = await (await _get(app, "/healthz")).json()
        await world.film(await world.ada.slash(world.channel, "video text", prompt="a boat"))
        await app.client.wait_until_ready()
        answer = await _get(app, "/healthz")
        after: dict[str, Any] = await answer.json()

        assert (answer.status, after["healthy"], after["wrong"]) == (200, True, [])
        assert before["providers"]["aivideomaker"]["last_good_answer"] is None
        assert after["providers"]["aivideomaker"]["age_seconds"] < 10
        assert after["providers"]["apigo"]["last_good_answer"] is None


async def test_a_bot_without_discord_is_unwell(world: World) -> None:
    """503 and a word on what is wrong, for whoever restarts or watches the process."""
    async with world.bot(http_port=0) as app:
        await app.client.wait_until_ready()
        world.discord.gateway.refusing = True
        world.discord.gateway.drop()
        await world.discord.bot_gone()
        answer = await _get(app, "/healthz")
        assert answer.status == 503
        assert "gateway" in str((await answer.json())["wrong"])


async def test_metrics_follow_the_story(world: World) -> None:
    """Queue, upstream, moves, delays and queries are counted, without naming anybody."""
    async with world.bot(http_port=0, aivideomaker_in_flight=1) as app:
        await world.film(await world.ada.slash(world.channel, "video text", prompt="a boat"))
        world.aivideomaker.pace = Pace(queued=FOREVER)
        cards = [
            card_of(await world.ada.slash(world.channel, "video text", prompt="a boat"))
            for _ in range(3)
        ]
        await cards[0].until(lambda shown: "Accepted" in shown.text)
        await cards[2].until(lambda shown: "2nd in line" in shown.text)
        figures = await _figures(app)

        assert figures["clapboard_queue_length",] == 2
        assert figures["clapboard_in_flight", "aivideomaker"] == 1
        assert figures["clapboard_in_flight", "apigo"] == 0
        assert figures["clapboard_flagged_tasks",] == 0
        assert figures["clapboard_tasks", "DELIVERED"] == 1
        assert figures["clapboard_task_moves_total", "DELIVERED"] == 1
        assert figures["clapboard_task_moves_total", "SUBMITTED"] == 2
        assert figures["clapboard_delay_seconds_count", "render"] == 1
        assert figures["clapboard_delay_seconds_count", "deliver"] == 1
        asked = {key[1:] for key in figures if key[0] == "clapboard_queries_total"}
        assert any({"aivideomaker", "create"} <= set(labels) for labels in asked), asked
        names = {str(world.guild.id), str(world.ada.id)}
        assert not any(names & set(key) for key in figures)


async def test_nothing_listens_unless_asked_to(world: World) -> None:
    """Without HTTP_PORT there is no listener."""
    async with world.bot() as app:
        assert app.listener is None
