"""An OpenAI-style `/v1/videos` service on loopback, from `apigo-openai-videos` (sora-2).

Stands in for: `https://maas.apigo.ai`; in other modes for OpenAI and self-hosted servers of the
same dialect. It never imports the bot, which is what it is there to test.
"""

from sandbox.services.openai_videos.dialects import Dialect
from sandbox.services.openai_videos.service import OpenAiVideos

__all__ = ["Dialect", "OpenAiVideos"]
