"""The OpenAI-style service in its other modes, asked by a client we did not write."""

import io
from collections.abc import AsyncIterator

import av
import openai
import pytest

from sandbox.services import OpenAiVideos, Scenario
from tests.sandbox_services.kit import QUICK, data_uri, picture, videos_client
from tests.sandbox_services.test_openai_videos import FIELDS, multipart

pytestmark = pytest.mark.filterwarnings("ignore:The Sora API:DeprecationWarning")


@pytest.fixture
async def service(films, clock) -> AsyncIterator[OpenAiVideos]:
    """OpenAI's own dialect."""
    async with OpenAiVideos(films=films, clock=clock, mode="openai") as stand_in:
        yield stand_in


@pytest.fixture
async def foreign(service) -> AsyncIterator[openai.AsyncOpenAI]:
    """The `openai` package, which was written from the real service."""
    url, key = f"{service.url}/v1", "sandbox-apigo-key"
    async with openai.AsyncOpenAI(api_key=key, base_url=url, max_retries=0) as client:
        yield client


async def test_a_foreign_client_makes_a_video(foreign, clock):
    """Create with a picture, retrieve until completed, download: a film of the right shape."""
    file = ("kite.png", picture((1280, 720)), "image/png")
    video = await foreign.videos.create(
        model="sora-2", prompt="a kite", size="1280x720", seconds="4", input_reference=file
    )
    assert (video.status, video.progress, video.prompt) == ("queued", 0, "a kite")
    clock.move(seconds=2)
    assert (await foreign.videos.retrieve(video.id)).status == "in_progress"
    clock.move(seconds=1)
    done = await foreign.videos.retrieve(video.id)
    assert (done.status, done.completed_at) == ("completed", video.created_at + 3)
    film = (await foreign.videos.download_content(video.id)).content
    with av.open(io.BytesIO(film), "r") as container:
        assert container.duration == 4_000_000
        assert container.streams.video[0].width > container.streams.video[0].height


async def test_a_foreign_client_needs_a_prompt_only(foreign):
    """Everything else has OpenAI's defaults."""
    video = await foreign.videos.create(prompt="a kite")
    assert (video.model, video.size, video.seconds) == ("sora-2", "720x1280", "4")


async def test_a_foreign_client_reads_the_list(foreign):
    """Newest first or oldest first, in pages."""
    ids = [(await foreign.videos.create(prompt=f"kite {number}")).id for number in range(5)]
    assert [video.id async for video in foreign.videos.list(limit=2)] == ids[::-1]
    page = await foreign.videos.list(limit=2, order="asc", after=ids[1])
    assert [video.id for video in page.data] == ids[2:4]
    assert page.has_more
    assert [video.id async for video in foreign.videos.list(order="asc")] == ids


async def test_a_foreign_client_deletes_finished_videos_only(foreign, clock):
    """A running job is a 409; a finished one is gone afterwards."""
    video = await foreign.videos.create(prompt="a kite")
    with pytest.raises(openai.ConflictError):
        await foreign.videos.delete(video.id)
    clock.move(seconds=3)
    assert (await foreign.videos.delete(video.id)).deleted
    with pytest.raises(openai.NotFoundError):
        await foreign.videos.retrieve(video.id)


async def test_a_foreign_client_understands_the_errors(service, foreign):
    """401, 400 and a failed job come out as the package's own exceptions and fields."""
    with pytest.raises(openai.BadRequestError) as caught:
        await foreign.videos.create(prompt="a kite", size="1280x720", input_reference=picture())
    assert caught.value.param == "input_reference"
    with pytest.raises(openai.AuthenticationError):
        await foreign.with_options(api_key="wrong").videos.create(prompt="a kite")
    service.script(Scenario(pace=QUICK, fails="no kites"))
    failed = await foreign.videos.create(prompt="a kite")
    assert failed.error is not None
    assert (failed.status, failed.error.message) == ("failed", "no kites")


async def test_every_field_is_there(service):
    """OpenAI writes all thirteen fields, null where there is nothing to say; JSON is taken too."""
    async with videos_client(service) as client:
        reference = {"image_url": data_uri(picture((720, 1280)))}
        body = {"prompt": "a kite", "seconds": "4", "input_reference": reference}
        document = (await client.post("/videos", json=body)).json()
        numeric = await client.post("/videos", json={**body, "seconds": 4})
    assert len(document) == 13
    assert document["completed_at"] is document["error"] is document["expires_at"] is None
    assert (numeric.status_code, numeric.json()["error"]["param"]) == (400, "seconds")


async def test_vllm_answers_a_failed_job_with_an_error_status(films):
    """The job is the body of a 500, its code a number; any size and length; DELETE aborts."""
    service = OpenAiVideos(films=films, mode="vllm", models=None)
    async with service, videos_client(service) as client:
        form = multipart(prompt="a kite", size="512x512", seconds="3", fps="8")
        job = (await client.post("/videos", **form)).json()["id"]
        service.fail(job, "out of memory")
        answer = await client.get(f"/videos/{job}")
        running = (await client.post("/videos", **form)).json()["id"]
        deleted = await client.delete(f"/videos/{running}")
    assert (answer.status_code, answer.json()["status"]) == (500, "failed")
    assert answer.json()["error"] == {"code": 500, "message": "out of memory"}
    assert deleted.json()["deleted"] is True


async def test_early_sglang_wants_a_file_in_a_form(films):
    """Without one a form is refused in FastAPI's words; the same in JSON is fine."""
    async with (
        OpenAiVideos(films=films, mode="sglang") as service,
        videos_client(service) as client,
    ):
        form = await client.post("/videos", **multipart(**FIELDS))
        document = await client.post("/videos", json=FIELDS)
    assert form.json() == {"detail": "input_reference file is required"}
    assert (form.status_code, document.status_code) == (400, 200)
