"""What a member does and what they see, with the real discord.py in between."""

from datetime import timedelta

import discord as library
import pytest

from sandbox.discord import Channel, Discord, Guild, Member, Unplayable, Upload
from tests.sandbox_discord.toy import TOKEN, Toy, card, running


@pytest.mark.usefixtures("bot")
async def test_slash_is_answered_with_a_card(channel: Channel, ada: Member) -> None:
    """A slash command with typed options is answered by a public Components V2 message."""
    call = await ada.slash(channel, "video text", prompt="a cat", model="sora-2", duration=8)
    assert not call.failed
    assert call.message is not None
    assert call.message.text == "a cat sora-2 8"
    assert call.took < timedelta(seconds=1)
    assert [button.label for button in call.message.buttons] == ["Cancel"]
    assert channel.messages == [call.message]


@pytest.mark.usefixtures("bot")
async def test_dynamic_button_changes_its_message(channel: Channel, ada: Member) -> None:
    """A click on a dynamic item edits the message it hangs on."""
    call = await ada.slash(channel, "video text", prompt="a cat")
    assert call.message is not None
    click = await ada.click(call.message, "Cancel")
    assert click.message is call.message
    assert call.message.text == "task 7 cancelled"
    assert [text for _, text in call.message.edits] == ["task 7 cancelled"]
    assert call.message.buttons == []
    with pytest.raises(Unplayable, match="there is no 'Cancel'"):
        await ada.click(call.message, "Cancel")


@pytest.mark.usefixtures("bot")
async def test_options_are_checked_as_a_client_does(channel: Channel, ada: Member) -> None:
    """Unknown commands and options, missing, mistyped and overlong values raise in the driver."""
    with pytest.raises(Unplayable, match="no command"):
        await ada.slash(channel, "nothing")
    with pytest.raises(Unplayable, match="has no 'sound'"):
        await ada.slash(channel, "video sound")
    with pytest.raises(Unplayable, match="no option"):
        await ada.slash(channel, "video text", prompt="a", colour="red")
    with pytest.raises(Unplayable, match="required"):
        await ada.slash(channel, "video text")
    with pytest.raises(Unplayable, match="takes int"):
        await ada.slash(channel, "video text", prompt="a", duration="8")
    with pytest.raises(Unplayable, match="takes 1 to 100"):
        await ada.slash(channel, "video text", prompt="a" * 101)


@pytest.mark.usefixtures("bot")
async def test_autocomplete_suggests(channel: Channel, ada: Member) -> None:
    """What the bot suggests while typing arrives as choices."""
    found = await ada.autocomplete(channel, "video text", focused="model", model="t2")
    assert [choice.value for choice in found] == ["t2v", "t2v_v3"]


@pytest.mark.usefixtures("bot")
async def test_attachment_option_is_downloadable(channel: Channel, ada: Member) -> None:
    """An uploaded option arrives with its bytes behind a signed link, the answer is private."""
    call = await ada.slash(channel, "video image", image=Upload("cat.png", b"12345"))
    assert call.message is None
    assert [message.text for message in call.private] == ["cat.png image/png 5"]
    assert channel.messages == []
    assert ada.sees(call.private[0])


@pytest.mark.usefixtures("bot")
async def test_menu_opens_a_form_and_the_form_is_submitted(channel: Channel, ada: Member) -> None:
    """A message menu sees the picture, opens a form with text, menu and file; all of it arrives."""
    message = await ada.say(channel, "look", uploads=[Upload("cat.png", b"cat")])
    call = await ada.menu(channel, "Animate image", message)
    assert call.modal is not None
    assert call.modal.title == "Animate 1"
    assert [field.label for field in call.modal.fields.values()] == ["Prompt", "Model", "Picture"]
    picture = Upload("dog.png", b"woof")
    sent = await ada.submit(call.modal, prompt="run", model="lv", picture=picture)
    assert sent.message is not None
    assert sent.message.text == "run / ['lv'] / [4]"


