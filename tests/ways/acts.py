"""What a member does to have a picture animated: every way in that there is."""

from sandbox.discord import Avatar, Message
from sandbox.services.films.order import frame_size
from tests.ways import places
from tests.ways.marker import Size
from tests.ways.row import Answer, Way
from tests.ways.scene import Scene

FILMED = 96
"""Pixels of the longer side of each film."""
SHORTEST = 300
"""Pixels of the longer side of what is sent; smaller pictures are enlarged."""

NO_PICTURE = (
    "I found no picture there. Attach one, reply to a message with one, or right-click it and"
    " choose **Apps → Animate image**."
)
NO_PICTURE_SAID = (
    "Attach a picture or reply to one, and I'll bring it to life. `/video text` needs no picture."
)
LONG_ONLY = (
    "`lv` works with `/video long`. For this command you can choose `i2v`, `i2v_v3`, `sora-2`."
)
BY_DEFAULT = ("i2v",)
IN_A_FORM = ("i2v", "i2v_v3", "sora-2")
EVERY = (*IN_A_FORM, "lv")


async def image_command(scene: Scene) -> Answer:
    """`/video image`."""
    call = await scene.world.ada.slash(
        scene.channel,
        "video image",
        image=scene.upload,
        prompt=scene.words,
        model=scene.row.model.name,
    )
    return await scene.answer(call)


async def long_command(scene: Scene) -> Answer:
    """`/video long`."""
    call = await scene.world.ada.slash(
        scene.channel, "video long", image=scene.upload, shot1=scene.words
    )
    return await scene.answer(call)


async def animate_image(scene: Scene) -> Answer:
    """The menu of a message, and its form."""
    return await _menu(scene, "Animate image", prompt=scene.words, film=scene.film_choice)


async def storyboard(scene: Scene) -> Answer:
    """The other menu of a message, and its form."""
    return await _menu(scene, "Storyboard", shots=scene.words)


async def _menu(scene: Scene, name: str, **answers: str) -> Answer:
    posted = await scene.posted(scene.world.ben)
    call = await scene.world.ada.menu(scene.channel, name, posted)
    if call.modal is None:
        return await scene.answer(call)
    if scene.row.place.number:
        answers["picture"] = str(scene.row.place.number)
    return await scene.sent(call.modal, **answers)


async def animate_avatar(scene: Scene) -> Answer:
    """The menu of a member, and its form."""
    person = scene.world.guild.add_member("Wearer")
    data = scene.row.format.data
    moving = data if scene.upload.name.endswith(".gif") else None
    person.user.avatar = Avatar(places.first_frame(data), moving)
    call = await scene.world.ada.menu(scene.channel, "Animate avatar", person)
    return await scene.sent(call.modal, prompt=scene.words, film=scene.film_choice)


async def mention(scene: Scene) -> Answer:
    """A message with the picture in it that mentions the bot."""
    asked = await scene.posted(scene.world.ada, scene.words, mention_bot=True)
    return await scene.answer_to(asked)


async def reply(scene: Scene) -> Answer:
    """A reply to somebody's message that mentions the bot."""
    posted = await scene.posted(scene.world.ben)
    return await scene.answer_to(await _asked(scene, posted))


async def upload_it(scene: Scene) -> Answer:
    """A reply to a picture that Discord hides from the bot, and the form that it offers then."""
    posted = await scene.world.ben.say(scene.channel, uploads=[scene.upload])
    asked = await _asked(scene, posted)
    told = await scene.channel.until(lambda shown: shown.reply_to == asked)
    form = (await scene.world.ada.click(told, "Upload it")).modal
    return await scene.sent(form, upload=scene.upload, film=scene.film_choice)


async def again(scene: Scene) -> Answer:
    """*Again* on a film from the picture."""
    is_long = scene.row.model.name == "lv"
    card = await (long_command if is_long else image_command)(scene)
    film = await scene.film_message(card)
    return await scene.answer(await scene.world.ben.click(film, "Again"))


async def continue_it(scene: Scene) -> Answer:
    """*Continue* on a film from the picture, and its form."""
    call = await scene.world.ada.slash(scene.channel, "video image", image=scene.upload)
    film = await scene.film_message(await scene.answer(call))
    form = (await scene.world.ada.click(film, "Continue")).modal
    return await scene.sent(form, prompt=scene.words, film=scene.film_choice)


async def _asked(scene: Scene, posted: Message) -> Message:
    return await scene.world.ada.say(scene.channel, scene.words, reply_to=posted, mention_bot=True)


def as_filmed(size: Size) -> Size:
    """Return the size of a film's last picture, enlarged to what services take."""
    width, height = frame_size(size, FILMED)
    factor = SHORTEST / max(width, height)
    return round(width * factor), round(height * factor)


IN_ONE_MESSAGE = (places.ATTACHED, places.PREVIEWED, places.STICKER, places.EMOJI_IN_TEXT)
IN_ANOTHER = tuple(place for place in places.IN_A_MESSAGE if place is not places.SECOND)

WAYS = (
    Way("image command", image_command, (places.AT_HAND,), EVERY, {"lv": LONG_ONLY}),
    Way("long command", long_command, (places.AT_HAND,), ("lv",)),
    Way("Animate image", animate_image, places.IN_A_MESSAGE, IN_A_FORM, blank=NO_PICTURE),
    Way("Storyboard", storyboard, places.IN_A_MESSAGE, ("lv",), blank=NO_PICTURE),
    Way("Animate avatar", animate_avatar, (places.WORN_BY_SOMEBODY,), IN_A_FORM),
    Way("mention", mention, IN_ONE_MESSAGE, BY_DEFAULT, blank=NO_PICTURE_SAID),
    Way("reply", reply, IN_ANOTHER, BY_DEFAULT, blank=NO_PICTURE_SAID),
    Way(
        "Upload it",
        upload_it,
        (places.AT_HAND,),
        IN_A_FORM,
        settings={"message_content": "off"},
    ),
    Way(
        "Again",
        again,
        (places.OF_AN_EARLIER_TASK,),
        EVERY,
        sends=2,
        spends=lambda cost: 2 * cost,
    ),
    Way(
        "Continue",
        continue_it,
        (places.OF_AN_EARLIER_TASK,),
        IN_A_FORM,
        size=as_filmed,
        spends=lambda cost: 5 + cost,  # the film before
    ),
)
