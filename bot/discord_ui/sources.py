"""What is said in public about whose picture a film was made from, and that it was taken down.

Serves cards and films. Names people without a ping: the messages allow none but the requester's.
"""

from bot.discord_ui.words import Say, Words
from bot.discord_ui.words.figures import Markup, jump, mention
from bot.domain.order import ELSEWHERE
from bot.domain.task import RELEASED, SETTLED, Task


def source_line(task: Task, words: Words) -> list[str]:
    """Return whose picture it was made from, as small print; nothing where it is nobody else's."""
    if task.source_member_id is None:
        return []
    member = mention(task.source_member_id)
    if task.source_message_id is None:
        return [f"-# {words.say(Say.FROM_AVATAR, member=member)}"]
    here = task.source_message_id != ELSEWHERE
    link = jump(task.guild_id, task.channel_id, task.source_message_id) if here else ""
    return [f"-# {words.say(Say.FROM_PICTURE, member=member, link=Markup(link))}"]


def obituary(task: Task, words: Words) -> list[str]:
    """Return that a film was taken down, by whom, and what that means for the credits."""
    return [f"**{words.say(Say.TAKEN_DOWN)}**", _by_whom(task, words), *_consequence(task, words)]


def _by_whom(task: Task, words: Words) -> str:
    if task.withdrawn_by == task.source_member_id and task.source_member_id is not None:
        return words.say(Say.TAKEN_DOWN_BY_SOURCE, member=mention(task.source_member_id))
    if task.withdrawn_by == task.member_id:
        return words.say(Say.TAKEN_DOWN_BY_REQUESTER)
    return words.say(Say.TAKEN_DOWN_BY_MODERATOR)


def _consequence(task: Task, words: Words) -> list[str]:
    if task.state in RELEASED or task.given_up:
        back = Say.CARD_REFUNDED if task.cost else Say.CARD_UNCHARGED
        return [words.say(back, cost=task.cost)]
    if task.state in SETTLED:
        return [words.say(Say.STAYS_SPENT, cost=task.cost)] if task.cost else []
    return [words.say(Say.STILL_UNDER_WAY)]
