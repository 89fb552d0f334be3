"""The log: one line for each thing that happened, readable by people and by ``grep``, no secrets.

Set up once by ``__main__``; every other room uses the standard ``logging`` and gives what a line is
about as ``extra={"task": task.id}``. Never writes a secret, at any level, in a traceback either:
what leaves is searched as a whole, after everything has been put into it.

    2026-01-31T12:00:00.000Z INFO bot.pipeline.courier: delivered (reply) task=0123456789ab
"""

import logging
import re
import sys
import threading
import traceback
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from types import TracebackType
from typing import TextIO
from urllib.parse import quote

from typing_extensions import override

log = logging.getLogger(__name__)

HIDDEN = "[hidden]"
_SHORTEST = 4
"""Shorter values are not searched for: they would hide half of every line."""
_LONGEST_LINE = 8_000

# Below these levels the libraries log what is nobody's business: gateway payloads with tokens,
# addresses, statements with their parameters.
_LIBRARIES: Mapping[str, int] = {
    "discord": logging.INFO,
    "httpx": logging.WARNING,
    "httpcore": logging.WARNING,
    "aiohttp": logging.WARNING,
    "sqlalchemy": logging.WARNING,
    "aiosqlite": logging.WARNING,
    "alembic": logging.WARNING,
    "asyncio": logging.INFO,
    "PIL": logging.INFO,
    "libav": logging.ERROR,
}

_STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime"}

# What is secret wherever it appears, whoever wrote the line.
_PATTERNS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"(/(?:webhooks|interactions|hooks)/[^/\s]+/)[^/\s?\"'<>]+"), rf"\1{HIDDEN}"),
    (re.compile(r"(\w://)[^/\s@\"']+@"), rf"\1{HIDDEN}@"),
    (re.compile(r"(\w://[^\s?\"'<>]*|[\s\"']/[^\s?\"'<>]*)\?[^\s\"'<>]+"), rf"\1?{HIDDEN}"),
    (re.compile(r"(?i)\b(bearer|bot) +(?=\S*[\d._-])[\w.~+/=-]{16,}"), rf"\1 {HIDDEN}"),
    (
        re.compile(
            # in quotes, which a repr of a repr escapes
            r"(?i)(['\"](?:authorization|cookie|key|x-api-key|api_key|token|secret|password)"
            r"\\*['\"]\s*[:,]\s*b?)\\*(?:\"[^\"]*\"|'[^']*')"
        ),
        rf"\1{HIDDEN}",
    ),
    (
        re.compile(
            r"(?i)\b(authorization|cookie|x-api-key|api_key|key|token|secret|password)"
            r"(=|: +)(?!\[hidden\])[^\s,;)\]}]+"
        ),
        rf"\1\2{HIDDEN}",
    ),
)


def setup(level: str, secrets: Iterable[str], stream: TextIO | None = None) -> None:
    """Send all logging to ``stream`` (standard error) from ``level`` on, without ``secrets``.

    Warnings and errors that nobody caught go the same way. May be called again.
    """
    handler = _Handler(stream or sys.stderr)
    handler.setFormatter(LineFormatter(secrets))
    logging.basicConfig(level=level, handlers=[handler], force=True)
    for name, least in _LIBRARIES.items():
        logging.getLogger(name).setLevel(max(least, logging.getLevelNamesMapping()[level]))
    logging.captureWarnings(capture=True)
    sys.excepthook = _uncaught
    threading.excepthook = _uncaught_in_thread


class LineFormatter(logging.Formatter):
    """Writes a record as one line: instant (UTC), level, logger, message, then ``name=value``.

    A traceback follows on lines of its own, each behind a bar, so that nothing that came from
    outside can pass for a line of the log.
    """

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        super().__init__()
        self._known = _any_of(secrets)

    @override
    def format(self, record: logging.LogRecord) -> str:
        instant = datetime.fromtimestamp(record.created, UTC)
        stamp = instant.isoformat(timespec="milliseconds").replace("+00:00", "Z")
        message = _one_line(self.redact(record.getMessage()))
        parts = [f"{stamp} {record.levelname} {record.name}: {message}", *self._extras(record)]
        line = " ".join(parts)
        if len(line) > _LONGEST_LINE:
            line = f"{line[:_LONGEST_LINE]}…"
        return "\n".join([line, *self._trace(record)])

    def redact(self, text: str) -> str:
        """Return ``text`` without the known secrets and without what looks like one."""
        if self._known is not None:
            text = self._known.sub(HIDDEN, text)
        for pattern, instead in _PATTERNS:
            text = pattern.sub(instead, text)
        return text

    def _extras(self, record: logging.LogRecord) -> list[str]:
        extras = {name: value for name, value in vars(record).items() if name not in _STANDARD}
        return [f"{name}={_value(self.redact(str(value)))}" for name, value in extras.items()]

    def _trace(self, record: logging.LogRecord) -> list[str]:
        text = "".join(traceback.format_exception(*record.exc_info)) if record.exc_info else ""
        text += record.stack_info or ""
        return [f"  | {line}" for line in self.redact(text).splitlines()]


class _Handler(logging.StreamHandler[TextIO]):
    """Writes lines; of one that cannot be written it says where it came from, not what it held."""

    @override
    def handleError(self, record: logging.LogRecord) -> None:
        where = f"{record.name}, {record.module}.py:{record.lineno}"
        try:
            self.stream.write(f"a line of the log could not be written ({where})\n")
        except (OSError, ValueError):
            return  # the stream is closed or its reader is gone; there is nowhere left to say so


def _any_of(secrets: Iterable[str]) -> re.Pattern[str] | None:
    """Match any of ``secrets``, as it is or as it stands in a URL; the longest first."""
    forms = {form for secret in secrets for form in (secret, quote(secret, safe=""))}
    known = sorted((form for form in forms if len(form) >= _SHORTEST), key=len, reverse=True)
    return re.compile("|".join(map(re.escape, known))) if known else None


def _one_line(text: str) -> str:
    """Write line breaks and other control characters as escapes."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


def _value(text: str) -> str:
    """Quote a value that would not be one word."""
    plain = _one_line(text)
    return plain if re.fullmatch(r"[^\s\"=]+", plain) else '"' + plain.replace('"', r"\"") + '"'


def _uncaught(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    if issubclass(kind, KeyboardInterrupt):
        return
    log.critical("stopped by an error that nobody caught", exc_info=(kind, error, trace))


def _uncaught_in_thread(args: threading.ExceptHookArgs) -> None:
    if args.exc_value is not None and not issubclass(args.exc_type, SystemExit):
        _uncaught(args.exc_type, args.exc_value, args.exc_traceback)
