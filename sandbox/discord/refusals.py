"""Stands in for Discord's error answers: one exception, and the table of codes it may carry.

It never invents a code: each is from Discord's list, with the HTTP status seen in the wild.
"""

from typing import Any, Final


class Refusal(Exception):
    """A request Discord answers with an error.

    Attributes:
        status: The HTTP status.
        code: Discord's error code; 0 for errors of plain HTTP.
        errors: For code 50035, what is wrong where; else None.
    """

    def __init__(
        self, status: int, code: int, message: str, errors: dict[str, Any] | None = None
    ) -> None:
        super().__init__(f"{status} {code} {message}")
        self.status = status
        self.code = code
        self.message = message
        self.errors = errors

    def body(self) -> dict[str, Any]:
        """Return the JSON Discord sends for it."""
        body: dict[str, Any] = {"message": self.message, "code": self.code}
        return body if self.errors is None else {**body, "errors": self.errors}


_TABLE: Final[dict[int, tuple[int, str]]] = {
    10002: (404, "Unknown Application"),
    10003: (404, "Unknown Channel"),
    10004: (404, "Unknown Guild"),
    10007: (404, "Unknown Member"),
    10008: (404, "Unknown Message"),
    10011: (404, "Unknown Role"),
    10013: (404, "Unknown User"),
    10015: (404, "Unknown Webhook"),
    10062: (404, "Unknown interaction"),
    20012: (403, "You are not authorized to perform this action on this application"),
    30046: (429, "Maximum number of edits to messages older than 1 hour reached. Try again later."),
    40005: (413, "Request entity too large"),
    40060: (400, "Interaction has already been acknowledged."),
    50001: (403, "Missing Access"),
    50005: (403, "Cannot edit a message authored by another user"),
    50006: (400, "Cannot send an empty message"),
    50007: (403, "Cannot send messages to this user"),
    50013: (403, "Missing Permissions"),
    50027: (401, "Invalid Webhook Token"),
    50035: (400, "Invalid Form Body"),
    50083: (400, "Thread is archived"),
    50109: (400, "The request body contains invalid JSON."),
    50278: (403, "Cannot send messages to this user due to having no mutual guilds"),
    160002: (400, "Cannot reply without permission to read message history"),
}


def refuse(code: int) -> Refusal:
    """Return the refusal Discord gives with this code."""
    status, message = _TABLE[code]
    return Refusal(status, code, message)


def unauthorized() -> Refusal:
    """Return the answer to a wrong or missing bot token."""
    return Refusal(401, 0, "401: Unauthorized")


def not_found() -> Refusal:
    """Return the answer to a route that does not exist."""
    return Refusal(404, 0, "404: Not Found")


def not_allowed() -> Refusal:
    """Return the answer to a method a route does not know."""
    return Refusal(405, 0, "405: Method Not Allowed")