@pytest.mark.usefixtures("bot")
async def test_form_is_checked_as_a_client_does(channel: Channel, ada: Member) -> None:
    """A form with a missing, unknown, overlong or unoffered value cannot be submitted."""
    message = await ada.say(channel, "look")
    form = (await ada.menu(channel, "Animate image", message)).modal
    with pytest.raises(Unplayable, match="required"):
        await ada.submit(form, model="lv")
    with pytest.raises(Unplayable, match="has no field"):
        await ada.submit(form, prompt="a", colour="red")
    with pytest.raises(Unplayable, match="0-50 characters"):
        await ada.submit(form, prompt="a" * 51, model="lv")
    with pytest.raises(Unplayable, match="offers"):
        await ada.submit(form, prompt="a", model="t2v")


async def test_thinking_becomes_an_answer(
    bot: Toy, server: Discord, channel: Channel, ada: Member
) -> None:
    """A deferred answer shows as loading, and `answered` waits for what replaces it."""
    call = await ada.slash(channel, "think")
    assert call.message is not None
    assert call.message.loading
    bot.hold.set()
    await call.answered()
    assert call.message.text == "thought"
    assert [(change.kind, change.thinking) for change in server.log] == [
        ("created", True),
        ("edited", False),
    ]


@pytest.mark.usefixtures("bot")
async def test_private_answer_and_public_follow_up(guild: Guild, channel: Channel) -> None:
    """An ephemeral answer is seen by one member only; a follow-up may be public."""
    admin, ada = guild.add_member("Grace", admin=True), guild.add_member("Ada")
    call = await admin.slash(channel, "private")
    message = await channel.until(lambda m: m.text == "everyone")
    assert [m.text for m in call.private] == ["only you"]
    assert call.message is message
    assert not ada.sees(call.private[0])
    assert ada.sees(message)


@pytest.mark.usefixtures("bot")
async def test_hidden_command_is_not_there(guild: Guild, channel: Channel) -> None:
    """A command that asks for a permission is hidden, unless an admin opened it."""
    ada = guild.add_member("Ada")
    with pytest.raises(Unplayable, match="hidden"):
        await ada.slash(channel, "private")
    guild.open_command("private")
    assert not (await ada.slash(channel, "private")).failed


async def test_no_answer_is_a_failure() -> None:
    """Without an answer within the deadline the member sees a failure, and it stays one."""
    async with Discord(TOKEN, ack_deadline=timedelta(milliseconds=100)) as server:
        guild = server.add_guild("Studio")
        channel, ada = guild.add_channel("general"), guild.add_member("Ada")
        async with running(server, Toy()) as bot:
            call = await ada.slash(channel, "slow")
            assert call.failed
            assert call.took == timedelta(milliseconds=100)
            with pytest.raises(library.NotFound) as refused:
                await bot.interactions[-1].response.send_message("late")
            assert refused.value.code == 10062


async def test_edit_after_the_token_died(
    bot: Toy, server: Discord, channel: Channel, ada: Member
) -> None:
    """The webhook token dies (50027); the bot's own token still edits the message."""
    call = await ada.slash(channel, "video text", prompt="a cat")
    assert call.message is not None
    server.expire_token(call)
    with pytest.raises(library.HTTPException) as refused:
        await bot.interactions[-1].edit_original_response(view=card("no"))
    assert (refused.value.status, refused.value.code) == (401, 50027)
    place = bot.get_partial_messageable(channel.id)
    await place.get_partial_message(call.message.id).edit(view=card("yes"))
    assert call.message.text == "yes"


async def test_direct_messages(bot: Toy, ada: Member) -> None:
    """The bot writes to a member, who may refuse direct messages."""
    user = await bot.fetch_user(ada.id)
    await user.send("hello")
    assert [message.text for message in ada.direct_messages] == ["hello"]
    ada.user.dms_open = False
    with pytest.raises(library.Forbidden) as refused:
        await user.send("again")
    assert refused.value.code == 50007


@pytest.mark.usefixtures("bot")
async def test_changes_tell_the_conversation(
    server: Discord, channel: Channel, ada: Member
) -> None:
    """Every visible change is told in order, with its text at that moment and who sees it."""
    call = await ada.slash(channel, "video text", prompt="a cat")
    assert call.message is not None
    await ada.click(call.message, "Cancel")
    await ada.slash(channel, "video image", image=Upload("cat.png", b"1"))
    call.message.delete()
    told = []
    async for change in server.changes():
        told.append((change.kind, change.text.split()[0], change.only_for))
        if change.kind == "deleted":
            break
    assert told == [
        ("created", "a", None),
        ("edited", "task", None),
        ("created", "cat.png", ada),
        ("deleted", "task", None),
    ]
