"""The OpenAI-style service in mode strict: what `apigo-openai-videos` documents."""

from datetime import timedelta
from typing import Any

import httpx
import pytest

from sandbox.services import OpenAiVideos, Pace, Phase, Scenario
from tests.sandbox_services.kit import QUICK, anybody, picture, videos_client

FIELDS = {"model": "sora-2", "prompt": "a red kite", "size": "1280x720", "seconds": "8"}
PNG = picture((1280, 720))


def multipart(**fields: str) -> dict[str, Any]:
    """Spell fields as httpx wants a form without a file."""
    return {"files": {name: (None, value) for name, value in fields.items()}}


async def create(videos: httpx.AsyncClient, **changes: str) -> str:
    """Create a job and return its id."""
    answer = await videos.post("/videos", **multipart(**{**FIELDS, **changes}))
    return str(answer.json()["id"])


async def refused(answer: httpx.Response, status: int, param: str | None) -> str:
    """Check an error envelope and return its message."""
    assert answer.status_code == status
    error = answer.json()["error"]
    assert set(error) == {"message", "type", "param", "code"}
    assert error["param"] == param
    return str(error["message"])


async def test_a_create_answers_with_the_job(strict, videos, clock):
    """The documented fields; nothing that is not known yet."""
    answer = await videos.post("/videos", **multipart(**FIELDS))
    assert answer.json() == {
        "id": strict.creates[0].id,
        "object": "video",
        "created_at": int(clock().timestamp()),
        "model": "sora-2",
        "status": "pending",
        "progress": 0,
        "size": "1280x720",
        "seconds": "8",
    }
    assert strict.creates[0].fields == FIELDS


async def test_model_and_prompt_are_enough(videos):
    """Size has the documented default; seconds has OpenAI's."""
    answer = await videos.post("/videos", **multipart(model="sora-2", prompt="a kite"))
    assert (answer.json()["size"], answer.json()["seconds"]) == ("720x1280", "4")


async def test_a_job_walks_through_its_states(videos, clock):
    """pending, in_progress with a rising progress, completed with its two times."""
    job, seen = await create(videos), []
    for _ in range(4):
        document = (await videos.get(f"/videos/{job}")).json()
        seen.append((document["status"], document["progress"]))
        clock.move(seconds=1)
    assert seen == [("pending", 0), ("in_progress", 0), ("in_progress", 50), ("completed", 100)]
    done = (await videos.get(f"/videos/{job}")).json()
    assert done["completed_at"] == done["created_at"] + 3
    assert done["expires_at"] == done["created_at"] + 86400


@pytest.mark.parametrize(
    ("changes", "param"),
    [
        ({"seconds": "5"}, "seconds"),
        ({"seconds": "8.0"}, "seconds"),
        ({"size": "1920x1080"}, "size"),
        ({"size": "720"}, "size"),
        ({"prompt": " "}, "prompt"),
        ({"prompt": "x" * 32_001}, "prompt"),
        ({"model": ""}, "model"),
        ({"style": "noir"}, None),
    ],
)
async def test_values_that_are_not_documented_are_refused(strict, videos, changes, param):
    """An unlisted value is a 400 that names the field; an unlisted field is a 400."""
    answer = await videos.post("/videos", **multipart(**{**FIELDS, **changes}))
    assert await refused(answer, 400, param)
    assert strict.creates == []


async def test_a_body_has_to_be_multipart(videos):
    """JSON and URL-encoded bodies are a 415; a broken form is a 400."""
    assert await refused(await videos.post("/videos", json=FIELDS), 415, None)
    assert await refused(await videos.post("/videos", data=FIELDS), 415, None)
    headers = {"Content-Type": "multipart/form-data; boundary=b"}
    broken = await videos.post("/videos", content=b"nothing of the sort", headers=headers)
    assert await refused(broken, 400, None)


@pytest.mark.parametrize("header", [None, "", "Bearer", "Bearer wrong", "sandbox-apigo-key"])
@pytest.mark.parametrize("path", ["/v1/videos", "/v1/videos/video_1", "/nowhere"])
async def test_the_token_is_checked_before_anything_else(strict, header, path):
    """A missing, malformed or wrong token is the same 401 on every path."""
    headers = {} if header is None else {"Authorization": header}
    async with anybody() as stranger:
        answer = await stranger.get(strict.url + path, headers=headers)
    assert await refused(answer, 401, None)


