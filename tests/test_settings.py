"""The operator's settings: read as promised, refused plainly, and the same in every place."""

import os
import re
from pathlib import Path

import pytest
from dotenv import dotenv_values
from pydantic import SecretStr, ValidationError

from bot.errors import ConfigurationError
from bot.settings import Settings, forget, load

ROOT = Path(__file__).parents[1]
NAMES = {name.upper() for name in Settings.model_fields}
DEFAULTS = {
    name.upper(): str(field.default)
    for name, field in Settings.model_fields.items()
    if not field.is_required() and field.default is not None
}
TOKEN = "canary.token-4711"
KEY = "canary-key-0815"
ENOUGH = {"DISCORD_TOKEN": TOKEN, "APIGO_API_KEY": KEY}


@pytest.fixture(autouse=True)
def _no_environment(monkeypatch):
    """Hide the settings of whoever runs the tests."""
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def env_file(tmp_path):
    """Return a writer of .env files."""

    def write(**values: str) -> Path:
        path: Path = tmp_path / ".env"
        path.write_text("".join(f"{name}={value}\n" for name, value in values.items()))
        return path

    return write


def problems(env_file: Path | None) -> list[str]:
    """Return the lines that tell why the settings cannot be used."""
    with pytest.raises(ConfigurationError) as caught:
        load(env_file)
    assert TOKEN not in str(caught.value)
    assert KEY not in str(caught.value)
    return str(caught.value).splitlines()


def test_defaults(env_file):
    """A token and one key are enough; everything else has the default that is promised."""
    settings = load(env_file(**ENOUGH))
    assert settings.discord_token.get_secret_value() == TOKEN
    others = settings.model_dump(exclude={"discord_token", "apigo_api_key"})
    assert others == {
        "discord_api_url": "https://discord.com/api/v10",
        "discord_gateway_url": None,
        "discord_cdn_url": "https://cdn.discordapp.com",
        "aivideomaker_api_key": None,
        "aivideomaker_url": "https://aivideomaker.ai",
        "apigo_url": "https://maas.apigo.ai",
        "database_url": "sqlite+aiosqlite:///data/clapboard.db",
        "data_dir": Path("data"),
        "film_days": 7,
        "film_disk_mb": 5000,
        "http_host": "127.0.0.1",
        "http_port": None,
        "webhook_url": None,
        "default_server_credits": 500,
        "catalog_file": None,
        "aivideomaker_in_flight": None,
        "apigo_in_flight": None,
        "message_content": "auto",
        "log_level": "INFO",
    }


def test_environment_goes_first(env_file, monkeypatch):
    """What the environment says wins over the file; what it does not say is read from the file."""
    monkeypatch.setenv("FILM_DAYS", "3")
    settings = load(env_file(**ENOUGH, FILM_DAYS="9", FILM_DISK_MB="10"))
    assert (settings.film_days, settings.film_disk_mb) == (3, 10)


def test_environment_alone(monkeypatch, tmp_path):
    """No file is needed, nor one that exists."""
    for name, value in ENOUGH.items():
        monkeypatch.setenv(name, value)
    assert load(None) == load(tmp_path / "missing")


def test_empty_is_unset(env_file, monkeypatch):
    """An empty value, as .env.example leaves it, counts as not set."""
    monkeypatch.setenv("HTTP_PORT", "")
    settings = load(env_file(**ENOUGH, AIVIDEOMAKER_API_KEY="", FILM_DAYS="", WEBHOOK_URL=""))
    assert (settings.aivideomaker_api_key, settings.film_days) == (None, 7)
    assert (settings.http_port, settings.webhook_url) == (None, None)


def test_frozen(env_file):
    """Nobody changes a setting while the bot runs."""
    with pytest.raises(ValidationError, match="frozen"):
        load(env_file(**ENOUGH)).film_days = 1  # type: ignore[misc]  # that is what is tested


def test_forms(env_file):
    """Case, blanks and slashes are forgiven where the meaning is clear."""
    settings = load(
        env_file(
            DISCORD_TOKEN=f"' {TOKEN} '",
            APIGO_API_KEY=KEY,
            APIGO_URL="http://127.0.0.1:8000/api/",
            message_content="ON",
            LOG_LEVEL="debug",
        )
    )
    assert settings.discord_token.get_secret_value() == TOKEN
    assert settings.apigo_url == "http://127.0.0.1:8000/api"
    assert (settings.message_content, settings.log_level) == ("on", "DEBUG")


