"""A YAML file and the model of what it holds go in; the filled model comes out, or every fault with line and key."""

import difflib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from reporting.text.yaml_loader import LOADER

Location = tuple[str | int, ...]
Model = TypeVar("Model", bound=BaseModel)

# By the name of the fault in the library; what is not here cannot arise from the models of this program.
_REASONS = {
    "missing": "missing", "string_type": "not_text", "string_too_short": "empty", "too_short": "empty",
    "too_long": "too_many", "int_type": "not_whole", "int_parsing": "not_whole", "int_from_float": "not_whole",
    "bool_type": "not_yes_or_no", "bool_parsing": "not_yes_or_no", "tuple_type": "not_list", "dict_type": "not_mapping",
    "model_type": "not_mapping", "literal_error": "not_choice", "greater_than_equal": "negative",
}  # fmt: skip
_ALIKE = 0.75  # of difflib's ratio: from here on an unknown name is a known one mistyped


@dataclass(frozen=True, slots=True)
class FileFault:
    """One fault. line: from 1; location: keys and codes down to it, "indicators/cay_xanh/unit"; reason: why, as a key.

    parts: what the sentence of the reason names.
    """

    line: int
    location: str
    reason: str
    parts: Mapping[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"line {self.line}, {self.location}: {self.reason} {' '.join(self.parts.values())}".rstrip()


class FileRefused(ValueError):
    """The file is not usable; `faults` has everything that is wrong, in the order of the file."""

    def __init__(self, faults: Iterable[FileFault]) -> None:
        self.faults = sorted(faults, key=lambda fault: fault.line)
        super().__init__("; ".join(map(str, self.faults)))


class FileEntry(BaseModel):
    """What every model of a file has: a number may be written where a text is meant; more names are remarks."""

    model_config = ConfigDict(coerce_numbers_to_str=True, extra="ignore")


class CheckedFile:
    """A file as it was parsed, and the faults found so far."""

    def __init__(self, text: str) -> None:
        """Raises FileRefused for what is no YAML at all."""
        self._text = text
        self._faults: list[tuple[Location, str, Mapping[str, str]]] = []
        try:
            self.raw: Any = yaml.load(text, Loader=LOADER)
        except yaml.YAMLError as error:
            mark = getattr(error, "problem_mark", None)
            raise FileRefused([FileFault(mark.line + 1 if mark else 1, "", "not_yaml")]) from error

    def fault(self, location: Location, reason: str, **parts: str) -> None:
        """Notes a fault at a location, keys and positions from the top of the file."""
        self._faults.append((location, reason, parts))

    def filled(self, model: type[Model]) -> Model | None:
        """The model with what the file holds; None, with faults, where it does not fit."""
        for location, fields, written in _named(model, self.raw, ()):
            for name in written:
                if name not in fields and (close := difflib.get_close_matches(str(name), fields, 1, _ALIKE)):
                    self.fault((*location, str(name)), "mistyped", close=close[0])
        try:
            return model.model_validate(self.raw)
        except ValidationError as error:
            errors = error.errors(include_url=False)
            locations = [one["loc"] for one in errors]
            for one in errors:
                length = len(one["loc"])
                if one["type"] == "too_short" and any(len(p) > length and p[:length] == one["loc"] for p in locations):
                    continue  # it is short only of the entries that are themselves at fault
                location = tuple(part for part in one["loc"] if part != "[key]")
                given = "" if one["type"] == "missing" else str(one["input"])[:40]
                choices = str(one.get("ctx", {}).get("expected", "")).replace(" or ", ", ").replace("'", "")
                self.fault(location, _REASONS.get(one["type"], "wrong"), text=given, choices=choices)
            return None

    def refuse_faulty(self) -> None:
        """Raises FileRefused if there is a fault."""
        if self._faults:
            top = yaml.compose(self._text, Loader=LOADER)
            raise FileRefused(
                FileFault(_line(top, location), self._shown(location), reason, parts)
                for location, reason, parts in self._faults
            )

    def _shown(self, location: Location) -> str:
        """The location with entries by their code; the position where they have none."""
        names, value = [], self.raw
        for part in location:
            try:
                value = value[part]
            except (KeyError, IndexError, TypeError):
                value = None
            code = value.get("code") if isinstance(value, dict) and isinstance(part, int) else None
            names.append(code if isinstance(code, str) else f"#{part + 1}" if isinstance(part, int) else part)
        return "/".join(names)


def _named(model: type[BaseModel], raw: Any, location: Location) -> Iterator[tuple[Location, Sequence[str], list[Any]]]:
    """Every mapping that a model describes: its location, the names the model knows, those that are written."""
    if not isinstance(raw, dict):
        return
    yield location, list(model.model_fields), list(raw)
    for name, about in model.model_fields.items():
        inner = next((one for one in getattr(about.annotation, "__args__", ()) if _is_model(one)), None)
        if inner is not None and isinstance(raw.get(name), list):
            for position, entry in enumerate(raw[name]):
                yield from _named(inner, entry, (*location, name, position))


def _is_model(one: Any) -> bool:
    return isinstance(one, type) and issubclass(one, BaseModel)


def _line(node: Any, location: Location) -> int:
    """The line of the innermost part of the location that stands in the file."""
    line = 1
    for part in location:
        if isinstance(node, yaml.MappingNode):
            found = next(((key, value) for key, value in node.value if key.value == part), None)
        elif isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
            found = node.value[part], node.value[part]
        else:
            found = None
        if found is None:
            break
        line, node = found[0].start_mark.line + 1, found[1]
    return line
