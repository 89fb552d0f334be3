"""Reading liberally: status words, outputs, pauses, complaints, and texts without secrets."""

from datetime import UTC, datetime, timedelta

import httpx
import pytest

from bot.errors import Failure
from bot.providers.base import JobStatus
from bot.providers.reading.complaints import failure_of, read_complaint
from bot.providers.reading.outputs import film_url, film_url_of_job
from bot.providers.reading.redaction import LONGEST, clean
from bot.providers.reading.retry_after import retry_after
from bot.providers.reading.statuses import read_status

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("SUBMITTED", JobStatus.WAITING),
        ("pending", JobStatus.WAITING),
        ("queued", JobStatus.WAITING),
        ("not_start", JobStatus.WAITING),
        ("PROGRESS", JobStatus.RUNNING),
        ("in_progress", JobStatus.RUNNING),
        ("In Progress", JobStatus.RUNNING),
        ("PROCESSING", JobStatus.RUNNING),
        ("COMPLETED", JobStatus.DONE),
        ("Success", JobStatus.DONE),
        ("succeeded", JobStatus.DONE),
        ("FAILED", JobStatus.FAILED),
        ("failure", JobStatus.FAILED),
        ("CANCEL", JobStatus.CANCELLED),
        ("cancelled", JobStatus.CANCELLED),
        ("canceled", JobStatus.CANCELLED),
        ("expired", JobStatus.EXPIRED),
        ("QUEUED_V2", JobStatus.UNKNOWN),
        ("", JobStatus.UNKNOWN),
        (None, JobStatus.UNKNOWN),
        (7, JobStatus.UNKNOWN),
    ],
)
def test_status_words(word: object, status: JobStatus) -> None:
    """Any case, any separator; an unheard-of word is neither success nor failure."""
    assert read_status(word) is status


@pytest.mark.parametrize(
    "output",
    [
        "https://cdn.example/a.mp4",
        {"url": "https://cdn.example/a.mp4"},
        {"videoUrl": "https://cdn.example/a.mp4", "msg": "kept 24 hours"},
        {"video_url": "https://cdn.example/a.mp4"},
        {"url": None, "video": {"url": "https://cdn.example/a.mp4"}},
        ["https://cdn.example/a.mp4", "https://cdn.example/b.mp4"],
        [{"url": "https://cdn.example/a.mp4"}],
    ],
)
def test_output_shapes(output: object) -> None:
    """Wherever an output puts its address, it is found."""
    assert film_url(output) == "https://cdn.example/a.mp4"


@pytest.mark.parametrize("output", [None, "", "  ", {}, [], {"url": ""}, {"url": 3}, "a\nb"])
def test_output_without_an_address(output: object) -> None:
    """No address is not an address."""
    assert film_url(output) is None


@pytest.mark.parametrize(
    "job",
    [
        {"video_url": "u"},
        {"metadata": {"url": "u"}},
        {"output": {"url": "u"}},
        {"outputs": {"video_url": "u"}},
        {"unsigned_urls": ["u"]},
    ],
)
def test_address_in_a_job(job: dict[str, object]) -> None:
    """Gateways put the address at many places of the job."""
    assert film_url_of_job({"id": "x", "status": "completed", **job}) == "u"


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"Retry-After": "7"}, 7),
        ({"Retry-After": "0"}, 1),
        ({"Retry-After": "86400"}, 900),
        ({"Retry-After": "1e300"}, 900),
        ({"Retry-After": "Fri, 20 Nov 2026 12:01:30 GMT"}, 90),
        ({"Retry-After": "Fri, 20 Nov 2026 11:00:00 GMT"}, 1),
        ({"Retry-After": "soon"}, 30),
        ({"Retry-After": "-5"}, 30),
        ({"Retry-After": "nan"}, 30),
        ({"retry-after-ms": "2500", "Retry-After": "60"}, 2.5),
        ({}, 30),
    ],
)
def test_retry_after(headers: dict[str, str], seconds: float) -> None:
    """Seconds, dates or milliseconds; 30 s where unstated; never beyond 15 minutes."""
    assert retry_after(httpx.Headers(headers), NOW) == timedelta(seconds=seconds)


