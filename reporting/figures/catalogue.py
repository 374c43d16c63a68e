"""The indicators as the program uses them: in which unit, at which level and under which words each is reported."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal, get_args

from reporting.figures.values import Kind
from reporting.text.plain_words import PlainWords

Level = Literal["chi_doan", "doan_co_so", "tinh_doan"]
Frequency = Literal["thang", "quy", "6_thang", "9_thang", "nam", "nam_hoc", "quick"]
Aggregation = Literal["sum", "latest", "ratio"]

# Periods that no indicator names are reported with the indicators of these.
_REPORTED_AS: Mapping[Frequency, Frequency] = {"9_thang": "quy", "nam_hoc": "nam"}

LEVELS: tuple[Level, ...] = get_args(Level)
QUICK: Frequency = "quick"  # of a quick count, whose indicators are its own
# What one unit may answer to a quick count without being asked whether it is right, whatever is counted.
_PLAIN_ANSWER = {"chi_doan": 100, "doan_co_so": 1000}


@dataclass(frozen=True, slots=True)
class Section:
    """One chapter of the report form, in the order of the paper form."""

    code: str
    order: int
    title: str

    @property
    def name(self) -> str:
        """The title without its Roman numeral: "Phong trào Thanh niên tình nguyện"."""
        numeral, dot, rest = self.title.partition(". ")
        return rest if dot and numeral.isupper() else self.title

    @property
    def brief(self) -> str:
        """The title without what explains it: "V. Đồng hành với thanh niên"."""
        return self.title.partition(" (")[0].partition(";")[0]


@dataclass(frozen=True, slots=True)
class Indicator:
    """One thing that is counted. `pair` names the attendance that is asked together with it.

    not_with: words that, in the same clause, mean another thing than this indicator. also_in: further units it is
    counted in. adds_up: several figures in one message are parts of a sum (awards by several grantors).
    only_with: words of which one must stand in the same line, else the number is asked about.
    in_branch: words that name it only in the message of a branch ("sinh hoạt 3 buổi").
    among: the stock of which those counted are some, at each session where it is an attendance.
    """

    code: str
    section: str
    label: str
    short: str
    question: str
    unit: str
    kind: Kind
    aggregation: Aggregation
    across_units: Literal["sum", "ratio"]
    levels: tuple[Level, ...]
    frequencies: tuple[Frequency, ...]
    pair: str | None
    numerator: str | None
    denominator: str | None
    soft_max: Mapping[str, int]
    targetable: bool
    synonyms: tuple[str, ...]
    definition: str
    not_with: tuple[str, ...] = ()
    also_in: tuple[str, ...] = ()
    adds_up: bool = False
    in_branch: tuple[str, ...] = ()
    only_with: tuple[str, ...] = ()
    among: str | None = None

    @property
    def is_rate(self) -> bool:
        """A rate is computed from two counts and never summed or averaged."""
        return self.aggregation == "ratio"

    @property
    def stands(self) -> bool:
        """A stock that stands (members, children cared for): that nothing happened in a period says nothing of it."""
        return self.aggregation == "latest"


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All sections and indicators, in the order of the file."""

    version: int
    sections: tuple[Section, ...]
    indicators: Mapping[str, Indicator]
    plain_words: PlainWords
    _partners: Mapping[str, tuple[str, ...]] = field(init=False, repr=False, compare=False)
    _wholes: Mapping[str, str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Looks up once what every answer asks for."""
        rows = self.indicators.values()
        partners = {
            one.code: (*(i.code for i in rows if i.pair == one.code), *((one.pair,) if one.pair else ()))
            for one in rows
        }
        wholes = {
            i.numerator: i.denominator for i in reversed(list(rows)) if i.is_rate and i.numerator and i.denominator
        }
        object.__setattr__(self, "_partners", partners)
        object.__setattr__(self, "_wholes", wholes)

    def __getitem__(self, code: str) -> Indicator:
        return self.indicators[code]

    def __contains__(self, code: object) -> bool:
        return code in self.indicators

    def partners(self, code: str) -> tuple[str, ...]:
        """The sessions of an attendance, and the attendance of sessions."""
        return self._partners[code]

    def whole_of(self, code: str) -> str | None:
        """The count of which this one is a part in a rate; None where there is no such rate."""
        return self._wholes.get(code)

    def of(self, own: Sequence[Indicator]) -> "Catalogue":
        """The catalogue of a period: of a quick count only what that counts, else this one."""
        if not own:
            return self
        section = Section(own[0].section, 1, own[0].definition)
        limited = {
            one.code: replace(one, soft_max=self._most(one.unit), among=one.among or self._named_among(one))
            for one in own
        }
        return Catalogue(self.version, (section,), limited, self.plain_words)

    def _named_among(self, counted: Indicator) -> str | None:
        """The stock with whose name its label begins: "số đoàn viên trực bão" is of the members."""
        label = f"{counted.label.casefold()} "
        for stock in dict.fromkeys(one.among for one in self.indicators.values() if one.among):
            if stock in self and any(label.startswith(f"{name} ") for name in self.indicators[stock].synonyms):
                return stock
        return None

    def _most(self, unit: str) -> Mapping[str, int]:
        """By level, the highest soft maximum of what is counted in that unit; of a unit of no indicator, of any."""
        alike = [one for one in self.indicators.values() if one.unit == unit] or [*self.indicators.values()]
        known = {level: [one.soft_max[level] for one in alike if level in one.soft_max] for level in _PLAIN_ANSWER}
        return {level: max(least, *known[level]) for level, least in _PLAIN_ANSWER.items() if known[level]}

    def stocks_beside(self, codes: Collection[str]) -> tuple[str, ...]:
        """The stocks of which some of these are, that are none of these themselves."""
        named = dict.fromkeys(self[code].among for code in codes if code in self)
        return tuple(stock for stock in named if stock is not None and stock not in codes)

    def section(self, code: str) -> Section:
        """The section of that code; KeyError if there is none."""
        for section in self.sections:
            if section.code == code:
                return section
        raise KeyError(code)

    def reported(self, level: Level, frequency: Frequency) -> tuple[Indicator, ...]:
        """The indicators that units of `level` report for periods of `frequency`, in the order of the form."""
        order = {section.code: section.order for section in self.sections}
        as_ = _REPORTED_AS.get(frequency, frequency)
        chosen = [i for i in self.indicators.values() if level in i.levels and as_ in i.frequencies]
        return tuple(sorted(chosen, key=lambda i: order[i.section]))
