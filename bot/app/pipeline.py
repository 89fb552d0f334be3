"""The steps of the story, put together and ready to start.

Built by ``wiring/``, started and stopped by the runner. Never does a step itself.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from bot.pipeline.accounts import Accounts
from bot.pipeline.consent import Consent
from bot.pipeline.courier import Courier
from bot.pipeline.desk import Desk
from bot.pipeline.drafts import Drafts
from bot.pipeline.encores import Encores
from bot.pipeline.eraser import Eraser
from bot.pipeline.line import Line
from bot.pipeline.poller import Poller
from bot.pipeline.recovery import Recovery
from bot.pipeline.search import Search
from bot.pipeline.submitter import Submitter
from bot.pipeline.worker import Worker


@dataclass(frozen=True, slots=True)
class Pipeline:
    """All steps, by name and, where there is one for each service, by provider."""

    desk: Desk
    accounts: Accounts
    encores: Encores
    drafts: Drafts
    consent: Consent
    submitters: Mapping[str, Submitter]
    lines: Mapping[str, Line]
    """Of the providers that take so many tasks at once."""
    pollers: Mapping[str, Poller]
    searches: Mapping[str, Search]
    courier: Courier
    eraser: Eraser
    recovery: Recovery

    @property
    def workers(self) -> list[Worker]:
        """All loops, in the order of the story."""
        sending = [*self.submitters.values(), *self.searches.values(), *self.lines.values()]
        return [*sending, *self.pollers.values(), self.courier, self.eraser, self.recovery]

    async def start(self) -> None:
        """Take up what the last run left, then start every loop."""
        await self.recovery.take_up()
        for worker in reversed(self.workers):
            worker.start()

    async def stop(self, grace: timedelta = timedelta(seconds=5)) -> None:
        """Finish what takes no longer than ``grace``; the rows keep the rest."""
        await asyncio.gather(*(worker.stop(grace) for worker in self.workers))

    def knows(self, provider: str, hook_hash: str) -> bool:
        """Tell whether this is the hash of a secret that the provider was given for a job."""
        return provider in self.pollers and self.pollers[provider].knows(hook_hash)

    def hint(self, provider: str, hook_hash: str) -> None:
        """A webhook came, under this hash of its secret: a stranger's word until it is known."""
        if provider in self.pollers:
            self.pollers[provider].hint(hook_hash)

    def wake(self, provider: str) -> None:
        """There is something to send, to cancel or to look at."""
        if provider in self.submitters:
            self.submitters[provider].wake()
        if provider in self.pollers:
            self.pollers[provider].wake()
        if provider in self.lines:
            self.lines[provider].wake()
