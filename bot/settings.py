"""config.yml and the environment become one frozen Settings; a wrong key is named with its path."""

import difflib
import os
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, time
from functools import cached_property
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import yaml


class SettingsError(Exception):
    """A setting is wrong; the message names its place and the remedy."""


class NotYet(SettingsError):
    """Asked for what a later version will bring."""


class UsageError(Exception):
    """The command cannot do what was asked; the message says why and what to do."""


_PACKAGE = Path(__file__).resolve().parent
_CHECKOUT = _PACKAGE.parent

# What may stand in config.yml: the type of a leaf, or a mapping of them. Rasa's own keys are left to Rasa.
_TEXT, _FLAG, _NUMBER, _LIST = str, bool, (int, float), list
_CHOICE = (str, dict)  # the name of an adapter, or a mapping of it and its options
_SCHEMA: dict[str, Any] = {
    "recipe": _TEXT, "language": _TEXT, "assistant_id": _TEXT, "pipeline": _LIST, "policies": _LIST,
    "importers": _LIST, "version": _TEXT,
    "engine": _TEXT,
    "rasa": {"url": _TEXT, "listen": _TEXT, "timeout_seconds": _NUMBER, "understanding": _TEXT},
    "creditor": {
        "name": _TEXT, "legal_name": _TEXT, "address": _TEXT, "phone": _TEXT, "email": _TEXT, "site": _TEXT,
        "payment_methods": _LIST, "iban": _TEXT, "bic": _TEXT, "consequences": _LIST, "role": _TEXT,
        "privacy_url": _TEXT,
        "late_charges": {"interest": _FLAG, "fixed_sum": _FLAG, "after_days": int, "rates": _LIST},
        # What a collector of others' debts must be able to tell, in its own words.
        **dict.fromkeys(("owner", "owner_address", "contract", "interest", "higher_interest", "costs", "vat",
                         "address_source", "supervisor", "validation"), _TEXT),
    },
    "server": {"host": _TEXT, "port": int, "public_url": _TEXT},
    "database": _TEXT,
    "channels": {"webchat": _CHOICE, "sms": _CHOICE, "email": _CHOICE, "telegram": _CHOICE, "whatsapp": _CHOICE,
                 "letter": _CHOICE, "phone": _CHOICE},
    "payments": {"provider": _TEXT, "api": _TEXT,
                 "retries": {"most_tries": int, "after_days": _LIST, "technical_days": _LIST}},
    "negotiation": _TEXT,
    "understanding": {"fallback_below": _NUMBER},
    "hours": {"from": _TEXT, "to": _TEXT, "days": _LIST, "time_zone": _TEXT, "closed": _LIST},
    "demo": _FLAG,
}  # fmt: skip


@dataclass(frozen=True)
class Settings:
    """Everything that an operator decides. Paths are absolute; `secret` signs links and sessions."""

    file: Path
    raw: Mapping[str, Any]
    database: str
    data: Path
    host: str
    port: int
    stated_url: str | None
    demo: bool
    given_secret: str | None = None
    environ: Mapping[str, str] = field(default_factory=dict, repr=False)

    @cached_property
    def secret(self) -> str:
        """Signs links and sessions: RELANCE_SECRET, or made once and kept beside the database."""
        return self.given_secret or _kept_secret(self._beside("secret"))

    @property
    def public_url(self) -> str:
        """Where customers reach the pages: as configured, as the last server of this book said, or this address."""
        if self.stated_url:
            return self.stated_url
        said = self._beside("public_url")
        return said.read_text("utf-8").strip() if said.is_file() else self.address

    @property
    def address(self) -> str:
        """Where this process would serve."""
        return f"http://{f'[{self.host}]' if ':' in self.host else self.host}:{self.port}"

    def announce(self) -> None:
        """Let commands on the same book write links to this server."""
        if not self.stated_url:
            place = self._beside("public_url")
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_text(self.address + "\n", "utf-8")

    @property
    def beside(self) -> Path:
        """The folder of the book, where what belongs to it is kept."""
        return database_file(self.database).parent

    def _beside(self, name: str) -> Path:
        return self.beside / name

    @property
    def creditor(self) -> Mapping[str, Any]:
        """The facts about the creditor that messages may name."""
        return dict(self.raw["creditor"])

    @property
    def role(self) -> str:
        """What we are to the debts: their creditor, or a collector for others; most rules depend on it."""
        return str(self.raw["creditor"].get("role", "creditor"))

    @property
    def retries(self) -> Mapping[str, Any]:
        """The creditor's own schedule of tries, where the house's is not wanted."""
        return (self.raw.get("payments") or {}).get("retries") or {}

    @property
    def dialogues(self) -> Path:
        """The folder of the dialogue scripts."""
        return self.data / "dialogues"

    @property
    def locales(self) -> Path:
        """The folder of the catalogues."""
        return self.data / "locales"

    @property
    def cache(self) -> Path:
        """Where what can be computed again is kept, beside the database."""
        return database_file(self.database).parent / "cache"

    def channel_secret(self, channel: str) -> Callable[[str], str]:
        """The secrets of a channel, from RELANCE_<CHANNEL>_<NAME>; one that is not set raises SettingsError."""

        def secret(name: str) -> str:
            variable = f"RELANCE_{channel}_{name}".upper()
            value = self.environ.get(variable)
            if not value:
                raise SettingsError(f"{self.file}: channels.{channel} needs the environment variable {variable}")
            return value

        return secret

    def provider_secret(self, provider: str, name: str) -> str:
        """A secret of the payment provider, from RELANCE_<PROVIDER>_<NAME>; raises SettingsError when it is not set."""
        variable = f"RELANCE_{provider}_{name}".upper()
        value = self.environ.get(variable)
        if not value:
            raise SettingsError(f"{self.file}: payments.provider {provider} needs the environment variable {variable}")
        return value

    def policy(self) -> Mapping[str, Any]:
        """The creditor's negotiation policy."""
        path = self.dialogues / str(self.raw.get("negotiation", "policies/default.yml"))
        document = read_yaml(path)
        if not isinstance(document, Mapping):
            raise SettingsError(f"{path}: a negotiation policy is a mapping of limits")
        return document


