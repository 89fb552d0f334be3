"""From an HTTP answer to our error tree: once for creates, once for queries.

Serves the Submitter (step 3), where a wrong verdict costs money, and the Poller (step 4), where it
costs a look. Never believes a status code alone: the documents promise an error body and no code.
"""

from datetime import datetime
from functools import lru_cache
from http import HTTPStatus

import httpx

from bot.errors import (
    Declined,
    Failure,
    JobNotFound,
    NotSent,
    OutcomeUnknown,
    ProviderError,
    RateLimited,
    Unauthorised,
    Unavailable,
)
from bot.providers.base import JobStatus
from bot.providers.reading.answers import Answer
from bot.providers.reading.complaints import Complaint, complaint_in, failure_of
from bot.providers.reading.redaction import LONGEST, clean
from bot.providers.reading.retry_after import retry_after
from bot.providers.reading.statuses import read_status

_NOTHING_LEFT = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.UnsupportedProtocol,
)
_IN_DOUBT = {HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_EARLY}
"""4xx that say nothing about whether the request was taken up."""
_NOT_FOUND = {HTTPStatus.NOT_FOUND, HTTPStatus.GONE}


class Hiccup(Unavailable):
    """A transport error or a 5xx: the same question may be asked again at once."""


class Verdicts:
    """The verdicts on one service's answers; knows what must not show in their texts."""

    def __init__(self, provider: str, secrets: tuple[str, ...]) -> None:
        self._provider = provider
        self._secrets = secrets
        self._word = lru_cache(maxsize=64)(self.clean)  # there are few, and thousands of jobs

    def clean(self, text: str) -> str:
        """Return ``text`` safe to log and to show."""
        return clean(text, self._secrets)

    def word(self, status: object) -> str:
        """Return a job's status word safe to log, whatever came in its place."""
        text = str(status or "")
        return self._word(text) if len(text) <= LONGEST else self.clean(text)

    def lost_create(self, error: httpx.HTTPError) -> ProviderError:
        """Judge a create that got no answer at all."""
        kind = type(error).__name__
        if isinstance(error, _NOTHING_LEFT):
            return NotSent(self._provider, kind)
        return OutcomeUnknown(self._provider, kind)

    def create(self, answer: Answer, now: datetime) -> ProviderError | None:
        """Judge the answer to a create; ``None``: it may hold a job."""
        if answer.good:
            return self._good_create(answer)
        if answer.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            return self._broken_create(answer, now)
        complaint = complaint_in(answer)
        detail = self._detail(answer, complaint)
        if answer.status in _IN_DOUBT or complaint.code.upper() == "IDEMPOTENCY_CONFLICT":
            # A conflict says that a job of ours was made with this key: it must be searched for.
            return OutcomeUnknown(self._provider, detail)
        if answer.status == HTTPStatus.TOO_MANY_REQUESTS:
            return self._refused_for_now(answer, complaint, now)
        failure = _refusal(answer.status, complaint)
        if failure is None:
            return Unauthorised(self._provider, detail)
        return Declined(self._provider, failure, detail)

    def query(self, answer: Answer, now: datetime) -> ProviderError | None:
        """Judge the answer to a query; ``None``: it is a good JSON object or list."""
        status = answer.status
        detail = self._detail(answer, complaint_in(answer))
        if status == HTTPStatus.TOO_MANY_REQUESTS or _is_pause(answer):
            return RateLimited(self._provider, retry_after(answer.headers, now), detail)
        if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            return Hiccup(self._provider, detail)
        if status == HTTPStatus.UNAUTHORIZED or (
            status == HTTPStatus.FORBIDDEN and answer.document is not None
        ):
            return Unauthorised(self._provider, detail)
        if status in _NOT_FOUND and answer.document is not None:
            # A page comes from whatever stands before the service: that does not know our jobs.
            return JobNotFound(self._provider, detail)
        if not answer.good or answer.body is None:
            return Unavailable(self._provider, detail)
        return None

    def _good_create(self, answer: Answer) -> ProviderError | None:
        document = answer.document
        if document is None:
            return OutcomeUnknown(self._provider, f"HTTP {answer.status} without JSON")
        failed = read_status(document.get("status")) is JobStatus.FAILED
        job = any(document.get(name) for name in ("taskId", "id", "task_id"))
        complaint = complaint_in(answer)
        if failed or (not job and document.get("error")):
            failure = failure_of(complaint) or Failure.SERVICE_FAILED
            return Declined(self._provider, failure, self._detail(answer, complaint))
        return None

    def _broken_create(self, answer: Answer, now: datetime) -> ProviderError:
        detail = f"HTTP {answer.status}"
        if _is_pause(answer):
            return RateLimited(self._provider, retry_after(answer.headers, now), detail)
        return OutcomeUnknown(self._provider, detail)

    def _refused_for_now(
        self, answer: Answer, complaint: Complaint, now: datetime
    ) -> ProviderError:
        detail = self._detail(answer, complaint)
        if failure_of(complaint) is Failure.SERVICE_CREDITS:  # a wait would not fill the account
            return Declined(self._provider, Failure.SERVICE_CREDITS, detail)
        return RateLimited(self._provider, retry_after(answer.headers, now), detail)

    def _detail(self, answer: Answer, complaint: Complaint) -> str:
        text = self.clean(complaint.words) or self.clean(complaint.code)
        return text or f"HTTP {answer.status}"


def _is_pause(answer: Answer) -> bool:
    named = "Retry-After" in answer.headers or "retry-after-ms" in answer.headers
    return answer.status == HTTPStatus.SERVICE_UNAVAILABLE and named


_BY_STATUS = {
    HTTPStatus.PAYMENT_REQUIRED: Failure.SERVICE_CREDITS,
    HTTPStatus.GONE: Failure.MODEL_CLOSED,
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: Failure.PICTURE,
}


def _refusal(status: int, complaint: Complaint) -> Failure | None:
    """Return why a 4xx refused a create; ``None``: because of the key."""
    if status == HTTPStatus.UNAUTHORIZED:
        return None
    spoken = failure_of(complaint)
    if status == HTTPStatus.FORBIDDEN:
        return spoken if spoken in {Failure.CONTENT, Failure.SERVICE_CREDITS} else None
    if status in _BY_STATUS:
        return _BY_STATUS[HTTPStatus(status)]
    if spoken is not None and not complaint.validation:
        return spoken
    if status == HTTPStatus.UNPROCESSABLE_ENTITY and not complaint.validation:
        return Failure.CONTENT
    return Failure.INVALID_REQUEST
