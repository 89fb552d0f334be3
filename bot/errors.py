"""Everything that can go wrong, as one tree; every room translates its own troubles into it.

    ClapboardError
    ├─ Refused(code, …)          the member can mend it: a kind private answer; nothing held or sent
    ├─ ConfigurationError        the operator can mend it: one sentence with the remedy
    ├─ ProviderError             a video service…
    │  ├─ NotSent                …could not be reached: not a byte left, so sending again is safe
    │  ├─ OutcomeUnknown         …was asked to make a video and its answer was lost
    │  ├─ Declined(failure, …)   …said no for good; it made nothing
    │  ├─ RateLimited            …asks us to wait
    │  ├─ Unauthorised           …does not accept our key
    │  ├─ JobNotFound            …does not know this job
    │  └─ Unavailable            …is in trouble or answers nonsense: look again later
    ├─ DownloadError             a file from outside…
    │  ├─ AddressRefused         …lies where we do not go (private address, other origin)
    │  ├─ TooLarge               …is larger than allowed
    │  ├─ WrongContent           …is not what it was said to be
    │  ├─ Gone                   …is no longer there
    │  └─ Interrupted            …did not arrive whole: try again
    ├─ DeliveryError             Discord…
    │  ├─ Unreachable            …is in trouble: try again
    │  ├─ CannotPost             …will not let us post there, now or later
    │  │  ├─ MessageGone         …has no such message or channel any more
    │  │  └─ NotTaken            …does not take this message: another, or a later one, may pass
    │  │     └─ WordsBlocked     …because AutoMod does not like its words
    │  └─ FilmTooLarge           …does not take a file of this size
    └─ BrokenInvariant           a bug of ours: traceback to the log, a reference to the member

Errors carry a code and fields, never prose for members: the words live in ``discord_ui/words/``.
``str(error)`` is for the log and must not hold a secret.
"""

from datetime import datetime, timedelta
from enum import StrEnum

FieldValue = str | int | datetime | timedelta | tuple[str, ...] | tuple[int, ...] | None


class Refusal(StrEnum):
    """Why an order or a question is turned down; the fields that come with each are named here."""

    EMPTY_PROMPT = "empty_prompt"
    PROMPT_TOO_LONG = "prompt_too_long"  # length, limit; shot: which of several
    UNKNOWN_MODEL = "unknown_model"  # model, choices
    MODEL_OFF = "model_off"  # model, choices: its service has no key or closed the model
    WRONG_DOOR = "wrong_door"  # model, takes: this command's models
    WRONG_DURATION = "wrong_duration"  # model, choices (seconds)
    WRONG_ASPECT = "wrong_aspect"  # model, choices
    TOO_MANY_SHOTS = "too_many_shots"  # model, limit, count
    NO_PICTURE = "no_picture"
    PICTURE_HIDDEN = "picture_hidden"  # Discord hides it from us; draft: what was asked for
    NOT_A_PICTURE = "not_a_picture"  # kind: what it seems to be, or None
    PICTURE_DAMAGED = "picture_damaged"  # begins like a picture, cannot be read to its end
    PICTURE_TOO_LARGE = "picture_too_large"  # limit (bytes), or limit_megapixels
    PICTURE_GONE = "picture_gone"
    PICTURE_UNREACHABLE = "picture_unreachable"
    PICTURE_ELSEWHERE = "picture_elsewhere"  # at an address that we do not ask
    POOL_EMPTY = "pool_empty"  # cost, left, renews_at
    LIMIT_REACHED = "limit_reached"  # cost, left, renews_at
    UNKNOWN_TASK = "unknown_task"  # task_id
    NOT_YOURS = "not_yours"  # task_id
    TOO_LATE = "too_late"  # task_id: the service is already at work
    CANNOT_CANCEL = "cannot_cancel"  # task_id: this service has no cancel
    NOT_KNOWN_YET = "not_known_yet"  # task_id: create's answer was lost and is searched for
    ALREADY_ENDED = "already_ended"  # task_id, state
    NO_FILM = "no_film"  # task_id: the film is no longer kept
    FILM_GONE = "film_gone"  # task_id: neither kept nor posted any more, so nothing goes on from it
    TAKEN_DOWN = "taken_down"  # task_id: somebody in the picture, or a moderator, had it removed
    PRESSED_TWICE = "pressed_twice"  # within a moment: taken as one wish
    NOT_YOUR_PICTURE = "not_your_picture"  # task_id: neither theirs nor from a picture of theirs
    OPTED_OUT = "opted_out"  # whose picture it is does not want others to animate it
    ON_ITS_WAY = "on_its_way"  # task_id: the film is being handed to this very member
    FORM_GONE = "form_gone"  # it was opened too long ago
    NOT_YOUR_FORM = "not_your_form"
    NOT_PERMITTED = "not_permitted"  # permission
    WRONG_CREDITS = "wrong_credits"  # limit
    WRONG_GRANT = "wrong_grant"  # limit; left: what was granted and can still be taken back
    GUILD_ONLY = "guild_only"
    BUSY = "busy"  # the bot is starting or stopping, or the database or Discord is in trouble