def test_windows_file(tmp_path):
    """A file saved by a Windows editor, with its mark in front, is read like any other."""
    path = tmp_path / ".env"
    path.write_bytes(f"\ufeffDISCORD_TOKEN={TOKEN}\r\nAPIGO_API_KEY={KEY}\r\n".encode())
    assert load(path).discord_token.get_secret_value() == TOKEN


def test_unreadable_file(tmp_path):
    """A file in another encoding is named, with the remedy."""
    path = tmp_path / ".env"
    path.write_bytes("DISCORD_TOKEN=ä".encode("utf-16"))
    assert "UTF-8" in problems(path)[0]


def test_nothing_yet(tmp_path):
    """A first start without any setting is told what to get, and how to try without."""
    missing, try_it = problems(tmp_path / ".env")
    assert "DISCORD_TOKEN" in missing
    assert "APIGO_API_KEY" in missing
    assert "python -m sandbox" in try_it


def test_no_token(env_file):
    """Without a token: what is missing, and that the sandbox needs nothing."""
    missing, try_it = problems(env_file(APIGO_API_KEY=KEY))
    assert missing.startswith("DISCORD_TOKEN is not set")
    assert "python -m sandbox" in try_it


def test_no_key(env_file):
    """Without the key of any service: one sentence that names both."""
    (line,) = problems(env_file(DISCORD_TOKEN=TOKEN))
    assert "AIVIDEOMAKER_API_KEY" in line
    assert "APIGO_API_KEY" in line


@pytest.mark.parametrize("key", ["AIVIDEOMAKER_API_KEY", "APIGO_API_KEY"])
def test_one_key_is_enough(env_file, key):
    """Each service may be used alone."""
    assert load(env_file(DISCORD_TOKEN=TOKEN, **{key: KEY})).secrets() == {TOKEN, KEY}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DISCORD_TOKEN", "Bot canary"),
        ("DISCORD_TOKEN", "canary-ä"),
        ("AIVIDEOMAKER_API_KEY", "two canaries"),
        ("AIVIDEOMAKER_API_KEY", "'\"canary\"'"),
        ("DISCORD_TOKEN", "\"'canary'\""),
        ("DISCORD_TOKEN", "canary'"),
        ("DISCORD_API_URL", "canary.example"),
        ("DISCORD_GATEWAY_URL", "https://canary.example"),
        ("DISCORD_CDN_URL", "https://"),
        ("APIGO_URL", "ftp://canary.example"),
        ("APIGO_URL", "https://canary:secret@api.example"),
        ("AIVIDEOMAKER_URL", "https://api.example/?key=canary"),
        ("APIGO_URL", "https://[canary"),
        ("FILM_DAYS", "0"),
        ("FILM_DISK_MB", "canary"),
        ("HTTP_PORT", "65536"),
        ("HTTP_PORT", "-1"),
        ("DEFAULT_SERVER_CREDITS", "-5"),
        ("DEFAULT_SERVER_CREDITS", "1.5"),
        ("CATALOG_FILE", "canary/none.toml"),
        ("AIVIDEOMAKER_IN_FLIGHT", "0"),
        ("APIGO_IN_FLIGHT", "canary"),
        ("MESSAGE_CONTENT", "canary"),
        ("LOG_LEVEL", "canary"),
    ],
)
def test_unfit_values(env_file, name, value):
    """A value that does not fit: one sentence with the name and what it must be, not the value."""
    (line,) = problems(env_file(**ENOUGH | {name: value}))
    assert line.startswith(f"{name} must be ")
    assert "canary" not in line


def test_all_problems_at_once(env_file):
    """Several problems are several lines, so that nobody mends them one start at a time."""
    lines = problems(env_file(HTTP_PORT="x", LOG_LEVEL="x", WEBHOOK_URL="x"))
    names = ["Neither", "HTTP_PORT", "WEBHOOK_URL", "LOG_LEVEL", "To"]
    assert [line.split()[0] for line in lines] == names


def test_webhook_needs_listener(env_file):
    """A webhook address without a listener behind it is refused; with one it is taken."""
    (line,) = problems(env_file(**ENOUGH, WEBHOOK_URL="https://clap.example"))
    assert line.startswith("WEBHOOK_URL needs HTTP_PORT")
    settings = load(env_file(**ENOUGH, WEBHOOK_URL="https://clap.example/", HTTP_PORT="8080"))
    assert (settings.webhook_url, settings.http_port) == ("https://clap.example", 8080)


