"""AI Video Maker: what becomes of a task, and asking about it."""

from datetime import timedelta
from email.utils import parsedate_to_datetime

import httpx
import pytest

from sandbox.services import (
    ABSENT,
    FOREVER,
    AiVideoMaker,
    Pace,
    Phase,
    Quirks,
    Reply,
    Scenario,
)
from tests.sandbox_services.kit import QUICK, anybody, avm_client
from tests.sandbox_services.test_aivideomaker_create import T2V


async def create(http: httpx.AsyncClient, prompt: str = "a red kite") -> str:
    """Create a task and return its id."""
    answer = await http.post("/generate/t2v", json={**T2V, "prompt": prompt})
    return str(answer.json()["taskId"])


async def status(http: httpx.AsyncClient, task: str) -> object:
    """Ask for a task's status."""
    return (await http.get(f"/tasks/{task}/status")).json()


async def details(http: httpx.AsyncClient, task: str) -> dict[str, object]:
    """Ask for a task's details."""
    document = (await http.get(f"/tasks/{task}")).json()
    assert isinstance(document, dict)
    return document


async def test_a_task_walks_through_its_states(http, clock):
    """SUBMITTED for a second, PROGRESS for two, then COMPLETED, by the clock."""
    task = await create(http)
    seen = []
    for _ in range(4):
        seen.append(await status(http, task))
        clock.move(seconds=1)
    words = ["SUBMITTED", "PROGRESS", "PROGRESS", "COMPLETED"]
    assert seen == [{"status": word} for word in words]


async def test_details_have_the_documented_fields(avm, http, clock):
    """Seven fields; `output` and `completedAt` are null until the end."""
    task = await create(http)
    waiting = await details(http, task)
    assert waiting == {
        "id": task,
        "createdAt": "2026-11-20T12:00:00.000Z",
        "model": "t2v",
        "input": T2V,
        "output": None,
        "status": "SUBMITTED",
        "completedAt": None,
    }
    clock.move(seconds=3)
    done = await details(http, task)
    assert done["completedAt"] == "2026-11-20T12:00:03.000Z"
    assert done["output"] == {"url": f"{avm.files_url}/files/{task}.mp4"}


async def test_the_film_lies_on_another_origin(avm, http, clock):
    """The link needs no key, is on another port, and gives a real MP4, whole or in part."""
    task = await create(http)
    link = f"{avm.files_url}/files/{task}.mp4"
    async with anybody() as stranger:
        assert (await stranger.get(link)).status_code == 404
        clock.move(seconds=3)
        film = await stranger.get(link)
        part = await stranger.get(link, headers={"Range": "bytes=4-7"})
        assert (film.status_code, film.headers["Content-Type"]) == (200, "video/mp4")
        assert (part.status_code, part.content) == (206, b"ftyp")
        beyond = {"Range": "bytes=999999999-"}
        assert (await stranger.get(link, headers=beyond)).status_code == 416
        clock.move(hours=25)
        assert (await stranger.get(link)).status_code == 404
    assert avm.url != avm.files_url
    assert len(avm.file_requests) == 5


async def test_a_list_is_newest_first_and_per_key(avm, http):
    """Each key sees its own tasks only, the newest first; others' ids do not exist."""
    ids = [await create(http, f"kite {number}") for number in range(3)]
    avm.accounts.open("second-key", 100)
    async with avm_client(avm, "second-key") as other:
        assert (await other.get("/tasks")).json() == {"tasks": []}
        for path in (f"/tasks/{ids[0]}", f"/tasks/{ids[0]}/status"):
            assert (await other.get(path)).status_code == 404
        assert (await other.put(f"/tasks/{ids[0]}/cancel")).status_code == 404
    listed = (await http.get("/tasks")).json()["tasks"]
    assert [task["id"] for task in listed] == ids[::-1]


async def test_a_list_can_be_capped_and_spoiled(avm, http):
    """A hidden cap hides old tasks; malformed entries can stand among the others."""
    ids = [await create(http) for _ in range(4)]
    avm.quirks.list_cap, avm.quirks.list_noise = 2, (None, {"id": 7})
    listed = (await http.get("/tasks")).json()["tasks"]
    assert [task and task["id"] for task in listed] == [ids[3], None, 7, ids[2]]


async def test_a_list_can_have_a_history(avm, http):
    """Old finished tasks follow the others, each older than the one before, and none is a job."""
    avm.quirks.history = 500
    task = await create(http)
    listed = (await http.get("/tasks")).json()["tasks"]
    assert [listed[0]["id"], len(listed)] == [task, 501]
    assert {entry["status"] for entry in listed[1:]} == {"COMPLETED"}
    made = [entry["createdAt"] for entry in listed]
    assert made == sorted(made, reverse=True)
    assert (await http.get(f"/tasks/{listed[1]['id']}")).status_code == 404


