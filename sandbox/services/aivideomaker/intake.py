"""Creating a task: one request checked from the outside in, then charged and accepted.

Stands in for: `POST /api/v1/generate/{model}`. The checks stand in this order: model, body,
picture, `Idempotency-Key`, content, budget, balance. Nothing is charged before the last passes.
"""

from typing import TYPE_CHECKING

from aiohttp import web

from sandbox.services.aivideomaker import refusals
from sandbox.services.aivideomaker.checks import hints
from sandbox.services.aivideomaker.models import Body, Model
from sandbox.services.aivideomaker.refusals import RefusedError
from sandbox.services.aivideomaker.replays import Replays
from sandbox.services.aivideomaker.webhooks import HEADER
from sandbox.services.aivideomaker.wish import Wish, job_for
from sandbox.services.files import whole_or_part
from sandbox.services.jobs import Job
from sandbox.services.journal import seen
from sandbox.services.pictures import NotAPictureError, Picture, read_picture
from sandbox.services.scenario import Scenario

if TYPE_CHECKING:
    from sandbox.services.aivideomaker.service import AiVideoMaker


class Intake:
    """The front desk for new tasks of one service."""

    def __init__(self, service: "AiVideoMaker") -> None:
        self._service = service
        self._replays = Replays()

    async def create(self, request: web.Request) -> web.StreamResponse:
        """Answer `POST /api/v1/generate/{model}`."""
        name, model, body = self.checked(request)
        picture = await _picture(model, body)
        wish = Wish(seen(request), name, model, body, picture)
        known = self._replays.find(wish) if self._service.honours_idempotency else None
        if known is not None:
            return self._submitted(self._service.jobs[known], replay=True)
        scenario = self._service.fate(wish.prompt)
        refusal = _refusal(scenario, name)
        return refusal or await self._accept(wish, scenario)

    def checked(self, request: web.Request) -> tuple[str, Model, Body]:
        """Check a model's name and body; also what a quote needs.

        Raises:
            RefusedError: 400 with INVALID_MODEL or INVALID_PAYLOAD and its hints.
        """
        name, body = request.match_info["model"], seen(request).json
        model = self._service.models.get(name)
        if model is None:
            raise refusals.invalid_model(name)
        if not isinstance(body, dict):
            raise refusals.invalid_payload("the body must be a JSON object")
        wrong = hints(model.fields, body, closed=not self._service.live)
        if not wrong and (broken := model.rule(body)):
            wrong = [broken]
        if wrong:
            raise refusals.invalid_payload(*wrong)
        return name, model, body

    async def _accept(self, wish: Wish, scenario: Scenario) -> web.Response:
        service = self._service
        cost = self._price(wish, scenario)
        job = job_for(
            wish,
            scenario,
            cost=cost,
            now=service.clock(),
            pace=service.pace,
            files_url=service.files_url,
        )
        self._publish_picture(wish, job)
        self._replays.remember(wish, job.id)
        service.accept(job)
        if scenario.webhook == "early" and HEADER in job.create.headers:
            await service.webhooks.announce(job)
        return self._submitted(job, replay=False)

    def _price(self, wish: Wish, scenario: Scenario) -> int:
        """Work out what to charge.

        Raises:
            RefusedError: more than the client's cap (422), or than the balance (402).
        """
        listed = wish.model.price(wish.body)
        cost = listed if scenario.charge is None else scenario.charge
        cap = wish.seen.headers.get("X-Max-Credits", "")
        if self._service.live and cap.isdigit() and int(cap) < cost:
            raise RefusedError(422, "BUDGET_EXCEEDED", f"The task costs {cost} credits")
        if not self._service.affords(wish.owner, cost):
            raise refusals.insufficient_credits()
        return cost

    def _publish_picture(self, wish: Wish, job: Job) -> None:
        picture = wish.picture
        if picture is None:
            return

        async def serve(request: web.Request) -> web.StreamResponse:
            return whole_or_part(request, picture.data, picture.mime)

        self._service.files.publish(f"inputs/{job.id}", serve)

    def _submitted(self, job: Job, *, replay: bool) -> web.Response:
        origin = self._service.quirks.links or self._service.url
        link = f"{origin}/api/v1/tasks/{job.id}"
        document: dict[str, object] = {
            "status": "SUBMITTED",
            "taskId": job.id,
            "responseUrl": link,
            "statusUrl": f"{link}/status",
            "cancelUrl": f"{link}/cancel",
        }
        if self._service.live:
            document |= {"creditsCharged": job.cost, "idempotentReplay": replay}
        return web.json_response(document)


async def _picture(model: Model, body: Body) -> Picture | None:
    source = body.get(model.picture)
    first = source[0] if isinstance(source, list) and source else source
    if not isinstance(first, str):
        return None
    try:
        return await read_picture(first)
    except NotAPictureError as problem:
        raise refusals.invalid_payload(f"{model.picture}: {problem}") from None


def _refusal(scenario: Scenario, model: str) -> web.Response | None:
    """Turn the create down where the scenario says so."""
    if scenario.refuse == "content":
        raise refusals.unsuitable()
    if scenario.refuse == "closed":
        raise refusals.invalid_model(model)
    if scenario.refuse == "credits":
        raise refusals.insufficient_credits()
    return scenario.refuse.response() if scenario.refuse else None
