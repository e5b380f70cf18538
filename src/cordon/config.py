"""Every setting: type, range, default, and one sentence.

They come from `cordon.toml` (in the state folder, or the file given with ``--config``), from the environment
(``CORDON_SITE=clinic``), and from options of the command line; the later wins over the earlier.
"""

import ipaddress
import os
import tomllib
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, model_validator
from pydantic_settings import BaseSettings, InitSettingsSource, PydanticBaseSettingsSource, SettingsConfigDict

from cordon.model.tables import SECOND, STEP

STEP_SECONDS = STEP // SECOND
PREFIX = "CORDON_"
_ADDRESS = r"^([^@\s<>,]+@[^@\s<>,]+)?$"


class ConfigError(ValueError):
    """A setting is wrong; the message names where it stands, the setting, and its range."""


def _fits_steps(seconds: int) -> int:
    if seconds and seconds % STEP_SECONDS and STEP_SECONDS % seconds:
        raise ValueError(f"it must divide {STEP_SECONDS} or be a multiple of it (1, 2, 5, 10, 60, 600 …)")
    return seconds


def _is_network(text: str) -> str:
    try:
        return str(ipaddress.ip_network(text, strict=False))
    except ValueError:
        raise ValueError("it must be a network such as 198.51.100.0/24") from None


class Watch(BaseModel):
    """One thing that `cordon serve` watches: an interface of this machine, or an address for flow export or syslog."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    interface: Annotated[str, Field(max_length=15, pattern=r"^[^\s/]*$")] = Field(
        default="", description="Interface to watch, such as eth0."
    )
    netflow: Annotated[str, Field(pattern=r"^(\S+:\d{1,5})?$")] = Field(
        default="", description="HOST:PORT on which NetFlow v5, v9 and IPFIX are listened for, instead of an interface."
    )
    syslog: Annotated[str, Field(pattern=r"^(((udp|tcp|tls)://)?[^\s/]+:\d{1,5})?$")] = Field(
        default="",
        description="[udp://|tcp://|tls://]HOST:PORT on which syslog is listened for; UDP and TCP unless told.",
    )
    certificate: Path | None = Field(
        default=None, description="File with the certificate and its key (PEM) for syslog over TLS."
    )
    segment: Annotated[str, Field(max_length=32, pattern=r"^[\w-]*$")] = Field(
        default="", description="Name of the network that is seen there; the site's `segment` unless told."
    )
    threads: Annotated[int, Field(ge=1, le=64)] = Field(default=1, description="How many threads share an interface.")
    ring_megabytes: Annotated[int, Field(ge=1, le=4095)] = Field(
        default=64, description="The kernel's buffer of an interface, in MB."
    )
    snaplen: Annotated[int, Field(ge=0, le=262_144)] = Field(
        default=0, description="Bytes looked at of each packet; 0: all of it."
    )

    @model_validator(mode="after")
    def _is_one_thing(self) -> Self:
        if sum(map(bool, (self.interface, self.netflow, self.syslog))) != 1:
            raise ValueError(
                'each [[watch]] names one thing: interface = "eth0", netflow = "0.0.0.0:2055" or syslog = "0.0.0.0:514"'
            )
        return self


class Notify(BaseModel):
    """One channel on which people are told of incidents: a mail server, or a web server that takes signed calls."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Annotated[str, Field(pattern=r"^[\w-]{1,32}$")] = Field(description="What you call it, such as duty.")
    least: Literal["info", "low", "medium", "high", "critical"] = Field(
        default="medium", description="The least severe incident that is told."
    )
    smtp: Annotated[str, Field(pattern=r"^(\S+:\d{1,5})?$")] = Field(
        default="", description="HOST:PORT of the mail server, such as mail.example.org:587."
    )
    security: Literal["starttls", "tls", "none"] = Field(
        default="starttls", description="How the mail server is spoken to: starttls (port 587), tls (465), none (25)."
    )
    user: str = Field(default="", description="The name to sign in to the mail server with; none: without signing in.")
    sender: Annotated[str, Field(pattern=_ADDRESS)] = Field(default="", description="Whom the mail is from.")
    to: tuple[Annotated[str, Field(pattern=_ADDRESS)], ...] = Field(default=(), description="Whom it is to.")
    webhook: Annotated[str, Field(pattern=r"^(https?://[^\s/]\S*)?$")] = Field(
        default="", description="Address that is called with JSON, such as https://chat.example.org/hooks/cordon."
    )
    secret_file: Path | None = Field(
        default=None, description="File with the mail server's password, or the key that calls are signed with."
    )
    trust_file: Path | None = Field(
        default=None, description="File with the authority (PEM) of your own server's certificate; else the system's."
    )

    @model_validator(mode="after")
    def _is_one_thing(self) -> Self:
        if bool(self.smtp) == bool(self.webhook):
            raise ValueError("each [[notify]] names one of smtp and webhook")
        if self.smtp and not (self.sender and self.to):
            raise ValueError("a [[notify]] with smtp needs sender and to")
        if self.user and self.secret_file is None:
            raise ValueError("a [[notify]] with user needs secret_file, which holds the password")
        return self


