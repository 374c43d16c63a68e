"""What a number may count: one option of many, and the link that is chosen."""

from dataclasses import dataclass

from reporting.reading.found.mentions import Mention


@dataclass(frozen=True, slots=True)
class Option:
    """A quantity as the number of one name. code None: the name cannot count it.

    cost: how far the name stands. before: it stands before the number. strangers: other activities lie between.
    """

    code: str | None
    mention: Mention
    cost: float
    before: bool
    strangers: bool

    def at(self, cost: float) -> "Option":
        """The same at another cost."""
        return Option(self.code, self.mention, cost, self.before, self.strangers)


@dataclass(frozen=True, slots=True)
class Link:
    """A quantity's indicator. code None: it counts something nobody reports. sure: may be stored without asking.

    rivals: codes that fit as well, when the place leaves it open. mention: where the name stands.
    shared: the name has a number of its own, so that neither of the two is sure. carried: it stands in a clause before,
    and the number's own clause names nothing.
    """

    code: str | None
    sure: bool
    cost: float
    mention: Mention | None = None
    rivals: tuple[str, ...] = ()
    shared: bool = False
    carried: bool = False