async def test_a_long_list_is_sent_no_further_than_it_is_read(films, clock):
    """Who hangs up gets no more; what left until then is on record."""
    async with (
        AiVideoMaker(films=films, clock=clock, quirks=Quirks(history=1_000_000)) as service,
        avm_client(service) as http,
        http.stream("GET", "/tasks") as answer,
    ):
        assert await anext(answer.aiter_bytes())
    [sent] = service.list_sizes
    assert 0 < sent < 20_000_000


async def test_only_a_submitted_task_can_be_cancelled(avm, http, clock):
    """PUT cancels while SUBMITTED and gives the credits back; later it is too late."""
    task = await create(http)
    answer = await http.put(f"/tasks/{task}/cancel")
    assert answer.json() == {"status": "CANCEL", "taskId": task}
    assert avm.balance == 1_000_000
    late = await create(http)
    clock.move(seconds=1)
    assert (await http.put(f"/tasks/{late}/cancel")).status_code == 409
    avm.quirks.too_late = 400
    assert (await http.put(f"/tasks/{late}/cancel")).status_code == 400
    avm.quirks.too_late = 200
    answer = await http.put(f"/tasks/{late}/cancel")
    assert answer.json() == {"status": "PROGRESS", "taskId": late}
    assert await status(http, late) == {"status": "PROGRESS"}


@pytest.mark.parametrize("method", ["POST", "DELETE", "GET"])
async def test_cancel_is_put_only(http, method):
    """Another verb on cancel is a 405."""
    task = await create(http)
    answer = await http.request(method, f"/tasks/{task}/cancel")
    assert answer.status_code == 405
    assert answer.headers["Allow"] == "PUT"


async def test_queries_are_limited_in_any_minute(avm, http, clock):
    """60 queries in any 60 seconds, creates not counted; then 429 until the oldest is gone."""
    task = await create(http)
    for _ in range(30):
        await http.get("/tasks")
    clock.move(seconds=40)
    for _ in range(30):
        assert (await status(http, task)) is not None
    answer = await http.get(f"/tasks/{task}")
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "20")
    assert (await create(http)).startswith("ck")
    clock.move(seconds=20)
    codes = [(await http.get("/tasks")).status_code for _ in range(31)]
    assert codes == [200] * 30 + [429]
    assert avm.count("GET") == 92


async def test_retry_after_has_three_spellings(avm, http, clock):
    """Seconds, an HTTP date, or nothing."""
    avm.query_limit.limit = 0
    assert int((await http.get("/tasks")).headers["Retry-After"]) == 60
    avm.quirks.retry_after = "date"
    until = parsedate_to_datetime((await http.get("/tasks")).headers["Retry-After"])
    assert until >= clock() + timedelta(seconds=60)
    avm.quirks.retry_after = "none"
    assert "Retry-After" not in (await http.get("/tasks")).headers


async def test_a_failed_task_gives_its_credits_back(avm, http, clock):
    """FAILED at the end of its time, with a reason, refunded."""
    avm.script(Scenario(fails="no kites today"))
    task = await create(http)
    assert avm.balance == 1_000_000 - 5
    clock.move(seconds=3)
    assert (await details(http, task))["status"] == "FAILED"
    assert (await details(http, task))["output"] == {"error": "no kites today"}
    assert avm.balance == 1_000_000


async def test_a_test_can_move_a_task_by_hand(avm, http):
    """With `hold`, nothing ends by itself; begin, finish, fail and cancel do it."""
    avm.pace = Pace(queued=FOREVER, hold=True)
    first, second, third = [await create(http) for _ in range(3)]
    avm.begin(first)
    assert await status(http, first) == {"status": "PROGRESS"}
    avm.finish(first)
    avm.fail(second, "enough")
    avm.cancel(third)
    words = [(await details(http, task))["status"] for task in (first, second, third)]
    assert words == ["COMPLETED", "FAILED", "CANCEL"]
    with pytest.raises(ValueError, match="already ended"):
        avm.finish(second)


async def test_a_scripted_walk_may_jump_and_step_back(avm, http, clock):
    """SUBMITTED, PROGRESS, SUBMITTED again, COMPLETED: services do such things."""
    at = [timedelta(seconds=number) for number in range(4)]
    order = (Phase.QUEUED, Phase.RUNNING, Phase.QUEUED, Phase.DONE)
    avm.script(Scenario(walk=tuple(zip(at, order, strict=True))))
    task, seen = await create(http), []
    for _ in at:
        seen.append((await details(http, task))["status"])
        clock.move(seconds=1)
    assert seen == ["SUBMITTED", "PROGRESS", "SUBMITTED", "COMPLETED"]


