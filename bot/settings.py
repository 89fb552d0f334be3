"""The operator's settings, from the environment and a ``.env`` file.

Read once, when the bot starts, by ``__main__``; the composition root passes each part only what it
needs. Never shows a value in an error: a key pasted into the wrong line would end up in a log.
"""

import os
import re
from collections.abc import Callable
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

from dotenv import dotenv_values
from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    FilePath,
    SecretStr,
    ValidationError,
    ValidationInfo,
    ValidatorFunctionWrapHandler,
    WrapValidator,
    field_validator,
)
from pydantic_core import PydanticCustomError
from pydantic_settings import BaseSettings, SettingsConfigDict

from bot.errors import ConfigurationError

_PORTAL = "create a bot at https://discord.com/developers/applications and put its token into .env."
_NO_TOKEN = f"DISCORD_TOKEN is not set: {_PORTAL}"
_NO_KEY = (
    "Neither AIVIDEOMAKER_API_KEY nor APIGO_API_KEY is set: put the key of at least one video "
    "service into .env."
)
_NOTHING = (
    "Neither DISCORD_TOKEN nor the key of a video service (AIVIDEOMAKER_API_KEY or APIGO_API_KEY) "
    f"is set: copy .env.example to .env, {_PORTAL}"
)
_TRY_IT = "To try Clapboard without any account, run `python -m sandbox`: it needs no settings."
_NO_LISTENER = (
    "WEBHOOK_URL needs HTTP_PORT: set HTTP_PORT, for example 8080, or remove WEBHOOK_URL."
)
_MISSING = frozenset({"missing", "no_key"})
_ENCODING = "utf-8-sig"
"""UTF-8, with or without the mark that Windows editors put in front."""
_SIMILAR = 0.8
"""How alike an unknown name and a setting must be to be taken for a typing error."""


def _must_be(text: str) -> WrapValidator:
    """Say what a setting must be, in our words, where its value does not fit."""

    def check(value: object, fits: ValidatorFunctionWrapHandler, setting: ValidationInfo) -> object:
        try:
            return fits(value)
        except ValidationError:
            name = (setting.field_name or "").upper()
            raise PydanticCustomError(
                "unfit", "{name} must be {text}.", {"name": name, "text": text}
            ) from None

    return WrapValidator(check)


def _bare(value: SecretStr) -> SecretStr:
    """Cut the blanks around a pasted token; none may be inside, nor a quote anywhere."""
    text = value.get_secret_value().strip()
    if not re.fullmatch(r"[!#-&(-~]+", text):  # all that ASCII can print but " and '
        raise ValueError
    return SecretStr(text)


def _address(*schemes: str) -> AfterValidator:
    """Accept an absolute URL without credentials or query, and cut the slash at its end."""

    def check(value: str) -> str:
        url = urlsplit(value)
        extras = url.query or url.fragment or url.username or url.password
        if url.scheme not in schemes or not url.hostname or extras:
            raise ValueError
        return value.rstrip("/")

    return AfterValidator(check)


def _folded(fold: Callable[[str], str]) -> BeforeValidator:
    return BeforeValidator(lambda value: fold(value) if isinstance(value, str) else value)


Secret = Annotated[
    SecretStr, AfterValidator(_bare), _must_be("the token or key alone, without spaces or quotes")
]
HttpUrl = Annotated[
    str,
    _address("https", "http"),
    _must_be("an address that begins with https:// or http:// and has no key or ? in it"),
]
GatewayUrl = Annotated[
    str, _address("wss", "ws"), _must_be("an address that begins with wss:// or ws://")
]
Positive = Annotated[int, Field(ge=1, le=10**9), _must_be("a whole number from 1")]
Credits = Annotated[int, Field(ge=0, le=10**9), _must_be("a whole number from 0")]
Port = Annotated[int, Field(ge=0, le=65535), _must_be("a port from 1 to 65535, or 0 for any")]
File = Annotated[FilePath, _must_be("the path of a file that exists")]
MessageContent = Annotated[
    Literal["auto", "on", "off"], _folded(str.lower), _must_be("auto, on or off")
]
LogLevel = Annotated[
    Literal["DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"],
    _folded(str.upper),
    _must_be("DEBUG, INFO, WARNING, ERROR or CRITICAL"),
]