def data_folder() -> Path:
    """Where dialogues, locales and config.yml are: the checkout, or inside the installed package."""
    return _CHECKOUT if (_CHECKOUT / "dialogues").is_dir() else _PACKAGE / "_data"


def load(file: Path | None = None, environ: Mapping[str, str] = os.environ, **over: Any) -> Settings:
    """Read the configuration; `over` (host, port, demo) are the command line's words and win.

    RELANCE_CONFIG names the file, RELANCE_DATABASE the database, RELANCE_DEMO=0 turns the demo off,
    RELANCE_SECRET signs links (made and kept beside the database when absent). A relative database path starts at
    the folder of config.yml; with the packaged configuration, at the user's data folder.
    """
    named = file or (Path(environ["RELANCE_CONFIG"]) if environ.get("RELANCE_CONFIG") else None)
    here = Path("config.yml")
    path = (named or (here if here.is_file() else data_folder() / "config.yml")).resolve()
    if not path.is_file():
        raise SettingsError(f"{path}: no such configuration file; name one with --config or RELANCE_CONFIG")
    raw = read_yaml(path)
    if not isinstance(raw, Mapping):
        raise SettingsError(f"{path}: the configuration is a mapping of sections")
    _check(raw, _SCHEMA, str(path), "")
    if not (raw.get("creditor") or {}).get("name"):
        raise SettingsError(f"{path}: creditor.name is missing; customers must learn who writes")
    if raw["creditor"].get("role", "creditor") not in ("creditor", "collector"):
        raise SettingsError(f"{path}: creditor.role is creditor or collector, not {raw['creditor']['role']!r}")
    if raw.get("engine", "embedded") not in ("embedded", "rasa"):
        raise SettingsError(f"{path}: engine is embedded or rasa, not {raw['engine']!r}")
    understanding = (raw.get("rasa") or {}).get("understanding", "embedded")
    if understanding not in ("embedded", "rasa"):
        raise SettingsError(f"{path}: rasa.understanding is embedded or rasa, not {understanding!r}")
    _check_hours(raw.get("hours") or {}, str(path))
    beside = path.parent / "dialogues"
    data = path.parent if beside.is_dir() else data_folder()
    server = raw.get("server") or {}
    host = over.get("host") or server.get("host", "127.0.0.1")
    port = int(over["port"] if over.get("port") is not None else server.get("port", 8080))
    home = path.parent if data == path.parent or named else _home(environ)
    database = _absolute(environ.get("RELANCE_DATABASE") or raw.get("database", "sqlite:///var/relance.sqlite3"),
                         Path() if environ.get("RELANCE_DATABASE") else home)  # fmt: skip
    demo = over.get("demo")
    if demo is None:
        demo = _flag(environ["RELANCE_DEMO"], "RELANCE_DEMO") if "RELANCE_DEMO" in environ else raw.get("demo")
    stated = server.get("public_url")
    return Settings(
        file=path, raw=raw, database=database, data=data, host=str(host), port=port,
        stated_url=str(stated).rstrip("/") if stated else None, demo=bool(demo),
        given_secret=environ.get("RELANCE_SECRET") or None, environ=environ,
    )  # fmt: skip


