"""The stand-ins' answers against the services' own published descriptions, where they are at hand.

`AIVIDEOMAKER_OPENAPI` and `OPENAI_VIDEOS_OPENAPI` name the files; unset, these tests are skipped.
"""

import json
import os
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from sandbox.services import OpenAiVideos, Scenario
from tests.sandbox_services.kit import QUICK, videos_client
from tests.sandbox_services.test_aivideomaker_create import T2V
from tests.sandbox_services.test_openai_videos import FIELDS, multipart


def description(variable: str) -> dict[str, Any]:
    """Read the description a variable names, or skip the test."""
    path = os.environ.get(variable)  # noqa: TID251 - where the tests' data lies is no setting
    if path is None:
        pytest.skip(f"{variable} is not set")
    document: dict[str, Any] = json.loads(Path(path).read_text())
    return document


def check(document: dict[str, Any], schema: str, instance: object) -> None:
    """Hold an answer against one of a description's schemas."""
    root = {**document, "$ref": f"#/components/schemas/{schema}"}
    Draft202012Validator(root).validate(instance)


@pytest.mark.parametrize("fails", [None, "no kites"])
async def test_live_answers_fit_the_vendors_description(live, live_http, fails):
    """Create, quote, task while queued, task at the end, and an error."""
    document = description("AIVIDEOMAKER_OPENAPI")
    live.script(Scenario(fails=fails))
    created = (await live_http.post("/generate/t2v", json=T2V)).json()
    check(document, "SubmittedTask", created)
    check(document, "Quote", (await live_http.post("/quote/t2v", json=T2V)).json())
    path = f"/tasks/{created['taskId']}"
    check(document, "Task", (await live_http.get(path)).json())
    (live.fail if fails else live.finish)(created["taskId"])
    check(document, "Task", (await live_http.get(path)).json())
    check(document, "Error", (await live_http.post("/generate/t2v", json={})).json())


@pytest.mark.parametrize("scenario", [Scenario(), Scenario(fails="no kites")])
async def test_openai_answers_fit_openais_description(films, scenario):
    """Create, job at the end, list, error and delete."""
    document = description("OPENAI_VIDEOS_OPENAPI")
    service = OpenAiVideos(films=films, mode="openai", pace=QUICK)
    async with service, videos_client(service) as client:
        service.script(scenario)
        await client.post("/videos", **multipart(**FIELDS))
        created = (await client.post("/videos", **multipart(**FIELDS))).json()
        check(document, "VideoResource", created)
        check(document, "VideoListResource", (await client.get("/videos")).json())
        check(document, "ErrorResponse", (await client.get("/videos/none")).json())
        deleted = (await client.delete(f"/videos/{created['id']}")).json()
        check(document, "DeletedVideoResource", deleted)