@pytest.mark.parametrize("method", ["GET", "DELETE"])
async def test_there_is_no_list_and_no_delete(videos, method):
    """Only create, retrieve and content are documented."""
    job = await create(videos)
    path = "/videos" if method == "GET" else f"/videos/{job}"
    assert await refused(await videos.request(method, path), 404, None)


async def test_others_jobs_do_not_exist(strict, videos):
    """An unknown id and another token's are the same 404."""
    job = await create(videos)
    strict.keys.add("second-key")
    async with videos_client(strict, "second-key") as other:
        assert await refused(await other.get(f"/videos/{job}"), 404, "video_id")
    assert await refused(await videos.get("/videos/video_none"), 404, "video_id")


async def test_a_reference_of_the_exact_size_is_the_first_frame(strict, videos):
    """The picture is decoded, kept, and its name and MIME type are in the journal."""
    file = {"input_reference": ("kite.png", PNG, "image/png")}
    answer = await videos.post("/videos", data=FIELDS, files=file)
    assert answer.status_code == 200
    assert strict.creates[0].picture == PNG
    form = {part.name: part for part in strict.requests[0].form or ()}
    assert form["input_reference"].filename == "kite.png"
    assert form["input_reference"].content_type == "image/png"


@pytest.mark.parametrize(
    ("data", "mime", "message"),
    [
        (picture((1280, 718)), "image/png", "must match the requested width and height"),
        (picture((720, 1280)), "image/png", "must match the requested width and height"),
        (b"", "image/png", "Invalid image"),
        (b"GIF89a", "image/png", "Invalid image"),
        (PNG[:300], "image/png", "Invalid image"),
        (PNG, "text/plain", "Unsupported mimetype"),
        (bytes(20 * 1024 * 1024 + 1), "image/png", "larger than 20 MiB"),
    ],
)
async def test_any_other_reference_is_refused(strict, videos, data, mime, message):
    """Another size, no picture, half a picture, the wrong MIME type, too large: 400."""
    file = {"input_reference": ("kite.png", data, mime)}
    answer = await videos.post("/videos", data=FIELDS, files=file)
    assert message in await refused(answer, 400, "input_reference")
    assert strict.creates == []


async def test_content_is_the_film(videos, clock):
    """404 until completed, then the MP4, whole or in part, until it expires."""
    job = await create(videos)
    path = f"/videos/{job}/content"
    assert await refused(await videos.get(path), 404, None)
    clock.move(seconds=3)
    film = await videos.get(path)
    assert film.headers["Content-Type"] == "video/mp4"
    assert film.content[4:8] == b"ftyp"
    part = await videos.get(path, headers={"Range": "bytes=0-99"})
    assert (part.status_code, part.content) == (206, film.content[:100])
    assert await refused(await videos.get(f"{path}?variant=spritesheet"), 400, "variant")
    clock.move(hours=24)
    assert await refused(await videos.get(path), 404, None)


async def test_content_can_be_a_redirect_to_a_signed_link(strict, videos):
    """302 to another origin, where no token is needed, and none should arrive."""
    strict.pace = QUICK
    strict.script(Scenario(content="redirect"))
    job = await create(videos)
    answer = await videos.get(f"/videos/{job}/content")
    link = answer.headers["Location"]
    assert answer.status_code == 302
    assert link.startswith(f"{strict.files_url}/files/{job}.mp4?sig=")
    async with anybody() as stranger:
        assert (await stranger.get(link)).content[4:8] == b"ftyp"
    assert "Authorization" not in strict.file_requests[0].headers


async def test_content_can_be_a_document_with_a_link(strict, videos):
    """JSON at 200, or a 400 whose text holds the link."""
    strict.pace = QUICK
    strict.script(Scenario(content="json"))
    strict.script(Scenario(content="url in error"))
    first, second = await create(videos), await create(videos)
    answer = await videos.get(f"/videos/{first}/content")
    assert answer.json()["url"].startswith(f"{strict.files_url}/files/{first}.mp4")
    message = await refused(await videos.get(f"/videos/{second}/content"), 400, None)
    assert f"{strict.files_url}/files/{second}.mp4" in message


async def test_content_can_be_late(strict, videos):
    """404 twice right after completed."""
    strict.pace = QUICK
    strict.script(Scenario(content_late=2))
    path = f"/videos/{await create(videos)}/content"
    assert [(await videos.get(path)).status_code for _ in range(3)] == [404, 404, 200]