def read_yaml(path: Path) -> Any:
    """Parse a YAML file; raises SettingsError with line and column when it is broken."""
    try:
        return yaml.load(path.read_text("utf-8"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    except FileNotFoundError:
        raise SettingsError(f"{path}: no such file") from None
    except UnicodeDecodeError as error:
        raise SettingsError(f"{path}: not UTF-8 (byte {error.start}); save the file as UTF-8") from None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f":{mark.line + 1}:{mark.column + 1}" if mark else ""
        problem = getattr(error, "problem", None) or str(error)
        raise SettingsError(f"{path}{where}: broken YAML: {problem}; check indentation and quotes") from None


def database_file(url: str) -> Path:
    """The file of a SQLite URL, or the present folder's var/ for other databases."""
    return Path(url.removeprefix("sqlite:///")) if url.startswith("sqlite:///") else Path("var/relance").resolve()


def _home(environ: Mapping[str, str]) -> Path:
    """Where an installed Relance keeps its book, so that every folder finds the same one."""
    return Path(environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share") / "relance"


def _absolute(url: str, home: Path) -> str:
    prefix = "sqlite:///"
    if not url.startswith(prefix):
        return url
    return prefix + str((home / Path(url.removeprefix(prefix)).expanduser()).resolve())


def _flag(text: str, name: str) -> bool:
    word = text.strip().lower()
    if word in ("1", "true", "yes", "on"):
        return True
    if word in ("0", "false", "no", "off", ""):
        return False
    raise SettingsError(f"{name} is 1 or 0, not {text!r}")


def _check(value: Mapping[str, Any], schema: Mapping[str, Any], file: str, path: str) -> None:
    for key, item in value.items():
        place = f"{path}{key}"
        if key not in schema:
            close = difflib.get_close_matches(str(key), schema, 1)
            hint = f"did you mean {path}{close[0]}?" if close else f"known here: {', '.join(sorted(schema))}"
            raise SettingsError(f"{file}: unknown key {place}; {hint}")
        kind = schema[key]
        if isinstance(kind, Mapping):
            if item is not None and not isinstance(item, Mapping):
                raise SettingsError(f"{file}: {place} is a section with keys {', '.join(sorted(kind))}")
            _check(item or {}, kind, file, place + ".")
        elif item is not None and (not isinstance(item, kind) or (kind is int and isinstance(item, bool))):
            kinds = (kind,) if isinstance(kind, type) else kind
            wanted = " or ".join(_KINDS.get(one, one.__name__) for one in kinds)
            raise SettingsError(f"{file}: {place} is a {wanted}, not {item!r}")


_KINDS = {int: "whole number", float: "number", str: "text", list: "list", dict: "mapping", bool: "yes or no"}
_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def _check_hours(hours: Mapping[str, Any], file: str) -> None:
    for name in ("from", "to"):
        if name in hours:
            try:
                time.fromisoformat(hours[name])
            except ValueError:
                raise SettingsError(f"{file}: hours.{name} {hours[name]!r} is no time of day; write 09:00") from None
    for day in hours.get("days") or ():
        if day not in _DAYS:
            raise SettingsError(f"{file}: hours.days {day!r} is no day; write some of {', '.join(_DAYS)}")
    for day in hours.get("closed") or ():
        try:
            date.fromisoformat(str(day))
        except ValueError:
            raise SettingsError(f"{file}: hours.closed {day!r} is no date; write 2026-12-25") from None
    zone = hours.get("time_zone", "Europe/Paris")
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise SettingsError(f"{file}: hours.time_zone {zone!r} is unknown; write a name such as Europe/Paris") from None


def _kept_secret(path: Path) -> str:
    try:
        if path.is_file():
            return path.read_text("ascii").strip()
        path.parent.mkdir(parents=True, exist_ok=True)
        made = secrets.token_urlsafe(32)
        path.touch(mode=0o600)
        path.write_text(made + "\n", "ascii")
    except OSError as error:
        raise SettingsError(
            f"{path}: cannot be kept ({error.strerror}); choose another place for the database"
        ) from None
    return made
