"""Orders with pictures, and what becomes of each: a sentence, or a film in the making."""

from bot.discord_ui.words import words_for
from bot.errors import FieldValue, Refusal, Refused
from sandbox.discord import Call, Upload
from tests.story.world import World, picture, refusal_of

BOAT = Upload("boat.png", picture())
TAKEN = "taken"


def sentence(refusal: Refusal | None, **fields: FieldValue) -> str:
    """Return what a member reads; for no refusal, a mark."""
    if refusal is None:
        return TAKEN
    return words_for("en-US").refusal(Refused(refusal, **fields))


async def told(call: Call) -> str:
    """Return what a call was told in the end: words for its member alone, or that it is taken."""
    await call.until(lambda seen: any(not answer.loading for answer in seen.messages))
    if call.message is None:
        return await refusal_of(call)
    await call.message.until(lambda shown: "Accepted" in shown.text)
    return TAKEN


async def ordered(world: World, upload: Upload) -> str:
    """Order a film from a picture; return what became of that."""
    call = await world.ada.slash(world.channel, "video image", image=upload, prompt="it sails")
    return await told(call)