def test_typing_error(env_file):
    """A name that is nearly a setting's is asked about; other programs' names are none of ours."""
    lines = problems(env_file(DISCORD_TOKN=TOKEN, APIGO_API_KEY=KEY, HTTP_PROXY="x", FOO="y"))
    assert lines[0] == "DISCORD_TOKN is not a setting: did you mean DISCORD_TOKEN?"
    assert len(lines) == 3
    load(env_file(**ENOUGH, HTTP_PROXY="x", COMPOSE_PROJECT_NAME="y", DISCORD_TOKEN_OLD="z"))


def test_secrets_stay_hidden(env_file):
    """Printed settings hold no secret, and the log is told every one."""
    url = "sqlite+aiosqlite://me:canary-password@/clap.db"
    settings = load(env_file(**ENOUGH, AIVIDEOMAKER_API_KEY="canary-2", DATABASE_URL=url))
    assert settings.secrets() == {TOKEN, KEY, "canary-2", "canary-password"}
    secret_fields = {name for name, value in settings if isinstance(value, SecretStr)}
    assert secret_fields == {"discord_token", "aivideomaker_api_key", "apigo_api_key"}
    for secret in (TOKEN, KEY, "canary-2"):
        assert secret not in repr(settings)


def example_lines() -> dict[str, str]:
    """Return all settings of .env.example, those behind a # too."""
    text = (ROOT / ".env.example").read_text("utf-8")
    return dict(re.findall(r"^(?:# )?([A-Z][A-Z_]+)=(.*)$", text, re.MULTILINE))


def test_example_holds_all():
    """.env.example holds every setting, each with its default, and no other."""
    example = example_lines()
    assert set(example) == NAMES
    assert {name: example[name] for name in DEFAULTS} == DEFAULTS


def test_example_holds_no_secret():
    """What must be filled in is empty, so that a copied file is told what it lacks."""
    active = dotenv_values(ROOT / ".env.example")
    assert active == {"DISCORD_TOKEN": "", "AIVIDEOMAKER_API_KEY": "", "APIGO_API_KEY": ""}


def test_example_works(env_file):
    """Every example value is accepted when its # is removed."""
    example = {name: value for name, value in example_lines().items() if value}
    example.pop("CATALOG_FILE")
    load(env_file(**ENOUGH | example))


def readme_rows() -> dict[str, str]:
    """Return the README's table of settings: each name with the rest of its row."""
    rows: dict[str, str] = {}
    for line in (ROOT / "README.md").read_text("utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if line.startswith("|") and re.fullmatch(r"(`[A-Z][A-Z_]+`[ ,]*)+", cells[0]):
            rows |= dict.fromkeys(re.findall(r"[A-Z_]+", cells[0]), " ".join(cells[1:]))
    return rows


def test_forgotten(monkeypatch):
    """What was read leaves the environment, in whatever case it was written; the rest stays."""
    for name, value in {**ENOUGH, "apigo_url": "https://example.org", "OTHER": "mine"}.items():
        monkeypatch.setenv(name, value)
    settings = load(None)
    forget()
    assert settings.apigo_url == "https://example.org"
    left = dict(os.environ)  # noqa: TID251 - that is the question
    assert not {name.upper() for name in left} & NAMES
    assert left["OTHER"] == "mine"


def test_readme_holds_all():
    """The README's table holds every setting with its default, and no other."""
    rows = readme_rows()
    assert set(rows) == NAMES
    for name, default in DEFAULTS.items():
        assert default in rows[name], name


def test_each_setting_is_explained():
    """Every setting tells the operator what it is for."""
    for name, field in Settings.model_fields.items():
        assert field.description, name


def test_image_sets_only_settings():
    """What the Dockerfile sets for the bot are settings that it knows, with values that fit."""
    text = (ROOT / "Dockerfile").read_text("utf-8")
    assigned = dict(re.findall(r"\b([A-Z][A-Z_]+)=(\S+)", text))
    ours = {name: value for name, value in assigned.items() if name in NAMES}
    assert ours == {
        "DATA_DIR": "/data",
        "DATABASE_URL": "sqlite+aiosqlite:////data/clapboard.db",
        "HTTP_HOST": "0.0.0.0",  # noqa: S104 - inside a container this is the only way to be seen
        "HTTP_PORT": "8080",
    }
