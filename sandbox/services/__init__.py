"""Stand-ins for both video services, on loopback, written from the services' own documents.

    async with AiVideoMaker(pace=Pace(queued=timedelta(seconds=1))) as service:
        ...  # point AIVIDEOMAKER_URL at service.url; films lie at service.files_url

Strict in what they accept, able to misbehave on request: `service.script(Scenario(...))` decides
what becomes of the next task, a marker such as `[fail]` in a prompt does it by hand (`markers.py`
has the table), and `service.faults.add(Fault(...))` breaks the wire. They never import the bot.
"""

from sandbox.services.actions import (
    BAD_GATEWAY,
    CHALLENGE,
    Action,
    Cut,
    Delay,
    Drip,
    Reply,
    Reset,
    Silence,
)
from sandbox.services.aivideomaker import AiVideoMaker, Quirks
from sandbox.services.faults import Fault
from sandbox.services.films import FilmOrder, Films
from sandbox.services.jobs import Create
from sandbox.services.journal import Part, Seen
from sandbox.services.life import Phase
from sandbox.services.openai_videos import Dialect, OpenAiVideos
from sandbox.services.pace import FOREVER, Pace
from sandbox.services.scenario import ABSENT, Scenario

__all__ = [
    "ABSENT",
    "BAD_GATEWAY",
    "CHALLENGE",
    "FOREVER",
    "Action",
    "AiVideoMaker",
    "Create",
    "Cut",
    "Delay",
    "Dialect",
    "Drip",
    "Fault",
    "FilmOrder",
    "Films",
    "OpenAiVideos",
    "Pace",
    "Part",
    "Phase",
    "Quirks",
    "Reply",
    "Reset",
    "Scenario",
    "Seen",
    "Silence",
]
