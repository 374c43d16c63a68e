"""bot/demo/province.yaml in, the demo's units, people, briefings and targets out."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Any

import yaml

from bot.resources import load_catalogue, load_forms
from reporting.figures.catalogue import Catalogue, Level
from reporting.figures.forms import Forms


@dataclass(frozen=True, slots=True)
class Player:
    """An invented person with a chat on the page."""

    chat_id: str
    name: str
    title: str


@dataclass(frozen=True, slots=True)
class Newcomer:
    """Who has not enrolled yet: the chat to do it in and the code to type there."""

    chat_id: str
    name: str
    code: str
    unit: str


@dataclass(frozen=True, slots=True)
class DemoUnit:
    """A reporting unit; secretary is None while its newcomer has not enrolled."""

    code: str
    name: str
    level: Level
    parent: str
    secretary: Player | None


@dataclass(frozen=True, slots=True)
class Twice:
    """A figure that two units report alike. of: the unit that has sent it first; name: of the place both name."""

    of: str
    indicator: str
    amount: int
    source: str
    name: str


@dataclass(frozen=True, slots=True)
class DemoTask:
    """What the cluster's last meeting gave these units to do. due: days from the start of the demo; done: by whom."""

    text: str
    units: tuple[str, ...]
    due: int
    done: frozenset[str]


@dataclass(frozen=True, slots=True)
class DemoCluster:
    """A cluster and where it stands in the open round. after, hour: local time of its briefing from the start.

    given_back: by unit, the figures that were given back to it, in the catalogue's unit. twice: one event of two units'
    reports, by the later one.
    """

    code: str
    name: str
    chair: Player
    after: int
    hour: int
    place: str
    newcomer: Newcomer
    units: tuple[DemoUnit, ...]
    owing: frozenset[str]
    drafts: frozenset[str]
    given_back: Mapping[str, Mapping[str, int]]
    twice: Mapping[str, Twice]
    tasks: tuple[DemoTask, ...]

    @property
    def number(self) -> str:
        """What sets it apart in a short label: "1" of C1."""
        return self.code[1:]

    @property
    def group_id(self) -> str:
        """The chat id of its group on the local channel."""
        return f"group:{self.code}"


@dataclass(frozen=True, slots=True)
class DemoTarget:
    """A target of the province. amount: in the catalogue's unit; passed: its day lies before the start."""

    indicator: str
    amount: int
    passed: bool


@dataclass(frozen=True, slots=True)
class Cast:
    """The whole province. ranges: by level and indicator, the bounds of plausible values (demo_values.py)."""

    code: str
    name: str
    office: Player
    leaders: tuple[Player, ...]
    clusters: tuple[DemoCluster, ...]
    targets: tuple[DemoTarget, ...]
    ranges: Mapping[str, Mapping[str, Mapping[str, Any]]]
    otherwise: Mapping[str, Any]


@lru_cache(maxsize=1)
def cast() -> Cast:
    """The demo province; read once."""
    raw = yaml.load(
        (resources.files("bot.demo") / "province.yaml").read_text("utf-8"),
        Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader),
    )
    return Cast(
        code=raw["province"]["code"],
        name=raw["province"]["name"],
        office=_player(raw["office"]),
        leaders=tuple(_player(entry) for entry in raw["leaders"]),
        clusters=tuple(_cluster(entry, raw["province"]["code"]) for entry in raw["clusters"]),
        targets=tuple(
            DemoTarget(entry["indicator"], entry["amount"], entry.get("due") == "passed") for entry in raw["targets"]
        ),
        ranges=raw["values"],
        otherwise=raw["otherwise"],
    )


def _player(entry: Mapping[str, str]) -> Player:
    return Player(entry["chat"], entry["name"], entry["title"])


def _cluster(entry: Mapping[str, Any], province: str) -> DemoCluster:
    units = tuple(_unit(code, name, who, province) for code, (name, who) in entry["units"].items())
    newcomer = entry["newcomer"]
    briefing = entry["briefing"]
    return DemoCluster(
        code=entry["code"],
        name=entry["name"],
        chair=_player(entry["chair"]),
        after=briefing["after"],
        hour=briefing["hour"],
        place=briefing["place"],
        newcomer=Newcomer(
            newcomer["chat"], newcomer["name"], newcomer["code"], next(u.code for u in units if u.secretary is None)
        ),
        units=units,
        owing=frozenset(entry["owing"]),
        drafts=frozenset(entry["drafts"]),
        given_back=entry.get("given_back", {}),
        twice={code: Twice(**event) for code, event in entry.get("twice", {}).items()},
        tasks=tuple(
            DemoTask(task["text"], tuple(task["units"]), task["due"], frozenset(task["done"]))
            for task in entry.get("tasks", ())
        ),
    )


def _unit(code: str, name: str, secretary: str | None, province: str) -> DemoUnit:
    """A unit by its code: DX0101 is commune 1 of cluster 1, CD010104 the fourth branch of that commune."""
    branch = code.startswith("CD")
    return DemoUnit(
        code=code,
        name=name,
        level="chi_doan" if branch else "doan_co_so",
        parent=f"DX{code[2:6]}" if branch else province,
        secretary=Player(code.lower(), secretary, "Bí thư") if secretary else None,
    )


@lru_cache(maxsize=1)
def shipped_forms() -> tuple[Catalogue, Forms]:
    """The catalogue and the forms that come with the program; the demo's values are made for these."""
    catalogue = load_catalogue(None)
    return catalogue, load_forms(catalogue)
