"""A bot that is killed or stopped in the middle of the story goes on where it was."""

import signal
from datetime import timedelta

from sandbox.discord import Fault as DiscordFault
from sandbox.discord import Message
from sandbox.newcomer import Cast, open_server
from sandbox.services import FOREVER, Fault, Pace, Scenario
from sandbox.stage import Stage
from tests.process.holding import PATIENCE, Hold

SECONDS = timedelta(seconds=5)
POST = "/channels/{channel}/messages"


async def order(cast: Cast) -> Message:
    """Order a film; return its card."""
    call = await cast.ada.slash(cast.channel, "video text", prompt="a paper boat")
    assert call.message is not None, call.text
    return call.message


async def killed_and_started_again(stage: Stage) -> None:
    """End the bot as a power cut does, and start it again."""
    assert await stage.bot.kill() == -signal.SIGKILL
    await stage.discord.bot_gone()
    await stage.start_bot()


async def stopped_and_started_again(stage: Stage) -> None:
    """Ask the bot to end: it does within seconds, with code 0 and a word in the log."""
    assert await stage.bot.stop(SECONDS) == 0
    await stage.bot.said("what is unfinished goes on at the next start")
    await stage.discord.bot_gone()
    await stage.start_bot()


async def receipt(cast: Cast, card: Message) -> list[Message]:
    """Wait for the card to be the receipt; return all messages with a film."""
    await card.until(lambda shown: "**Done**" in shown.text, PATIENCE)
    return [message for message in cast.channel.messages if message.attachments]


async def test_ended_at_every_line_of_the_story(stage: Stage) -> None:
    """Ended while a film is ordered, waited for, fetched and posted: it comes once, paid once."""
    service, cast = stage.aivideomaker, open_server(stage)
    service.script(Scenario(pace=Pace(queued=FOREVER)))
    await stage.start_bot()

    service.faults.add(Fault("POST", "/api/v1/generate/*", created := Hold(after_effect=True)))
    card = await order(cast)
    await created.reached()
    await killed_and_started_again(stage)

    await card.until(lambda shown: "Accepted" in shown.text, PATIENCE)
    await stopped_and_started_again(stage)

    job = service.creates[0].id
    service.begin(job)
    await card.until(lambda shown: "Being filmed" in shown.text, PATIENCE)
    stage.discord.expire_tokens()
    service.file_faults.add(Fault("GET", "*", fetched := Hold()))
    service.finish(job)
    await fetched.reached()
    await killed_and_started_again(stage)

    stage.discord.faults.add(DiscordFault("POST", POST, posting := Hold()))
    await posting.reached()
    await killed_and_started_again(stage)

    stage.discord.faults.add(DiscordFault("POST", POST, posted := Hold(after_effect=True)))
    await posted.reached()
    await killed_and_started_again(stage)

    (film,) = await receipt(cast, card)
    assert film.reply_to == card
    assert film.pings == [cast.ada.user]
    assert film.jump_url in card.text
    assert len(service.creates) == 1
