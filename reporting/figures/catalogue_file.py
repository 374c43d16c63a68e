"""The catalogue's file: its YAML text goes in, the Catalogue comes out, or every fault of it."""

from typing import Annotated, Literal

from pydantic import Field, StrictBool, StringConstraints

from reporting.figures.catalogue import Aggregation, Catalogue, Frequency, Indicator, Level, Section
from reporting.figures.values import Kind
from reporting.text.checked_yaml import CheckedFile, FileEntry
from reporting.text.plain_words import PlainWords

Written = Annotated[str, StringConstraints(min_length=1)]


class SectionEntry(FileEntry):
    """A section as the file has it."""

    code: Written
    order: int
    title_vi: Written


class IndicatorEntry(FileEntry):
    """An indicator as the file has it."""

    code: Written
    section: Written
    label_vi: Written
    short_vi: Written
    question_vi: Written
    unit: Written
    type: Kind
    aggregation: Aggregation
    aggregation_units: Literal["sum", "ratio"]
    levels: Annotated[tuple[Level, ...], Field(min_length=1)]
    frequency: Annotated[tuple[Frequency, ...], Field(min_length=1)]
    pair: Written | None = None
    numerator: Written | None = None
    denominator: Written | None = None
    soft_max_per_quarter: dict[Level, Annotated[int, Field(ge=0)]] = Field(default_factory=dict)
    targetable: StrictBool
    synonyms: tuple[Written, ...]
    definition: str
    not_with: tuple[Written, ...] = ()
    also_in: tuple[Written, ...] = ()
    adds_up: StrictBool = False
    in_branch: tuple[Written, ...] = ()
    only_with: tuple[Written, ...] = ()
    among: Written | None = None

    def indicator(self) -> Indicator:
        """The same under the names the program uses."""
        soft_max = {str(level): most for level, most in self.soft_max_per_quarter.items()}
        return Indicator(
            code=self.code, section=self.section, label=self.label_vi, short=self.short_vi, question=self.question_vi,
            unit=self.unit, kind=self.type, aggregation=self.aggregation, across_units=self.aggregation_units,
            levels=self.levels, frequencies=self.frequency, pair=self.pair, numerator=self.numerator,
            denominator=self.denominator, soft_max=soft_max, targetable=self.targetable,
            synonyms=self.synonyms, definition=self.definition, not_with=self.not_with, also_in=self.also_in,
            adds_up=self.adds_up, in_branch=self.in_branch, only_with=self.only_with, among=self.among,
        )  # fmt: skip


class CatalogueEntries(FileEntry):
    """The whole file. plain_words: words of the office that change nothing beside a number."""

    version: int = 1
    sections: Annotated[tuple[SectionEntry, ...], Field(min_length=1)]
    indicators: Annotated[tuple[IndicatorEntry, ...], Field(min_length=1)]
    plain_words: tuple[Written, ...] | None = None


def parse_catalogue(text: str, plain_words: PlainWords) -> Catalogue:
    """The catalogue from the text of a YAML file of the shape of reporting/data/catalogue.yaml.

    Its own list `plain_words`, if it has one, adds to those given. Raises FileRefused.
    """
    file = CheckedFile(text)
    entries = file.filled(CatalogueEntries)
    _check_references(file)
    file.refuse_faulty()
    assert entries is not None
    sections = tuple(Section(one.code, one.order, one.title_vi) for one in entries.sections)
    indicators = {one.code: one.indicator() for one in entries.indicators}
    return Catalogue(entries.version, sections, indicators, plain_words.with_more(entries.plain_words or ()))


def _check_references(file: CheckedFile) -> None:
    """Codes that stand twice or name nothing; judged as written, so that other faults hide none."""
    lists = {
        name: [(n, one) for n, one in enumerate(found) if isinstance(one, dict)]
        for name in ("sections", "indicators")
        if isinstance(file.raw, dict) and isinstance(found := file.raw.get(name), list)
    }
    known = {
        name: {one.get("code") for _, one in entries if isinstance(one.get("code"), str)}
        for name, entries in lists.items()
    }
    for name, entries in lists.items():
        seen: set[str] = set()
        for n, one in entries:
            code = one.get("code")
            if isinstance(code, str) and code in seen:
                file.fault((name, n, "code"), "twice", text=code)
            seen.update([code] if isinstance(code, str) else [])
    for n, one in lists.get("indicators", []):
        section = one.get("section")
        if isinstance(section, str) and "sections" in known and section not in known["sections"]:
            file.fault(("indicators", n, "section"), "no_section", text=section)
        for name in ("pair", "numerator", "denominator", "among"):
            other = one.get(name)
            if isinstance(other, str) and other not in known["indicators"]:
                file.fault(("indicators", n, name), "no_indicator", text=other)
            if other is None and name in ("numerator", "denominator") and one.get("aggregation") == "ratio":
                file.fault(("indicators", n, name), "missing", text="")