@pytest.mark.parametrize(
    ("body", "failure"),
    [
        ({"status": "FAILED", "message": "Insufficient credits"}, Failure.SERVICE_CREDITS),
        ({"error": {"code": "insufficient_quota", "message": "x"}}, Failure.SERVICE_CREDITS),
        ({"errorCode": "INVALID_MODEL", "message": "Unsupported model: lv"}, Failure.MODEL_CLOSED),
        ({"error": {"code": "model_not_found", "param": "model"}}, Failure.MODEL_CLOSED),
        ({"error": {"message": "The model 'sora-2' does not exist"}}, Failure.MODEL_CLOSED),
        ({"error": {"message": "Model does not support this size", "param": "size"}}, None),
        ({"error": {"message": "The model is currently not available, try again"}}, None),
        ({"error": {"code": "moderation_blocked"}}, Failure.CONTENT),
        ({"detail": "Image violates our content policy"}, Failure.CONTENT),
        ({"error": "Inpaint image must match the requested width and height"}, Failure.PICTURE),
        ({"error": {"code": 500, "message": "processing_error"}}, None),
        ("input_reference file is required", Failure.PICTURE),
        ({}, None),
        (None, None),
    ],
)
def test_kinds_of_failure(body: object, failure: Failure | None) -> None:
    """Codes and words of all known envelopes tell whose fault it was."""
    assert failure_of(read_complaint(body)) is failure


@pytest.mark.parametrize(
    ("text", "hidden"),
    [
        ("Invalid key ak_deadbeefcafe1234", "deadbeef"),
        ("Incorrect API key provided: sk-proj-abc123****wxyz", "abc123"),
        ("Authorization: Bearer abc.def-ghi", "abc.def"),
        ("token=hunter2hunter2", "hunter2"),
        ("my-canary-key was refused", "my-canary-key"),
        ("see https://s3.example/a.mp4?X-Amz-Signature=abcdef&b=1", "Signature"),
        ("https://user:pass@host.example/x", "pass"),
        ("webhookUrl is not reachable: https://bot.example/hooks/apigo/Zk3J-x", "Zk3J"),
        ("bot.example/clapboard/hooks/apigo/Zk3J-x: refused", "Zk3J"),
        (r'{"url": "https:\/\/bot.example\/hooks\/apigo\/Zk3J-x"', "Zk3J"),
        ("callback=https%3A%2F%2Fbot.example%2Fhooks%2Fapigo%2FZk3J-x", "Zk3J"),
        ("wss://bot.example/secret-room", "room"),
        ("eyJhbGciOi.eyJzdWIiOi.c2ln", "eyJ"),
        ("d41d8cd98f00b204e9800998ecf8427e", "d41d8"),
        ("data:image/png;base64,iVBORw0KGgo=", "iVBOR"),
        ("<@123456789> look", "<@123"),
        ("hello @everyone", "@everyone"),
        ("<script>alert(1)</script>", "<script>"),
        ("line one\nline two\x00\u202e", "\n"),
        ("line one\x1b[31m", "\x1b"),
    ],
)
def test_clean_hides_what_must_not_show(text: str, hidden: str) -> None:
    """Keys, tokens, query strings, mentions, markup and control characters do not pass."""
    assert hidden in text
    assert hidden not in clean(text, ["my-canary-key"])


def test_clean_keeps_the_message() -> None:
    """What explains the trouble is kept, on one line, within the limit."""
    text = "duration:  must be one of\n'5', '8'"
    assert clean(text) == "duration: must be one of '5', '8'"
    unreachable = 'webhookUrl "https://bot.example:8443/hooks/a/b" is not reachable'
    assert clean(unreachable) == 'webhookUrl "https://bot.example:8443/[…]" is not reachable'
    assert clean("see https://api.example for hooks") == "see https://api.example for hooks"
    assert len(clean("long " * 1000)) <= LONGEST