class RulesFolder(BaseModel):
    """Where the owner's own rules stand."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    folder: Path | None = Field(
        default=None, description="Folder with rules of your own (*.yaml); `rules` beside the settings unless told."
    )


class Expected(BaseModel):
    """What the devices of one kind are expected to do; what is not said stays as it is shipped."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    services: tuple[str, ...] | None = Field(default=None, description="Services that may answer on it, or TCP ports.")
    protocols: tuple[str, ...] | None = Field(default=None, description="What it may use towards others.")
    time: bool | None = Field(default=None, description="It takes the time from somewhere.")
    logging: bool | None = Field(default=None, description="It sends its log to somewhere.")
    strict: bool | None = Field(default=None, description="Services without a name are judged too.")


class Excepted(BaseModel):
    """One thing that a device may do beside the baseline of its kind, until a day."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    device: Annotated[str, Field(min_length=1, max_length=64)] = Field(
        description="Its id, or a MAC or IP address of it."
    )
    what: Annotated[str, Field(min_length=1, max_length=32)] = Field(
        description='A service or protocol such as ssh, a TCP port such as 8081, or "time" or "logging".'
    )
    until: date = Field(description="The last day of it, such as 2027-03-31.")
    owner: Annotated[str, Field(min_length=1, max_length=200)] = Field(description="Who answers for it.")
    reason: Annotated[str, Field(min_length=1, max_length=500)] = Field(description="Why it is so.")


class Config(BaseSettings):
    """The settings of one site."""

    model_config = SettingsConfigDict(frozen=True, extra="forbid", env_prefix=PREFIX, env_nested_delimiter="__")

    site: Annotated[str, Field(min_length=1, max_length=64, pattern=r"^[\w .-]+$")] = Field(
        default="site", description="Name of the site; it is part of every id."
    )
    segment: Annotated[str, Field(min_length=1, max_length=32, pattern=r"^[\w-]+$")] = Field(
        default="lan", description="Name of the untagged network; VLAN 12 in it is called lan.12."
    )
    window_seconds: Annotated[int, Field(ge=0, le=86_400), AfterValidator(_fits_steps)] = Field(
        default=0,
        description="Length of a window; 0 takes 10 s live and an hour for captures. Results do not depend on it.",
    )
    getting_to_know_hours: Annotated[int, Field(ge=1, le=2_160)] = Field(
        default=24, description="How long a new device is only got to know, so that nothing automatic happens to it."
    )
    retention_days: Annotated[int, Field(ge=1, le=3_650)] = Field(
        default=90, description="Days for which traffic is kept, counted back from the newest event."
    )
    port: Annotated[int, Field(ge=0, le=65_535)] = Field(
        default=8737, description="Port of the console on this machine; 0 takes any that is free."
    )
    capture_megabytes: Annotated[int, Field(ge=1, le=1_000_000)] = Field(
        default=2048, description="Largest size of the captures handed over at once to a running Cordon, in MB."
    )
    watch: tuple[Watch, ...] = Field(
        default=(), description='What `cordon serve` watches, each below [[watch]]: interface = "eth0".'
    )
    notify: tuple[Notify, ...] = Field(
        default=(), description='Who is told of incidents by `cordon serve`, each below [[notify]]: name = "duty".'
    )
    networks: tuple[Annotated[str, AfterValidator(_is_network)], ...] = Field(
        default=(),
        description="Networks of the site whose addresses are public, such as 198.51.100.0/24, for logs without MACs.",
    )
    scanners: tuple[Annotated[str, Field(pattern=r"^[0-9A-Fa-f:.]{3,39}$")], ...] = Field(
        default=(),
        description="MAC or IP addresses of devices that look around by their office; their scans are no findings.",
    )
    rules: RulesFolder = Field(
        default_factory=RulesFolder, description='Rules of your own: [rules] folder = "/etc/cordon/rules".'
    )
    trust: dict[str, int] = Field(
        default_factory=dict, description="Settings of the trust score: [trust] recovery = 40."
    )
    detectors: dict[str, dict[str, int]] = Field(
        default_factory=dict, description="Settings of single detectors, by id: [detectors.telnet-spread] targets = 12."
    )
    checks: dict[str, dict[str, int]] = Field(
        default_factory=dict,
        description="Settings of single checks of exposure, by id: [checks.shared-password] devices = 3.",
    )
    expected: dict[str, Expected] = Field(
        default_factory=dict,
        description='What is expected of a kind of device: [expected.camera] services = ["rtsp", "ssh"].',
    )
    excepted: tuple[Excepted, ...] = Field(
        default=(), description="What single devices may do beside their baseline, each below [[excepted]], for a time."
    )

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003  # pydantic calls it by name
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003  # pydantic calls it by name
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Options before the environment before the file, which `load` hands in as ``_file``."""
        told = dict(getattr(init_settings, "init_kwargs", {}))
        from_file = told.pop("_from_file", {})
        return InitSettingsSource(settings_cls, told), env_settings, InitSettingsSource(settings_cls, from_file)

    def window(self, *, live: bool) -> int:
        """The length of a window, µs."""
        return (self.window_seconds or (10 if live else 3600)) * SECOND

    def declaring(self, macs: tuple[str, ...]) -> Self:
        """These settings with more devices that look around by their office."""
        return self.model_copy(update={"scanners": (*self.scanners, *macs)})

    def placed(self, folder: Path | None) -> Self:
        """These settings with paths that are meant from where the settings stand."""
        if folder is None:
            return self
        return self.model_copy(update={"rules": RulesFolder(folder=folder / (self.rules.folder or "rules"))})


