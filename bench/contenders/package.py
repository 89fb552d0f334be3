"""The `openai` package's own way: `create_and_poll`, which asks for each job once a second.

The interval is the package's default where the service sends no `openai-poll-after-ms`. It applies
only to services that speak OpenAI's words: at the word `pending`, which APIGo's document uses, the
package stops waiting and returns a job that is not done.
"""

import warnings

from openai import AsyncOpenAI
from typing_extensions import override

from bench.contenders.rival import Maker, Setting, play


class PackageLoop(Maker):
    """Asks a `/v1/videos` service through the package."""

    def __init__(self, setting: Setting) -> None:
        warnings.simplefilter("ignore", DeprecationWarning)  # OpenAI's own service is gone
        self._client = AsyncOpenAI(api_key=setting.key, base_url=f"{setting.service_url}/v1")

    @override
    async def new(self, prompt: str) -> bytes:
        job = await self._client.videos.create_and_poll(
            prompt=prompt, model="sora-2", seconds="4", size="1280x720"
        )
        return await self._film(job.id)

    @override
    async def begun(self, upstream_id: str) -> bytes:
        return await self._film((await self._client.videos.poll(upstream_id)).id)

    async def _film(self, upstream_id: str) -> bytes:
        return (await self._client.videos.download_content(upstream_id)).content


if __name__ == "__main__":
    play(PackageLoop)
