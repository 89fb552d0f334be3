"""Creating a job: fields checked one by one, then accepted.

Stands in for: `POST /v1/videos`. Order: model, prompt, size, seconds, `input_reference`, content.
Nothing makes it safe to repeat a create: two equal requests are two jobs.
"""

import re
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING

from aiohttp import web

from sandbox.services.films import FilmOrder
from sandbox.services.jobs import Create, Job
from sandbox.services.journal import Seen, seen
from sandbox.services.life import Life
from sandbox.services.openai_videos import problems
from sandbox.services.openai_videos.forms import FILE, Form, read_form
from sandbox.services.openai_videos.problems import ProblemError, invalid
from sandbox.services.pictures import (
    FORMATS,
    NotAPictureError,
    Picture,
    decode_picture,
    read_picture,
)
from sandbox.services.scenario import Scenario

if TYPE_CHECKING:
    from sandbox.services.openai_videos.service import OpenAiVideos

_SIZE = re.compile(r"([1-9]\d{1,3})x([1-9]\d{1,3})")
_SECONDS = re.compile(r"[1-9]\d?")
_LONGEST_PROMPT = 32_000
_LARGEST_FILE = 20 * 1024 * 1024
_MIMES = {*FORMATS.values(), "application/octet-stream", None}
_MISMATCH = "Inpaint image must match the requested width and height"


@dataclass(frozen=True)
class Wish:
    """A create that has passed its checks."""

    model: str
    prompt: str
    size: str
    seconds: str
    picture: Picture | None

    @property
    def shape(self) -> tuple[int, int]:
        """The requested width and height."""
        width, height = self.size.split("x")
        return int(width), int(height)

    def film(self) -> FilmOrder:
        """The film this will become."""
        caption = f"/v1/videos stand-in · {self.model} · {self.seconds} s"
        data = self.picture.data if self.picture else None
        return FilmOrder((self.prompt,), int(self.seconds), self.shape, data, caption)


class Intake:
    """The front desk for new jobs of one service."""

    def __init__(self, service: "OpenAiVideos") -> None:
        self._service = service

    async def create(self, request: web.Request) -> web.StreamResponse:
        """Answer `POST /v1/videos`."""
        form = read_form(request, self._service.dialect)
        wish = await self._wish(form)
        scenario = self._service.fate(wish.prompt)
        refusal = _refusal(scenario, wish.model)
        if refusal is not None:
            return refusal
        job = self._job(seen(request), form, wish, scenario)
        self._service.accept(job)
        return web.json_response(self._service.document(job))

    async def _wish(self, form: Form) -> Wish:
        model, prompt = self._model(form), _prompt(form)
        size, seconds = self._size(form), self._seconds(form)
        picture = await _picture(form)
        wish = Wish(model, prompt, size, seconds, picture)
        if picture is not None and picture.size != wish.shape:
            raise ProblemError(400, _MISMATCH, "invalid_value", FILE)
        return wish

    def _model(self, form: Form) -> str:
        service, name = self._service, form.texts.get("model")
        if not name:
            if service.dialect.model_required:
                raise problems.invalid("model", "Missing required parameter: 'model'")
            return service.models[0] if service.models else "sora-2"
        if service.models is not None and name not in service.models:
            raise problems.no_such_model(name, service.unknown_model)
        return name

    def _size(self, form: Form) -> str:
        size, allowed = form.texts.get("size", "720x1280"), self._service.dialect.sizes
        if not _SIZE.fullmatch(size) or (allowed is not None and size not in allowed):
            raise invalid("size", f"Model does not support this size: '{size}'")
        return size

    def _seconds(self, form: Form) -> str:
        seconds, allowed = form.texts.get("seconds", "4"), self._service.dialect.seconds
        if not _SECONDS.fullmatch(seconds) or (allowed is not None and seconds not in allowed):
            raise invalid("seconds", f"Invalid seconds value: '{seconds}'")
        return seconds

    def _job(self, asked: Seen, form: Form, wish: Wish, scenario: Scenario) -> Job:
        now = self._service.clock()
        task_id = scenario.task_id or f"video_{secrets.token_hex(16)}"
        data = wish.picture.data if wish.picture else None
        return Job(
            create=Create(task_id, wish.model, form.texts, asked.headers, now, data),
            life=Life(now, scenario.steps(self._service.pace)),
            scenario=scenario,
            film=wish.film(),
            owner=asked.headers["Authorization"],
            said={"prompt": wish.prompt, "size": wish.size, "seconds": wish.seconds},
        )


def _prompt(form: Form) -> str:
    prompt = form.texts.get("prompt", "")
    if not prompt.strip():
        raise invalid("prompt", "Missing required parameter: 'prompt'")
    if len(prompt) > _LONGEST_PROMPT:
        raise invalid("prompt", f"'prompt' is longer than {_LONGEST_PROMPT} characters")
    return prompt


async def _picture(form: Form) -> Picture | None:
    try:
        if form.link is not None:
            return await read_picture(form.link)
        if form.file is None:
            return None
        if form.file.content_type not in _MIMES:
            raise invalid(FILE, f"Unsupported mimetype: '{form.file.content_type}'")
        if len(form.file.data) > _LARGEST_FILE:
            raise invalid(FILE, "The file is larger than 20 MiB")
        return await decode_picture(form.file.data)
    except NotAPictureError as problem:
        raise invalid(FILE, f"Invalid image: {problem}") from None


def _refusal(scenario: Scenario, model: str) -> web.Response | None:
    """Turn the create down where the scenario says so."""
    if scenario.refuse == "content":
        raise problems.unsuitable()
    if scenario.refuse == "closed":
        raise problems.no_such_model(model)
    if scenario.refuse == "credits":
        raise problems.no_quota()
    return scenario.refuse.response() if scenario.refuse else None