async def test_the_documents_own_sample_is_a_trap(strict, videos, clock):
    """pending, progress 50 and a filled error, and yet it is completed later."""
    strict.script(Scenario(trap=True))
    job = await create(videos)
    document = (await videos.get(f"/videos/{job}")).json()
    assert (document["status"], document["progress"]) == ("pending", 50)
    assert document["error"] == dict.fromkeys(("code", "message", "type"), "<string>")
    clock.move(seconds=3)
    document = (await videos.get(f"/videos/{job}")).json()
    assert document["status"] == "completed"
    assert "error" not in document


@pytest.mark.parametrize(
    ("error", "shown"),
    [("just text", "just text"), ({"message": "m"}, {"message": "m"}), ({"code": 7}, {"code": 7})],
)
async def test_a_failure_has_many_spellings(strict, videos, error, shown):
    """Honest by default; a string, parts of it, or a number on request."""
    strict.pace = QUICK
    strict.script(Scenario(fails="no kites", error=error))
    job = await create(videos)
    document = (await videos.get(f"/videos/{job}")).json()
    assert (document["status"], document["error"]) == ("failed", shown)


async def test_a_failure_says_why(strict, videos):
    """Code, message and the documented type."""
    strict.pace = Pace(hold=True)
    job = await create(videos)
    strict.fail(job, "no kites")
    error = (await videos.get(f"/videos/{job}")).json()["error"]
    assert error == {"code": "processing_error", "message": "no kites", "type": "server_error"}
    assert strict.phase(job) is Phase.FAILED


@pytest.mark.parametrize("progress", [101, "45%", 12.5, None])
async def test_progress_can_be_anything(strict, videos, progress):
    """Out of range, a text, a fraction, or left out."""
    strict.script(Scenario(progress=progress))
    document = (await videos.get(f"/videos/{await create(videos)}")).json()
    assert document.get("progress") == progress


async def test_a_reply_can_be_minimal(strict, videos):
    """Only what the document requires: id, object and status."""
    strict.script(Scenario(minimal=True))
    answer = await videos.post("/videos", **multipart(**FIELDS))
    assert set(answer.json()) == {"id", "object", "status"}


@pytest.mark.parametrize("task_id", ["sora-2:task_1", "a/b", "v" * 300, "vidéo"])
async def test_ids_can_be_strange(strict, videos, task_id):
    """A colon, a slash, three hundred characters, an accent: percent-encoding finds them."""
    strict.pace = QUICK
    strict.script(Scenario(task_id=task_id, content="redirect"))
    assert await create(videos) == task_id
    path = f"/v1/videos/{httpx.URL(path='/' + task_id).raw_path.decode()[1:]}"
    path = path.replace("a/b", "a%2Fb")
    answer = await videos.get(httpx.URL(strict.url).copy_with(raw_path=path.encode()))
    assert answer.json()["id"] == task_id
    content = httpx.URL(strict.url).copy_with(raw_path=f"{path}/content".encode())
    link = (await videos.get(content)).headers["Location"]
    async with anybody() as stranger:
        assert (await stranger.get(link)).status_code == 200


@pytest.mark.parametrize("status", [400, 404, 410])
async def test_a_closed_model_is_named(films, status):
    """Any model that is not offered; the status can be chosen."""
    service = OpenAiVideos(films=films, models=("wan-2",), unknown_model=status)
    async with service, videos_client(service) as client:
        answer = await client.post("/videos", **multipart(**FIELDS))
    assert "sora-2" in await refused(answer, status, "model")


@pytest.mark.parametrize(
    ("marker", "status", "code"),
    [
        ("reject", 400, "moderation_blocked"),
        ("broke", 429, "insufficient_quota"),
        ("closed", 404, "model_not_found"),
    ],
)
async def test_a_person_can_type_a_refusal(strict, videos, marker, status, code):
    """Markers can have a create refused."""
    answer = await videos.post("/videos", **multipart(**{**FIELDS, "prompt": f"a [{marker}]"}))
    assert (answer.status_code, answer.json()["error"]["code"]) == (status, code)
    assert strict.creates == []


async def test_two_equal_creates_are_two_jobs(strict, videos):
    """Nothing makes it safe to repeat a create here."""
    assert await create(videos) != await create(videos)
    assert len(strict.creates) == 2


async def test_an_expiry_can_be_in_the_past(strict, videos):
    """A film can be gone before anybody could fetch it."""
    strict.pace = QUICK
    strict.script(Scenario(expires=timedelta(hours=-1)))
    job = await create(videos)
    assert (await videos.get(f"/videos/{job}/content")).status_code == 404