class Settings(BaseSettings):
    """What the operator decides. Names in the environment are these, in capital letters."""

    model_config = SettingsConfigDict(
        frozen=True,
        extra="ignore",  # .env files are shared with compose files and other programs
        env_ignore_empty=True,
        validate_default=True,
        use_attribute_docstrings=True,
        hide_input_in_errors=True,
        str_strip_whitespace=True,
    )

    discord_token: Secret
    """The bot's token: developer portal, your application, Bot, Reset Token. Required."""
    discord_api_url: HttpUrl = "https://discord.com/api/v10"
    """Where Discord's REST API is. Change it only for a proxy or a test."""
    discord_gateway_url: GatewayUrl | None = None
    """Where Discord's gateway is; unset: what Discord says."""
    discord_cdn_url: HttpUrl = "https://cdn.discordapp.com"
    """Where Discord keeps attachments."""

    aivideomaker_api_key: Secret | None = None
    """The key for AI Video Maker; unset: its models leave the menus. One key at least is needed."""
    aivideomaker_url: HttpUrl = "https://aivideomaker.ai"
    """Where AI Video Maker is."""
    apigo_api_key: Secret | None = None
    """The key for APIGo; unset: its models leave the menus. One key at least is needed."""
    apigo_url: HttpUrl = "https://maas.apigo.ai"
    """Where APIGo, or another service that speaks /v1/videos, is; paths start below it."""

    database_url: str = "sqlite+aiosqlite:///data/clapboard.db"
    """The database; three slashes and a path below the folder the bot is started in, or four."""
    data_dir: Path = Path("data")
    """The folder for pictures on their way and for films."""
    film_days: Positive = 7
    """How many days a delivered film stays on disk for /video show."""
    film_disk_mb: Positive = 5000
    """How many megabytes films may take; then those longest delivered go. Others never do."""

    http_host: str = "127.0.0.1"
    """The address the bot's own listener is bound to; 0.0.0.0 for all."""
    http_port: Port | None = None
    """The port for /healthz, /metrics and /hooks; unset: no listener."""
    webhook_url: HttpUrl | None = None
    """The public address that leads to the listener; unset: the services are polled only."""

    default_server_credits: Credits = 500
    """The credits a new server may spend a month, until an admin or you decide otherwise."""
    catalog_file: File | None = None
    """A TOML file with more or changed models and prices."""
    aivideomaker_in_flight: Positive | None = None
    """How many tasks AI Video Maker may have at once; unset: no limit."""
    apigo_in_flight: Positive | None = None
    """How many tasks APIGo may have at once; unset: no limit."""
    message_content: MessageContent = "auto"
    """The message content intent, for replies to others' pictures: auto, on (required) or off."""
    log_level: LogLevel = "INFO"
    """How much the log tells."""

    # Rules between settings hang on the later one, so that they are checked, and told, together
    # with all others.
    @field_validator("apigo_api_key")
    @classmethod
    def _one_service(cls, key: SecretStr | None, info: ValidationInfo) -> SecretStr | None:
        if key is None and info.data.get("aivideomaker_api_key", "") is None:
            raise PydanticCustomError("no_key", _NO_KEY)
        return key

    @field_validator("webhook_url")
    @classmethod
    def _listener_for_webhooks(cls, url: str | None, info: ValidationInfo) -> str | None:
        if url is not None and info.data.get("http_port", 0) is None:
            raise PydanticCustomError("no_listener", _NO_LISTENER)
        return url

    def secrets(self) -> frozenset[str]:
        """Return every secret value, for the log to leave out."""
        values = (value for _, value in self if isinstance(value, SecretStr))
        password = urlsplit(self.database_url).password
        return frozenset({value.get_secret_value() for value in values} | {password or ""}) - {""}


def load(env_file: Path | None) -> Settings:
    """Read the environment and, for what it does not hold, ``env_file`` where it exists.

    Raises:
        ConfigurationError: one line for each problem, with its remedy and without any value.
    """
    settings = None
    problems: list[str] = []
    try:
        problems += _typing_errors(env_file)
        settings = Settings(_env_file=env_file, _env_file_encoding=_ENCODING)
    except ValidationError as error:
        problems += _sentences(error)
    except (OSError, UnicodeDecodeError) as error:
        problems.append(f"{env_file} cannot be read ({type(error).__name__}): save it as UTF-8.")
    if settings is None or problems:
        raise ConfigurationError("\n".join(problems)) from None
    return settings


def forget() -> None:
    """Take the settings out of the environment, so that no process the bot starts inherits a key.

    What decodes strangers' pictures is such a process.
    """
    environment = os.environ  # noqa: TID251 - where settings come in, they also go
    for name in [name for name in environment if name.lower() in Settings.model_fields]:
        del environment[name]


def _typing_errors(env_file: Path | None) -> list[str]:
    """Find names that are no settings but look like one that the file does not set."""
    if env_file is None:
        return []
    given = {name.upper() for name in dotenv_values(env_file, encoding=_ENCODING)}
    known = {name.upper() for name in Settings.model_fields}
    return [
        f"{name} is not a setting: did you mean {meant}?"
        for name in sorted(given - known)
        for meant in get_close_matches(name, known - given, n=1, cutoff=_SIMILAR)
    ]


def _sentences(error: ValidationError) -> list[str]:
    """Turn what pydantic found into our words; a start without anything gets one short answer."""
    found = [(each["type"], each["msg"]) for each in error.errors(include_input=False)]
    kinds = {kind for kind, _ in found}
    sentences = [sentence for kind, sentence in found if kind not in _MISSING]
    if kinds >= _MISSING:
        sentences = [_NOTHING, *sentences]
    elif "missing" in kinds:
        sentences = [_NO_TOKEN, *sentences]
    elif "no_key" in kinds:
        sentences = [_NO_KEY, *sentences]
    return [*sentences, _TRY_IT] if "missing" in kinds else sentences