def load(folder: Path | None = None, file: Path | None = None, **options: Any) -> Config:
    """The settings of the state in `folder`, or those of `file`; options that are None do not count.

    Raises:
        ConfigError: a setting is unknown, of the wrong type or out of range, or the file cannot be read.
    """
    path = file or (folder / "cordon.toml" if folder and (folder / "cordon.toml").is_file() else None)
    from_file = _read(path) if path else {}
    chosen = {name: value for name, value in options.items() if value is not None}
    try:
        settings = Config(_from_file=from_file, **chosen)  # type: ignore[call-arg]  # taken out again by the sources
        return settings.placed(path.parent if path else folder)
    except ValidationError as error:
        raise ConfigError(_explain(error, path, from_file, chosen)) from None


def _read(path: Path) -> Mapping[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ConfigError(f"{path} does not exist; give the settings' file with --config.") from None
    except OSError as error:
        raise ConfigError(f"{path} cannot be read ({error.strerror}).") from None
    except ValueError as error:
        raise ConfigError(f"{path} is not valid TOML: {error}.") from None


def _explain(
    error: ValidationError, path: Path | None, from_file: Mapping[str, Any], options: Mapping[str, Any]
) -> str:
    first = error.errors()[0]
    where = tuple(str(part) for part in first["loc"])
    name, key = where[0] if where else "", ".".join(where)
    if name in options:
        place = f"--{where[-1] if name in TABLES else name.removesuffix('_seconds')}"
    elif name not in from_file or f"{PREFIX}{name}".upper() in os.environ:
        place = f"{PREFIX}{name}".upper()
    else:
        place = f"{path}: {key}"
    fields = TABLES[name].model_fields if name in TABLES and len(where) > 1 else Config.model_fields
    if first["type"] == "extra_forbidden":
        return f"{place} is no setting; there are {', '.join(fields)}."
    said = first["msg"].removeprefix("Value error, ")
    if name in TABLES and len(where) == 2 and first["type"] == "value_error":
        return f"{place} does not fit: {said}."
    if first["type"] == "missing":
        return f"{place} is missing."
    asked = name if fields is Config.model_fields else next(part for part in reversed(where) if not part.isdigit())
    return f"{place} is {first['input']!r}; {_range(asked, fields) or said}."


TABLES: Mapping[str, type[BaseModel]] = {
    "watch": Watch,
    "notify": Notify,
    "excepted": Excepted,
    "expected": Expected,
    "rules": RulesFolder,
}
"""Settings that are tables of their own, or lists of them."""

WORDS = {
    "site": "it must be a text of 1 to 64 letters, digits, spaces, dots, - or _",
    "segment": "it must be a text of 1 to 32 letters, digits, - or _",
    "detectors": "settings of detectors are whole numbers, below [detectors.ID]",
    "checks": "settings of checks are whole numbers, below [checks.ID]",
    "expected": "what is expected of a kind stands below [expected.KIND]: services, protocols, time, logging, strict",
    "excepted": "what a device may do beside its baseline stands below [[excepted]], with two brackets",
    "until": "it must be a day, such as 2027-03-31",
    "trust": "settings of trust are whole numbers, below [trust]",
    "scanners": "it must be a list of MAC or IP addresses",
    "watch": "what is watched stands below [[watch]], with two brackets",
    "rules": 'the folder of rules stands below [rules]: folder = "/etc/cordon/rules"',
    "folder": "it must be the path of a folder",
    "notify": "who is told stands below [[notify]], with two brackets",
    "name": "it must be a word of letters, digits, - or _",
    "least": "it must be info, low, medium, high or critical",
    "smtp": "it must be host and port, such as mail.example.org:587",
    "security": "it must be starttls, tls or none",
    "sender": "it must be an address, such as cordon@example.org",
    "to": "it must be a list of addresses, such as duty@example.org",
    "webhook": "it must be an address that begins with https:// or http://",
    "interface": "it must be the name of an interface, such as eth0",
    "syslog": "it must be host and port, such as 0.0.0.0:514, perhaps with udp://, tcp:// or tls:// before it",
    "certificate": "it must be the path of a PEM file",
    "netflow": "it must be host and port, such as 0.0.0.0:2055 or [::]:4739",
}


def _range(name: str, fields: Mapping[str, Any]) -> str:
    """What a setting must be, in words; "" where its type says it."""
    if name in WORDS:
        return WORDS[name]
    field = fields.get(name)
    least = next((mark.ge for mark in field.metadata if hasattr(mark, "ge")), None) if field else None
    most = next((mark.le for mark in field.metadata if hasattr(mark, "le")), None) if field else None
    if least is None or most is None:
        return ""
    steps = f" that divides {STEP_SECONDS} or is a multiple of it" if name == "window_seconds" else ""
    return f"it must be a whole number from {least} to {most}{steps}"
