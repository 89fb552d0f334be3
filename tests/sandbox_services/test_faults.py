"""Faults on the wire: which calls go wrong, and what the service has done by then."""

import asyncio
from datetime import timedelta

import httpx
import pytest

from sandbox.services import (
    BAD_GATEWAY,
    CHALLENGE,
    Cut,
    Delay,
    Drip,
    Fault,
    Reply,
    Reset,
    Silence,
)
from tests.sandbox_services.kit import QUICK, anybody
from tests.sandbox_services.test_aivideomaker_create import T2V

CREATE = ("POST", "/api/v1/generate/*")


@pytest.mark.parametrize(("after", "tasks"), [(False, 0), (True, 1)])
async def test_a_connection_is_reset_before_or_after_the_effect(avm, http, after, tasks):
    """The client sees the same reset; only `after` leaves a task behind."""
    avm.faults.add(Fault(*CREATE, Reset(after=after)))
    with pytest.raises(httpx.NetworkError):
        await http.post("/generate/t2v", json=T2V)
    assert len(avm.creates) == tasks
    assert avm.count(*CREATE) == 1


@pytest.mark.parametrize(("after", "tasks"), [(False, 0), (True, 1)])
async def test_an_answer_never_comes(avm, http, after, tasks):
    """The client's own timeout ends the wait; stopping the service is not held up."""
    avm.faults.add(Fault(*CREATE, Silence(after=after)))
    with pytest.raises(httpx.ReadTimeout):
        await http.post("/generate/t2v", json=T2V, timeout=0.1)
    assert len(avm.creates) == tasks


async def test_only_the_chosen_calls_go_wrong(avm, http):
    """The second and third call, counted per rule; the others are honest."""
    avm.faults.add(Fault("GET", "/api/v1/tasks", BAD_GATEWAY, first=2, times=2))
    codes = [(await http.get("/tasks")).status_code for _ in range(4)]
    assert codes == [200, 502, 502, 200]


async def test_a_fault_can_last(avm, http):
    """`times=None` lasts until cleared; `*` is any method."""
    avm.faults.add(Fault("*", "*", Reply(503, headers={"Retry-After": "1"}), times=None))
    assert {(await http.get("/tasks")).status_code for _ in range(3)} == {503}
    avm.faults.clear()
    assert (await http.get("/tasks")).status_code == 200


async def test_an_answer_can_be_replaced_after_the_effect(avm, http):
    """Half a JSON document, though the task was made and paid."""
    half = Reply(200, '{"status": "SUBM', {"Content-Type": "application/json"}, after=True)
    avm.faults.add(Fault(*CREATE, half))
    answer = await http.post("/generate/t2v", json=T2V)
    with pytest.raises(ValueError, match="Unterminated"):
        answer.json()
    assert len(avm.creates) == 1


async def test_a_challenge_page_is_html_at_200(avm, http):
    """A CDN may answer in the service's place."""
    avm.faults.add(Fault("GET", "*", CHALLENGE))
    answer = await http.get("/tasks")
    assert (answer.status_code, answer.headers["Content-Type"][:9]) == (200, "text/html")


async def test_a_delay_keeps_the_answer(avm, http):
    """A late answer is still the honest one; others do not wait for it."""
    avm.faults.add(Fault(*CREATE, Delay(timedelta(milliseconds=80), after=True)))
    late = asyncio.create_task(http.post("/generate/t2v", json=T2V))
    await avm.changed.wait()
    assert len((await http.get("/tasks")).json()["tasks"]) == 1
    assert not late.done()
    assert (await late).json()["taskId"] == avm.creates[0].id


async def test_a_download_breaks_off_half_way(avm, http):
    """The length is promised, half is sent; the second attempt is whole."""
    avm.pace = QUICK
    task = (await http.post("/generate/t2v", json=T2V)).json()["taskId"]
    avm.file_faults.add(Fault("GET", "/files/*", Cut()))
    async with anybody() as stranger:
        link = f"{avm.files_url}/files/{task}.mp4"
        with pytest.raises(httpx.RemoteProtocolError):
            await stranger.get(link)
        assert (await stranger.get(link)).content[4:8] == b"ftyp"


async def test_a_download_can_drip_without_a_length(avm, http):
    """Chunked and in pieces, but whole."""
    avm.pace = QUICK
    task = (await http.post("/generate/t2v", json=T2V)).json()["taskId"]
    avm.file_faults.add(Fault("GET", "/files/*", Drip(pieces=3)))
    async with anybody() as stranger:
        link = f"{avm.files_url}/files/{task}.mp4"
        dripped, whole = await stranger.get(link), await stranger.get(link)
    assert "Content-Length" not in dripped.headers
    assert dripped.content == whole.content


async def test_every_request_is_written_down(avm, http):
    """Method, path, query, headers and decoded body, faults and refusals included."""
    avm.faults.add(Fault("POST", "*", BAD_GATEWAY))
    await http.post("/generate/t2v?source=test", json=T2V)
    seen = avm.requests[-1]
    assert (seen.method, seen.path) == ("POST", "/api/v1/generate/t2v")
    assert (seen.query, seen.json) == ({"source": "test"}, T2V)
    assert seen.headers["key"] == "sandbox-avm-key"
    assert seen.at == avm.clock()


async def test_a_service_can_be_stopped_and_started_again(avm, http):
    """Between the two, connections are refused; the address and the tasks stay."""
    await http.post("/generate/t2v", json=T2V)
    before = avm.url
    await avm.stop()
    with pytest.raises(httpx.ConnectError):
        await http.get("/tasks")
    await avm.start()
    assert avm.url == before
    assert len((await http.get("/tasks")).json()["tasks"]) == 1
