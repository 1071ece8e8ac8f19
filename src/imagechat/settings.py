"""The settings: one environment variable each, all listed by `imagechat settings`. A flag wins over the environment."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from secrets import token_urlsafe
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from imagechat.model.addresses import Proxies

PREFIX = "IMAGECHAT_"
LEAST_SECRET = 32
KEY_FILE = "secret-key"
LEAST_TOKEN = 16
_DATABASE = re.compile(
    r"postgres(ql)?://([^/?#]*@)?(?P<places>[^/?#@]*)(/[^?#@]*)?(\?(\w+=[^#&]*(&\w+=[^#&]*)*)?)?", re.DOTALL
)
_PLACE = re.compile(r"(\[[^\]]*\]|[^:\[\]]*)(:(?P<port>[0-9]{0,5}))?", re.DOTALL)
_LAST_PORT = 65_535


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """What an operator can set; the field `port` is the variable `IMAGECHAT_PORT`."""

    host: Annotated[str, Meta(description="address to listen on", min_length=1)] = "127.0.0.1"
    port: Annotated[int, Meta(description="port to listen on; 0 picks a free one", ge=0, le=65535)] = 8000
    data: Annotated[str, Meta(description="directory of the embedded database", min_length=1)] = "imagechat-data"
    database_url: Annotated[
        str, Meta(description="postgresql://… of the database that all nodes share; empty for the embedded one")
    ] = ""
    database_connections: Annotated[
        int, Meta(description="connections of a node to PostgreSQL, for writing and for reading each", ge=1, le=100)
    ] = 4
    database_seconds: Annotated[
        float, Meta(description="seconds that a statement, or waiting for PostgreSQL, may take", ge=1, le=300)
    ] = 10.0
    database_pooled: Annotated[
        Literal["on", "off"],
        Meta(description="on: PostgreSQL is reached through a pgbouncer in transaction mode"),
    ] = "off"
    bus_url: Annotated[
        str, Meta(description="nats://… of the servers between nodes, with commas; empty where there is one node")
    ] = ""
    bus_credentials: Annotated[str | None, Meta(description="file with the credentials of a NATS user (.creds)")] = None
    bus_ca: Annotated[str | None, Meta(description="file of the authority that signed the NATS servers' TLS")] = None
    tls_cert: Annotated[str | None, Meta(description="file of a TLS certificate: HTTPS and WSS are served")] = None
    tls_key: Annotated[str | None, Meta(description="file of the TLS certificate's key")] = None
    trusted_proxies: Annotated[
        str, Meta(description="addresses and networks, with commas, whose X-Forwarded-For and -Proto are believed")
    ] = ""
    secret_key: Annotated[
        str | None, Meta(description="signs and encrypts; made once and kept in the data directory if not set")
    ] = None
    ticket_hours: Annotated[float, Meta(description="how long a ticket opens the live channel", gt=0, le=720)] = 12.0
    session_days: Annotated[
        float, Meta(description="how long a session lasts after it was last given or renewed", gt=0, le=3650)
    ] = 90.0
    outbox_kb: Annotated[
        int, Meta(description="kilobytes that may wait for a slow reader before it is closed (OVF1)", ge=64, le=65536)
    ] = 256
    compression: Annotated[
        Literal["on", "off"],
        Meta(description="on: live frames are compressed for clients that offer it, once for all of them"),
    ] = "off"
    ping_seconds: Annotated[
        float,
        Meta(
            description="seconds between two pings; a connection that did not answer the last is dropped", ge=1, le=300
        ),
    ] = 25.0
    request_seconds: Annotated[
        float,
        Meta(description="seconds in which a request must be here, from its first byte to its last", gt=0, le=300),
    ] = 10.0
    limits: Annotated[
        Literal["on", "off"],
        Meta(description="off: nobody is limited in how much they do; for load tests and trusted networks"),
    ] = "on"
    metrics: Annotated[Literal["on", "off"], Meta(description="on: /metrics tells Prometheus how the node does")] = "on"
    metrics_token: Annotated[
        str | None,
        Meta(description="who asks for /metrics must send this as Bearer; for all who can reach it if not set"),
    ] = None
    log_format: Annotated[Literal["text", "json"], Meta(description="how a line of the node's log is written")] = "text"
    log_requests: Annotated[
        Literal["faults", "refused", "all", "off"],
        Meta(description="of which requests there is a line in the log; off: only of what nobody foresaw"),
    ] = "faults"
    traces: Annotated[
        str, Meta(description="http(s)://… of an OpenTelemetry collector that takes traces by OTLP; empty for none")
    ] = ""
    traces_ratio: Annotated[float, Meta(description="part of all requests that is traced", ge=0, le=1)] = 1.0
    log_days: Annotated[
        int, Meta(description="days that the event log goes back; 0 keeps it for ever", ge=0, le=36_500)
    ] = 90
    log_events: Annotated[
        int,
        Meta(
            description="events that the log holds, of all rooms together, those of the last hour aside; 0 is no limit",
            ge=0,
            le=2**53,
        ),
    ] = 5_000_000
    leave_seconds: Annotated[
        float,
        Meta(
            description="seconds that a stopping node still serves while /readyz says no, for balancers to see",
            ge=0,
            le=300,
        ),
    ] = 0.0
    drain_seconds: Annotated[
        float, Meta(description="seconds over which a stopping node closes its connections", ge=0, le=300)
    ] = 3.0


@dataclass(frozen=True, slots=True)
class Described:
    """A setting, for people."""

    variable: str
    default: str
    about: str


class SettingsError(Exception):
    """A setting that makes no sense; one line that says which and why."""


def load_settings(environment: Mapping[str, str] | None = None, **flags: object) -> Settings:
    """Return the settings of an environment, with flags that are not None over it.

    Raises `SettingsError`.
    """
    environment = os.environ if environment is None else environment
    names = {field.name for field in msgspec.structs.fields(Settings)}
    found: dict[str, object] = {}
    for variable, text in environment.items():
        name = variable.removeprefix(PREFIX).lower()
        if variable.startswith(PREFIX) and name not in names:
            msg = f"{variable} is no setting: `imagechat settings` lists them"
            raise SettingsError(msg)
        if variable.startswith(PREFIX):
            found[name] = text
    found |= {name: value for name, value in flags.items() if value is not None}
    for name, value in found.items():
        try:
            msgspec.convert({name: value}, Settings, strict=False)
        except msgspec.ValidationError as error:
            msg = f"{PREFIX}{name.upper()}={value!r} makes no sense: {str(error).split(' - at')[0]}"
            raise SettingsError(msg) from None
    settings = msgspec.convert(found, Settings, strict=False)
    _check(settings)
    return settings


def _check(settings: Settings) -> None:
    """Refuse settings that make sense one by one and not together. Raises `SettingsError`."""
    if settings.secret_key is not None and len(settings.secret_key) < LEAST_SECRET:
        msg = f"{PREFIX}SECRET_KEY is too short: give it {LEAST_SECRET} characters of chance at least"
        raise SettingsError(msg)
    if settings.metrics_token and len(settings.metrics_token) < LEAST_TOKEN:
        msg = f"{PREFIX}METRICS_TOKEN is too short: give it {LEAST_TOKEN} characters of chance at least"
        raise SettingsError(msg)
    if settings.traces and not settings.traces.startswith(("http://", "https://")):
        msg = f"{PREFIX}TRACES is to be http://host:4318 or https://…"  # it may hold a password
        raise SettingsError(msg)
    if bool(settings.tls_cert) is not bool(settings.tls_key):
        msg = f"give both {PREFIX}TLS_CERT and {PREFIX}TLS_KEY, or neither"
        raise SettingsError(msg)
    for name in ("bus_credentials", "bus_ca"):
        if getattr(settings, name) and not settings.bus_url:
            msg = f"{PREFIX}{name.upper()} goes with {PREFIX}BUS_URL, which is not set"
            raise SettingsError(msg)
    if settings.database_url and not _names_database(settings.database_url):
        form = "postgresql://user:password@host:5432/database, with %40 for an @, %2F for a / and so on in a password"
        msg = f"{PREFIX}DATABASE_URL is to be {form}"  # not what it is: it may hold a password
        raise SettingsError(msg)
    try:
        Proxies.parse(settings.trusted_proxies)
    except ValueError as error:
        msg = f"{PREFIX}TRUSTED_PROXIES={settings.trusted_proxies!r} makes no sense: {error}"
        raise SettingsError(msg) from None


def _names_database(url: str) -> bool:
    """Tell whether no part of a password can be taken for another part of the URL, which would be shown or dialled."""
    found = _DATABASE.fullmatch(url)
    places = [] if found is None else [_PLACE.fullmatch(place) for place in found["places"].split(",")]
    return bool(places) and all(place and int(place["port"] or 0) <= _LAST_PORT for place in places)


def describe() -> list[Described]:
    """Return every setting."""
    return [
        Described(PREFIX + field.name.upper(), "" if field.default is None else str(field.default), _about(field.type))
        for field in msgspec.structs.fields(Settings)
    ]


def data_directory(settings: Settings) -> Path:
    """Return the data directory, made if it is not there: for its owner only, as it holds the server's key."""
    directory = Path(settings.data)
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    return directory


def secret_key(settings: Settings) -> str:
    """Return the key that signs, made once into the data directory, readable by its owner only, if none is set.

    A file without a key, which a full disk may have left behind, is replaced: anybody can sign with an empty key.
    """
    if settings.secret_key:
        return settings.secret_key
    key = kept_key(settings)
    if not key:
        key = token_urlsafe(32)
        keep_key(settings, key)
    return key


def kept_key(settings: Settings) -> str:
    """Return the key in the data directory, or nothing."""
    path = data_directory(settings) / KEY_FILE
    return path.read_text("ascii").strip() if path.exists() else ""


def keep_key(settings: Settings, key: str) -> None:
    """Put a key into the data directory, readable by its owner only, in place of the one that may be there."""
    path = data_directory(settings) / KEY_FILE
    new = path.with_suffix(".new")
    with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(key + "\n")
        file.flush()
        os.fsync(file.fileno())
    new.replace(path)


def _about(annotation: Any) -> str:
    for meta in getattr(annotation, "__metadata__", ()):
        if meta.description:
            return str(meta.description)
    return ""
