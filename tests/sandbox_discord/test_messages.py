"""Messages by the bot's own token: files, replies, pings, nonces, history."""

import io

import discord as library
import pytest
from discord import ui

from sandbox.discord import Channel, Member, Upload
from tests.sandbox_discord.conftest import Raw
from tests.sandbox_discord.toy import Toy


def film(name: str = "film.mp4", data: bytes = b"film") -> library.File:
    """Return a file to send."""
    return library.File(io.BytesIO(data), name)


async def test_film_replies_and_pings_only_whom_it_may(
    bot: Toy, channel: Channel, ada: Member
) -> None:
    """A reply with a file is posted; of all it names only the allowed are pinged."""
    asked = await ada.say(channel, "please")
    place = bot.get_partial_messageable(channel.id)
    await place.send(
        f"{ada.mention} @everyone <@{bot.application_id}>",
        file=film(),
        reference=library.MessageReference(message_id=asked.id, channel_id=channel.id),
        allowed_mentions=library.AllowedMentions(
            everyone=False, roles=False, users=[library.Object(ada.id)], replied_user=False
        ),
    )
    message = channel.messages[-1]
    assert message.reply_to is asked
    assert message.pings == [ada]
    assert [(file.name, file.data) for file in message.attachments] == [("film.mp4", b"film")]


async def test_nobody_is_pinged_by_an_edit(bot: Toy, channel: Channel, ada: Member) -> None:
    """A mention added by an edit notifies nobody."""
    place = bot.get_partial_messageable(channel.id)
    sent = await place.send("hello", allowed_mentions=library.AllowedMentions.none())
    await place.get_partial_message(sent.id).edit(content=ada.mention)
    assert channel.messages[0].pings == []


async def test_same_nonce_is_the_same_message(bot: Toy, channel: Channel) -> None:
    """A second message with an enforced nonce is the first one."""
    place = bot.get_partial_messageable(channel.id)
    first = await place.send("once", nonce="task-7")
    second = await place.send("twice", nonce="task-7")
    assert first.id == second.id
    assert [message.text for message in channel.messages] == ["once"]


async def test_files_in_components(bot: Toy, channel: Channel) -> None:
    """A gallery shows an uploaded film, which then is no plain attachment, and keeps it on edit."""
    view = ui.LayoutView()
    file = film()
    view.add_item(ui.MediaGallery(library.MediaGalleryItem(file)))
    sent = await bot.get_partial_messageable(channel.id).send(file=file, view=view)
    assert sent.attachments == []
    gallery = sent.components[0]
    assert isinstance(gallery, library.MediaGalleryComponent)
    media = gallery.items[0].media
    message = channel.messages[0]
    assert media.attachment_id == message.attachments[0].id
    async with bot.http._HTTPClient__session.get(media.url) as answer:  # type: ignore[attr-defined]
        assert await answer.read() == b"film"
    again = ui.LayoutView.from_message(sent)
    again.add_item(ui.TextDisplay("done"))
    await sent.edit(view=again)
    assert message.text == "done"
    assert [each.data for each in message.attachments] == [b"film"]


async def test_attachments_of_an_edit_are_the_full_list(bot: Toy, channel: Channel) -> None:
    """An edit without a list keeps the files; with one it keeps those listed and adds the new."""
    place = bot.get_partial_messageable(channel.id)
    sent = await place.send("files", files=[film("a.mp4"), film("b.mp4")])
    message, part = channel.messages[0], place.get_partial_message(sent.id)
    await part.edit(content="same")
    assert [file.name for file in message.attachments] == ["a.mp4", "b.mp4"]
    await part.edit(attachments=[sent.attachments[1], film("c.mp4")])
    assert [file.name for file in message.attachments] == ["b.mp4", "c.mp4"]
    await part.edit(attachments=[])
    assert message.attachments == []


async def test_history_is_paged(channel: Channel, ada: Member, raw: Raw) -> None:
    """History is newest first and honours limit, before, after and around."""
    said = [await ada.say(channel, str(n)) for n in range(5)]
    path = f"/channels/{channel.id}/messages"

    async def texts(**query: int) -> list[str]:
        _, found = await raw("GET", path, params=query)
        return [message["content"] for message in found]

    assert await texts() == ["4", "3", "2", "1", "0"]
    assert await texts(limit=2) == ["4", "3"]
    assert await texts(before=said[2].id, limit=1) == ["1"]
    assert await texts(after=said[1].id, limit=2) == ["3", "2"]
    assert await texts(around=said[2].id, limit=3) == ["3", "2", "1"]


async def test_reply_to_what_is_gone(channel: Channel, ada: Member, raw: Raw) -> None:
    """A reply to a deleted message is refused, unless the bot waives the link."""
    said = await ada.say(channel, "gone soon")
    said.delete()
    path, reference = f"/channels/{channel.id}/messages", {"message_id": str(said.id)}
    status, error = await raw("POST", path, {"content": "re", "message_reference": reference})
    assert (status, error["code"]) == (400, 50035)
    waived = {**reference, "fail_if_not_exists": False}
    status, sent = await raw("POST", path, {"content": "re", "message_reference": waived})
    assert (status, sent["type"]) == (200, 0)


async def test_own_messages_only(channel: Channel, ada: Member, raw: Raw) -> None:
    """The bot edits its own messages only (50005) and deletes others' only with permission."""
    said = await ada.say(channel, "mine")
    path = f"/channels/{channel.id}/messages/{said.id}"
    status, error = await raw("PATCH", path, {"content": "yours"})
    assert (status, error["code"]) == (403, 50005)
    status, error = await raw("DELETE", path)
    assert (status, error["code"]) == (403, 50013)


async def test_deleted_and_unknown(channel: Channel, ada: Member, raw: Raw) -> None:
    """Deleted messages are 10008, deleted and unknown channels 10003."""
    said = await ada.say(channel, "gone", uploads=[Upload("a.png", b"a")])
    said.delete()
    path = f"/channels/{channel.id}/messages"
    assert (await raw("GET", f"{path}/{said.id}"))[1]["code"] == 10008
    channel.delete()
    status, error = await raw("POST", path, {"content": "hello"})
    assert (status, error) == (404, {"message": "Unknown Channel", "code": 10003})
    assert (await raw("GET", "/channels/1"))[1]["code"] == 10003


async def test_the_edit_of_nothing_left(bot: Toy, channel: Channel) -> None:
    """A message cannot become empty (50006)."""
    place = bot.get_partial_messageable(channel.id)
    sent = await place.send("something")
    with pytest.raises(library.HTTPException) as refused:
        await place.get_partial_message(sent.id).edit(content=None)
    assert refused.value.code == 50006
