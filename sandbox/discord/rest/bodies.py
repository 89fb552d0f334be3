"""Stands in for how Discord reads request bodies: JSON, or multipart with `payload_json`.

It never reads forms of any other kind: discord.py sends none.
"""

import json
import re
from typing import Any

from aiohttp import BodyPartReader, web

from sandbox.discord.refusals import refuse
from sandbox.discord.uploads import Upload
from sandbox.discord.world.posting import Draft

_FILE_FIELD = re.compile(r"files\[(\d+)\]")


async def read(request: web.Request) -> Draft:
    """Read the body of a request.

    Raises:
        Refusal: 50109 for JSON that is none.
    """
    if request.content_type.startswith("multipart/"):
        return await _multipart(request)
    raw = await request.read()
    return Draft(_json(raw) if raw else {})


def _json(raw: bytes) -> Any:
    try:
        return json.loads(raw)
    except ValueError:
        raise refuse(50109) from None


async def _multipart(request: web.Request) -> Draft:
    body: dict[str, Any] = {}
    uploads: dict[int, Upload] = {}
    async for part in await request.multipart():
        if not isinstance(part, BodyPartReader):
            raise refuse(50109)
        raw = bytes(await part.read())
        numbered = _FILE_FIELD.fullmatch(part.name or "")
        if part.name == "payload_json":
            body = _json(raw)
        elif numbered:
            uploads[int(numbered[1])] = Upload(part.filename or "unknown", raw)
    return Draft(body, uploads)
