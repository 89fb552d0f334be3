"""The log: one readable line for each thing that happened, and no secret in any."""

import io
import logging
import sys
import threading
import warnings

import pytest

from bot import logs

TOKEN = "MTIzNDU2.canary.s3cr3t-t0ken"
KEY = "ak/canary+key=="
LIBRARIES = ["discord", "httpx", "httpcore", "aiohttp", "sqlalchemy", "aiosqlite", "alembic"]


@pytest.fixture(autouse=True)
def _logging_as_before():
    """Leave the process's logging as it was found."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    hooks = sys.excepthook, threading.excepthook
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    logging.captureWarnings(capture=False)
    sys.excepthook, threading.excepthook = hooks
    for name in [*LIBRARIES, "asyncio", "PIL", "libav"]:
        logging.getLogger(name).setLevel(logging.NOTSET)


@pytest.fixture
def out():
    """Return what was written since the log was set up at DEBUG."""
    stream = io.StringIO()
    logs.setup("DEBUG", [TOKEN, KEY, ""], stream)
    return stream


def fail(text: str) -> None:
    """Raise an error with a text that may hold anything."""
    raise ValueError(text)


def stream_of(handler: logging.Handler) -> object:
    """Return where a handler writes to."""
    return getattr(handler, "stream", None)


def test_one_line(out):
    """A line tells when, how grave, where, what, and about which task."""
    logging.getLogger("bot.pipeline.courier").info("delivered (%s)", "reply", extra={"task": "ab"})
    stamp, rest = out.getvalue().split(" ", 1)
    assert rest == "INFO bot.pipeline.courier: delivered (reply) task=ab\n"
    assert stamp.endswith("Z")


def test_extras(out):
    """Anything given as extra follows as name=value, quoted where it is not one word."""
    extra = {"task": "ab", "why": 'it said "no"', "size": 5, "odd": "a=b\nc", "none": ""}
    logging.getLogger("bot").info("so", extra=extra)
    expected = r'task=ab why="it said \"no\"" size=5 odd="a=b\nc" none=""'
    assert out.getvalue().endswith(f"bot: so {expected}\n")


def test_no_forged_lines(out):
    """Text from outside cannot begin a line of its own, nor clear the operator's screen."""
    logging.getLogger("bot").info("prompt: %s", "x\n2026-01-01 INFO bot: forged\r\x1b[2J\u2028y")
    assert len(out.getvalue().splitlines()) == 1
    assert "\x1b" not in out.getvalue()


def test_traceback_is_set_apart(out):
    """A traceback follows its line, each of its lines behind a bar."""
    try:
        fail("first\n2026-01-01T00:00:00.000Z INFO bot: forged")
    except ValueError:
        logging.getLogger("bot").exception("it went wrong")
    first, *others = out.getvalue().splitlines()
    assert first.endswith("it went wrong")
    assert len(others) > 3
    assert all(line.startswith("  | ") for line in others)


def test_long_lines_are_cut(out):
    """A service's endless answer does not fill the disk."""
    logging.getLogger("bot").info("x" * 1_000_000)
    assert len(out.getvalue()) < 10_000


SPELLINGS = [
    f"login with {TOKEN} failed",
    f"Authorization: Bot {TOKEN}",
    f"key={KEY}&x=1",
    "url with ak%2Fcanary%2Bkey%3D%3D",
    "POST https://discord.com/api/v10/webhooks/12345/canary-token_A1/messages/@original",
    "/interactions/998877/canary-token_A1/callback",
    "got /hooks/aivideomaker/canary-token_A1",
    "GET https://cdn.example.com/a/b.png?ex=1&hm=canary HTTP/1.1",
    'target="/v1/videos?sign=canary"',
    "wss://gateway.example.com/?v=10&session=canary",
    "https://user:canary@example.com/x",
    "Headers({'key': 'canary', 'authorization': \"Bearer canary\"})",
    "[(b'x', b'y'), ('Authorization', 'Bearer canary')]",
    'payload {"token":"canary-1","id":"5"}',
    "Authorization: Bearer canary-0123456789abcdef",
    "key: canary-0815",
    "sending Bearer canary-0123456789abcdef now",
    "password=canary;",
]