class Failure(StrEnum):
    """Why a task ended without a film; shown on its card in plain words."""

    NO_CARD = "no_card"  # its card never appeared, so its member may have asked again
    BY_MEMBER = "by_member"  # cancelled with the button or the command
    CANCELLED_UPSTREAM = "cancelled_upstream"
    CONTENT = "content"  # the service does not make this prompt or picture
    PICTURE = "picture"  # the service could not use the picture
    INVALID_REQUEST = "invalid_request"  # the service did not understand us
    MODEL_CLOSED = "model_closed"
    SERVICE_CREDITS = "service_credits"  # the operator's account is empty
    SERVICE_KEY = "service_key"  # the operator's key is not accepted
    SERVICE_OFF = "service_off"  # the provider has no key any more
    SERVICE_FAILED = "service_failed"  # it tried and failed
    FORGOTTEN = "forgotten"  # the service no longer knows the job
    NO_OUTPUT = "no_output"  # finished, it says, yet without a film
    RESULT_GONE = "result_gone"  # the film was gone before it could be fetched
    WITHDRAWN = "withdrawn"  # taken down before anybody saw it
    LOST = "lost"  # the answer to create was lost and the job was not found


class ClapboardError(Exception):
    """The root of all our own errors."""


class Refused(ClapboardError):
    """The Desk or a door says no; the member is told what to do. Nothing was held or sent."""

    def __init__(self, code: Refusal, **fields: FieldValue) -> None:
        super().__init__(code.value)
        self.code = code
        self.fields = fields


class ConfigurationError(ClapboardError):
    """The bot cannot start as configured; the text is one sentence with the remedy."""


class ProviderError(ClapboardError):
    """A video service did not do as asked."""

    def __init__(self, provider: str, detail: str = "") -> None:
        super().__init__(f"{provider}: {detail}" if detail else provider)
        self.provider = provider
        self.detail = detail


class NotSent(ProviderError):
    """No connection was made; the request may be sent again."""


class OutcomeUnknown(ProviderError):
    """A create was sent and its answer lost: there may or may not be a paid job."""


class Declined(ProviderError):
    """The service refused for good; no job exists. ``detail`` is safe to show."""

    def __init__(self, provider: str, failure: Failure, detail: str = "") -> None:
        super().__init__(provider, detail)
        self.failure = failure


class RateLimited(ProviderError):
    """The service asks for a pause of ``retry_after``."""

    def __init__(self, provider: str, retry_after: timedelta, detail: str = "") -> None:
        super().__init__(provider, detail)
        self.retry_after = retry_after


class Unauthorised(ProviderError):
    """The service does not accept the key; jobs already made stay as they are."""


class JobNotFound(ProviderError):
    """The service does not know the job (or it belongs to another key)."""


class Unavailable(ProviderError):
    """The service is down, overloaded or unintelligible; nothing was decided."""


class DownloadError(ClapboardError):
    """A file could not be brought here."""


class AddressRefused(DownloadError):
    """The address is private, of another scheme, or holds credentials."""


class TooLarge(DownloadError):
    """The file is larger than the ``limit`` in bytes."""

    def __init__(self, limit: int) -> None:
        super().__init__(f"larger than {limit} bytes")
        self.limit = limit


class WrongContent(DownloadError):
    """The bytes are not what was promised (an HTML page instead of a film)."""


class Gone(DownloadError):
    """The file is no longer (or not) there: 403, 404, 410."""


class Interrupted(DownloadError):
    """The transfer broke or the host is in trouble; another try may succeed."""


class DeliveryError(ClapboardError):
    """Discord did not take a message."""


class Unreachable(DeliveryError):
    """Discord is in trouble; try again after ``retry_after``."""

    def __init__(self, detail: str, retry_after: timedelta = timedelta(seconds=5)) -> None:
        super().__init__(detail)
        self.retry_after = retry_after


class CannotPost(DeliveryError):
    """The place is closed to us: deleted, archived, or permissions are missing."""


class MessageGone(CannotPost):
    """The message, or the channel that it stood in, is no longer there."""


class NotTaken(CannotPost):
    """Discord does not take this message as it is; another, or the same one later, may pass."""


class WordsBlocked(NotTaken):
    """The server's AutoMod does not let the message's words through."""


class FilmTooLarge(DeliveryError):
    """Discord refused the size of the file, whatever the limit said."""


class StoreUnavailable(ClapboardError):
    """The database does not answer or cannot be written: disk full, file locked, file gone."""


class BrokenInvariant(ClapboardError):
    """Something that our own rules forbid has happened."""
