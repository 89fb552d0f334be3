"""Stands in for the first answer to an interaction: what it may be, and until when.

It never takes a second first answer, and none after the deadline.
"""

from collections.abc import Callable

from aiohttp import web

from sandbox.discord.problems import invalid
from sandbox.discord.refusals import refuse
from sandbox.discord.rest.exchange import WORLD, draft, nothing, number, reply
from sandbox.discord.rest.sending import as_json
from sandbox.discord.rest.webhooks import post
from sandbox.discord.rules import commands, messages, modals
from sandbox.discord.world.interactions import (
    AUTOCOMPLETE,
    COMMAND,
    COMPONENT,
    MODAL,
    Interaction,
)
from sandbox.discord.world.messages import EPHEMERAL, LOADING
from sandbox.discord.world.posting import Draft

routes = web.RouteTableDef()

ANSWER, THINKING, QUIET, UPDATE, SUGGEST, FORM = 4, 5, 6, 7, 8, 9
_FITTING = {
    COMMAND: (ANSWER, THINKING, FORM),
    COMPONENT: (ANSWER, THINKING, QUIET, UPDATE, FORM),
    AUTOCOMPLETE: (SUGGEST,),
    MODAL: (ANSWER, THINKING),
}


@routes.post(r"/interactions/{interaction:\d+}/{token}/callback")
async def answer(request: web.Request) -> web.Response:
    """Take the first answer to an interaction."""
    interaction = _open(request)
    body = draft(request).body
    kind = body.get("type")
    fitting = _FITTING[interaction.kind]
    if interaction.kind == MODAL and interaction.message is not None:
        fitting = (*fitting, QUIET, UPDATE)
    if kind not in fitting:
        told = f"Value must be one of {{{', '.join(map(str, fitting))}}}."
        raise invalid(("type",), "BASE_TYPE_CHOICES", told)
    _TAKE[kind](interaction, Draft(body.get("data") or {}, draft(request).uploads))
    interaction.acknowledge(kind)
    if request.query.get("with_response") not in {"1", "true", "True"}:
        return nothing()
    return reply(_told(interaction))


def _open(request: web.Request) -> Interaction:
    """Return an interaction that still waits for its first answer, or refuse: 10062, 40060."""
    found = request.app[WORLD].interactions.get(request.match_info["token"])
    if found is None or found.id != number(request, "interaction") or found.failed:
        raise refuse(10062)
    if found.answer is not None:
        raise refuse(40060)
    return found


def _answer(interaction: Interaction, wanted: Draft) -> None:
    messages.check(wanted, None, interaction.upload_limit)
    interaction.original = post(interaction, wanted)


def _thinking(interaction: Interaction, wanted: Draft) -> None:
    flags = (wanted.body.get("flags") or 0) & EPHEMERAL
    interaction.original = post(interaction, Draft({"flags": flags}), state=LOADING)


def _quiet(interaction: Interaction, _: Draft) -> None:
    interaction.original = interaction.message


def _update(interaction: Interaction, wanted: Draft) -> None:
    message = interaction.message
    if message is None or message.deleted:
        raise refuse(10008)
    messages.check(wanted, message, interaction.upload_limit)
    interaction.world.posting.edit(message, wanted)
    interaction.original = message


def _suggest(interaction: Interaction, wanted: Draft) -> None:
    choices = wanted.body.get("choices")
    commands.suggestions(choices)
    interaction.choices = choices or []


def _form(interaction: Interaction, wanted: Draft) -> None:
    modals.check(wanted.body)
    interaction.modal = wanted.body


_TAKE: dict[int, Callable[[Interaction, Draft], None]] = {
    ANSWER: _answer,
    THINKING: _thinking,
    QUIET: _quiet,
    UPDATE: _update,
    SUGGEST: _suggest,
    FORM: _form,
}


def _told(interaction: Interaction) -> dict[str, object]:
    """Return what `with_response` gives back."""
    about: dict[str, object] = {"id": str(interaction.id), "type": interaction.kind}
    message = interaction.original
    if message is not None:
        about |= {
            "response_message_id": str(message.id),
            "response_message_loading": message.loading,
            "response_message_ephemeral": bool(message.flags & EPHEMERAL),
        }
    if message is None or interaction.answer not in {ANSWER, UPDATE}:
        return {"interaction": about}
    shown = {"type": interaction.answer, "message": as_json(interaction.world, message)}
    return {"interaction": about, "resource": shown}
