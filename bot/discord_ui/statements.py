"""Private answers: a member's films and credits, a server's quotas, the ledger.

Serves the doors beside the story. Everything here may hold balances, so it is sent privately.
"""

from collections.abc import Iterable
from itertools import accumulate

from bot.discord_ui.words import Say, Words
from bot.discord_ui.words.figures import Markup, jump, mention, one_line
from bot.domain.quota import LedgerEntry, LedgerKind, Purse, Rule, Standing
from bot.domain.task import Task

MESSAGE_LIMIT = 2000
RULES = {
    "server": Say.QUOTA_RULE_SERVER,
    "default": Say.QUOTA_RULE_DEFAULT,
    "member": Say.QUOTA_RULE_MEMBER,
    "role": Say.QUOTA_RULE_ROLE,
}


def film_list(tasks: Iterable[Task], words: Words) -> str:
    """Return a member's films, a line each: state, age, how the prompt begins, link."""
    lines = [_film(task, words) for task in tasks]
    return _fitting(lines, words) or words.say(Say.LIST_EMPTY)


def credit_statement(standing: Standing, member_id: int, words: Words) -> str:
    """Return what a member has, spent and has left, and when it renews."""
    own = (
        words.say(Say.CREDITS_NO_LIMIT)
        if standing.member is None
        else _purse(Say.CREDITS_MEMBER, standing.member, words)
    )
    title = words.say(Say.CREDITS_TITLE, member=mention(member_id))
    return "\n".join((f"**{title}**", own, "", *_pool(standing, words)))


def quota_statement(standing: Standing, rules: Iterable[Rule], words: Words) -> str:
    """Return a server's quotas and what its pool has left."""
    set_rules = [_rule(rule, words) for rule in rules if rule.credits is not None]
    lines = set_rules or [words.say(Say.QUOTA_NO_RULES)]
    title = words.say(Say.QUOTA_TITLE)
    return _fitting([f"**{title}**", *_pool(standing, words), "", *lines], words)


def history(entries: Iterable[LedgerEntry], words: Words) -> str:
    """Return the ledger's newest rows."""
    lines = [_entry(entry, words) for entry in entries]
    return _fitting(lines, words) or words.say(Say.HISTORY_EMPTY)


def _film(task: Task, words: Words) -> str:
    line = words.say(
        Say.LIST_LINE,
        task_id=task.id,
        state=words.short_state(task),
        created=task.created_at,
        prompt=one_line(task.prompt)[:60],
    )
    message_id = task.film_message_id if _public(task) else task.card_message_id
    if message_id is None:
        return line
    return f"{line} · {jump(task.guild_id, task.channel_id, message_id)}"


def _public(task: Task) -> bool:
    there = task.film_message_id is not None and not task.withdrawn
    return there and task.film_channel_id == task.channel_id


def _pool(standing: Standing, words: Words) -> list[str]:
    renewal = words.say(Say.CREDITS_RENEW, renews_at=standing.renews_at)
    period = words.periods[standing.period]
    return [_purse(Say.CREDITS_POOL, standing.pool, words, period=period), renewal]


def _purse(what: Say, purse: Purse, words: Words, *, period: str | None = None) -> str:
    return words.say(
        what,
        allowance=purse.allowance,
        granted=purse.granted,
        spent=purse.spent,
        held=purse.held,
        left=purse.left,
        period=period,
    )


def _rule(rule: Rule, words: Words) -> str:
    return words.say(
        RULES[rule.subject],
        credits=rule.credits,
        period=words.periods[rule.period] if rule.period else None,
        member=mention(rule.subject_id),
        role=Markup(f"<@&{rule.subject_id}>"),
    )


def _entry(entry: LedgerEntry, words: Words) -> str:
    return words.say(
        _line_of(entry),
        at=entry.at,
        credits=entry.credits,
        kind=words.entries[entry.kind],
        member=mention(entry.member_id) if entry.member_id else None,
        actor=mention(entry.actor_id) if entry.actor_id else None,
        task_id=entry.task_id,
    )


def _line_of(entry: LedgerEntry) -> Say:
    if entry.kind is not LedgerKind.GRANT:
        return Say.HISTORY_LINE
    return Say.HISTORY_GRANT if entry.credits > 0 else Say.HISTORY_TAKEN_BACK


def _fitting(lines: list[str], words: Words) -> str:
    """Join as many lines as one message holds, and say how many more there are."""
    text = "\n".join(lines)
    if len(text) <= MESSAGE_LIMIT:
        return text
    room = MESSAGE_LIMIT - len(words.say(Say.MORE_LINES, count=len(lines)))
    ends = accumulate(len(line) + 1 for line in lines)
    kept = sum(end <= room for end in ends)
    more = words.say(Say.MORE_LINES, count=len(lines) - kept)
    return "\n".join((*lines[:kept], more))