@pytest.mark.parametrize("text", SPELLINGS)
@pytest.mark.parametrize("way", ["message", "argument", "extra", "exception", "cause", "stack"])
def test_no_secret(out, text, way):
    """No secret is written, whether known or only looking like one, however it gets into a line."""
    log = logging.getLogger("bot")
    match way:
        case "message":
            log.debug(text)
        case "argument":
            log.debug("it said %s and %r", text, {"said": text})
        case "extra":
            log.debug("it said", extra={"detail": text})
        case "stack":
            log.debug("%s", [text], stack_info=True)
        case _:
            _fail_with(log, text, cause=way == "cause")
    written = out.getvalue()
    assert logs.HIDDEN in written
    for secret in (TOKEN, KEY, "canary"):
        assert secret not in written


def _fail_with(log: logging.Logger, text: str, *, cause: bool) -> None:
    try:
        try:
            fail(text)
        except ValueError as error:
            if cause:
                raise RuntimeError("because of that") from error
            raise
    except (ValueError, RuntimeError):
        log.exception("failed")


@pytest.mark.parametrize(
    "text",
    [
        "Bot started in 3 guilds",
        "the bot is connected",
        "moved QUEUED → SENDING",
        "is it? yes",
        "https://discord.com/developers/applications",
        "order_key=interaction:123",
        "aivideomaker: tokens erased",
        "GET /api/v1/tasks: 200",
    ],
)
def test_what_is_no_secret_stays(out, text):
    """A line without secrets is written as it was meant."""
    logging.getLogger("bot").info("%s", text)
    assert out.getvalue().endswith(f"bot: {text}\n")


@pytest.mark.parametrize("library", LIBRARIES)
def test_libraries_are_capped(out, library):
    """At DEBUG the libraries' payloads, addresses and statements stay out; their warnings show."""
    log = logging.getLogger(f"{library}.inner")
    log.debug("For Shard ID: socket event {'token': 'x'}")
    assert out.getvalue() == ""
    log.warning("careful")
    assert "careful" in out.getvalue()


def test_alembic_does_not_chat(out):
    """What Alembic tells at every start is nothing to know; changes to the schema we tell."""
    logging.getLogger("alembic.runtime.migration").info("Context impl SQLiteImpl.")
    assert out.getvalue() == ""


def test_level():
    """What is below the level is not written, of libraries neither."""
    stream = io.StringIO()
    logs.setup("ERROR", [], stream)
    logging.getLogger("bot").warning("no")
    logging.getLogger("discord").warning("no")
    logging.getLogger("bot").error("yes")
    assert stream.getvalue().count("\n") == 1


def test_set_up_twice():
    """Setting up again replaces the first set-up instead of doubling every line."""
    first, second = io.StringIO(), io.StringIO()
    logs.setup("INFO", [], first)
    logs.setup("INFO", [], second)
    logging.getLogger("bot").info("once")
    assert (first.getvalue(), second.getvalue().count("once")) == ("", 1)


def test_broken_call(out):
    """A log call with the wrong arguments costs its line, and shows none of them."""
    record = logging.LogRecord("bot", logging.INFO, "x/y.py", 7, "%d bytes", (TOKEN,), None)
    (handler,) = (each for each in logging.getLogger().handlers if stream_of(each) is out)
    handler.handle(record)
    assert "could not be written (bot, y.py:7)" in out.getvalue()
    assert "canary" not in out.getvalue()


def test_uncaught(out):
    """An error that nobody caught is told like any other, without its secrets."""
    try:
        fail(f"bad token {TOKEN}")
    except ValueError as error:
        sys.excepthook(ValueError, error, error.__traceback__)
    assert "CRITICAL bot.logs: stopped by an error" in out.getvalue()
    assert "canary" not in out.getvalue()


def test_uncaught_in_thread(out):
    """Likewise in a thread."""
    thread = threading.Thread(target=fail, args=[f"bad token {TOKEN}"])
    thread.start()
    thread.join()
    assert "ValueError: bad token [hidden]" in out.getvalue()


def test_warnings(out):
    """Python's warnings go to the log too."""
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        warnings.warn("old and gone", UserWarning, stacklevel=1)
    assert "WARNING py.warnings: " in out.getvalue()
