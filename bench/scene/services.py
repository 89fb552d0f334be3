"""Both video services with a script in place of luck: each job is done when the plan says so.

They are the sandbox's own stand-ins, with their limits; what is added is where a job's fate comes
from, and a tally of what they were asked. A job that was begun before the bot was started is put
there directly. Never renders: every film is the same one.
"""

import re
import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta

from aiohttp.typedefs import Middleware
from multidict import CIMultiDict, CIMultiDictProxy
from typing_extensions import override

from bench.scene.plan import Plan
from bench.scene.tally import Tally
from sandbox.services import FOREVER, AiVideoMaker, Create, FilmOrder, OpenAiVideos, Phase, Scenario
from sandbox.services.jobs import Job
from sandbox.services.life import Life, Walk

NUMBER = re.compile(r"film (-?\d+)\b")
"""How a prompt names the film that the plan knows by this number."""
MOMENT = timedelta(seconds=1)
"""In the service's queue, at most."""
ROLL = FilmOrder((), 5, (1280, 720))
"""What a stand-in would render if it had no film."""


class Script:
    """Knows each job's fate: by the number in its prompt; the others run on and on."""

    def __init__(self, plan: Plan, film: bytes) -> None:
        self._plan = plan
        self._film = film

    def fate(self, prompt: str, born: datetime) -> Scenario:
        """Return what becomes of a job that was made at `born`."""
        number = NUMBER.search(prompt)
        life = self._plan.ends(int(number[1])) - born if number else FOREVER
        return Scenario(walk=_walk(max(life, timedelta(0))), film=self._film)


class ScriptedAiVideoMaker(AiVideoMaker):
    """AI Video Maker, with its sixty queries a minute."""

    def __init__(self, key: str, script: Script) -> None:
        super().__init__(key=key, balance=1_000_000_000, files_port=None)
        self.tally = Tally(lambda: self.list_sizes[-1])
        self._script = script

    @override
    def fate(self, prompt: str) -> Scenario:
        return self._script.fate(prompt, self.clock())

    @override
    def middlewares(self) -> list[Middleware]:
        return [self.tally.ring, *super().middlewares()]

    def begun(self, prompt: str, born: datetime, hook: str | None = None) -> str:
        """Put a job there that was made at `born`, to be called back at `hook`; return its id."""
        said = {"prompt": prompt, "aspectRatio": "16:9", "duration": 5}
        headers = {"key": self.key} if hook is None else {"key": self.key, "webhookUrl": hook}
        create = Create(f"ck{secrets.token_hex(11)}", "t2v", said, _sent(headers), born, None)
        job = _job(create, self._script.fate(prompt, born), self.key, said)
        self.adopt(job)
        return job.id


class ScriptedOpenAiVideos(OpenAiVideos):
    """A `/v1/videos` service as OpenAI's own was, which has no limit that it names."""

    def __init__(self, key: str, script: Script) -> None:
        super().__init__(key=key, mode="openai", files_port=None)
        self.tally = Tally()
        self._key = key
        self._script = script

    @override
    def fate(self, prompt: str) -> Scenario:
        return self._script.fate(prompt, self.clock())

    @override
    def middlewares(self) -> list[Middleware]:
        return [self.tally.ring, *super().middlewares()]

    def begun(self, prompt: str, born: datetime, hook: str | None = None) -> str:
        """Put a job there that was made at `born`; return its id. It calls nobody back."""
        said = {"prompt": prompt, "size": "1280x720", "seconds": "4"}
        owner = f"Bearer {self._key}"
        headers = _sent({"Authorization": owner})
        create = Create(f"video_{secrets.token_hex(16)}", "sora-2", said, headers, born, None)
        job = _job(create, self._script.fate(prompt, born), owner, said)
        self.adopt(job)
        return job.id


Scripted = ScriptedAiVideoMaker | ScriptedOpenAiVideos


def _walk(life: timedelta) -> Walk:
    queued = (min(MOMENT, life / 5), Phase.RUNNING)
    return ((timedelta(0), Phase.QUEUED), queued, (life, Phase.DONE))


def _job(create: Create, fate: Scenario, owner: str, said: Mapping[str, object]) -> Job:
    life = Life(create.at, fate.walk or ())
    return Job(create, life, fate, ROLL, owner, said)


def _sent(headers: Mapping[str, str]) -> CIMultiDictProxy[str]:
    return CIMultiDictProxy(CIMultiDict(headers))