@pytest.mark.parametrize("word", ["QUEUED_V2", "progress", None, ABSENT])
async def test_status_words_can_be_strange(avm, http, word):
    """An unknown word, lower case, null or no status at all."""
    avm.script(Scenario(words={Phase.QUEUED: word}))
    task = await create(http)
    assert await status(http, task) == ({} if word is ABSENT else {"status": word})


async def test_details_can_lag_behind_status(avm, http):
    """COMPLETED by /status, PROGRESS by details twice, then twice without an output."""
    avm.pace = QUICK
    avm.script(Scenario(details_late=2, output_late=2))
    task = await create(http)
    assert await status(http, task) == {"status": "COMPLETED"}
    looks = [await details(http, task) for _ in range(5)]
    words = ["PROGRESS", "PROGRESS", "COMPLETED", "COMPLETED", "COMPLETED"]
    assert [look["status"] for look in looks] == words
    assert [bool(look["output"]) for look in looks] == [False] * 4 + [True]


@pytest.mark.parametrize(
    ("shape", "read"),
    [
        ("videoUrl", lambda output: output["videoUrl"]),
        ("video_url", lambda output: output["video_url"]),
        ("string", lambda output: output),
        ("array", lambda output: output[0]),
        (lambda link: {"result": {"link": link}}, lambda output: output["result"]["link"]),
    ],
)
async def test_output_has_many_spellings(avm, http, shape, read):
    """The same link, spelled as other clients have met it, or as the test wants it."""
    avm.pace = QUICK
    avm.script(Scenario(output=shape))
    task = await create(http)
    output = (await details(http, task))["output"]
    assert read(output) == f"{avm.files_url}/files/{task}.mp4"


@pytest.mark.parametrize(
    ("shape", "link"),
    [
        ("null", None),
        ("relative", "/files/{task}.mp4"),
        ("metadata", "http://169.254.169.254/latest/meta-data/"),
        ("file", "file:///etc/passwd"),
    ],
)
async def test_output_can_hold_a_link_nobody_should_follow(avm, http, shape, link):
    """A null, relative or dangerous link in the documented place."""
    avm.pace = QUICK
    avm.script(Scenario(output=shape))
    task = await create(http)
    expected = link and link.format(task=task)
    assert (await details(http, task))["output"] == {"url": expected}


async def test_a_download_can_misbehave(avm, http):
    """One film's download can be gone, redirected or anything else an action does."""
    avm.pace = QUICK
    avm.script(Scenario(file=Reply(302, headers={"Location": "http://10.0.0.1/"})))
    task = await create(http)
    async with anybody() as stranger:
        answer = await stranger.get(f"{avm.files_url}/files/{task}.mp4")
    assert (answer.status_code, answer.headers["Location"]) == (302, "http://10.0.0.1/")


async def test_links_can_point_elsewhere(avm, http):
    """A create's links may lead to production; a client that follows them is found out."""
    avm.quirks.links = "https://aivideomaker.ai"
    document = (await http.post("/generate/t2v", json=T2V)).json()
    assert document["statusUrl"].startswith("https://aivideomaker.ai/api/v1/tasks/ck")


async def test_a_service_can_forget(avm, http):
    """After a restart without a memory every id is unknown."""
    task = await create(http)
    avm.forget()
    assert (await http.get(f"/tasks/{task}")).status_code == 404


@pytest.mark.parametrize(
    ("prompt", "seconds", "word"),
    [
        ("a kite [fast]", 0, "COMPLETED"),
        ("a kite [slow]", 59, "PROGRESS"),
        ("a kite [queue]", 59, "SUBMITTED"),
        ("a kite [fail]", 3, "FAILED"),
        ("a kite [FAIL] [fast]", 0, "FAILED"),
        ("a kite [cancel]", 3, "CANCEL"),
        ("a kite [nonsense]", 3, "COMPLETED"),
    ],
)
async def test_a_person_can_type_a_fate(http, clock, prompt, seconds, word):
    """Markers in a prompt decide what becomes of it; unknown ones mean nothing."""
    task = await create(http, prompt)
    clock.move(seconds=seconds)
    assert await status(http, task) == {"status": word}


@pytest.mark.parametrize(("marker", "code"), [("reject", 422), ("broke", 402), ("closed", 400)])
async def test_a_person_can_type_a_refusal(avm, http, marker, code):
    """Markers can have a create refused."""
    answer = await http.post("/generate/t2v", json={**T2V, "prompt": f"a kite [{marker}]"})
    assert answer.status_code == code
    assert avm.creates == []


async def test_a_person_can_type_a_large_film(avm, http):
    """`[big]` gives a film too large for most servers."""
    task = await create(http, "a kite [big] [fast]")
    async with anybody() as stranger:
        film = await stranger.get(f"{avm.files_url}/files/{task}.mp4")
    assert len(film.content) == 12_000_000
