"""The events of the dialogue: a text that was said, or a command or choice with what it is about."""

from dataclasses import dataclass
from typing import Literal

Act = Literal[
    "begin",
    "back",
    "later",
    "leave",
    "show",
    "edit",
    "submit",
    "rest",
    "yes",
    "none",
    "before",
    "keep",
    "pick",
    "skip",
    "stands",
]


@dataclass(frozen=True, slots=True)
class Said:
    """The person wrote something that is not a command; `whole` when it is a report of its own (a file).

    asked: what the open question asked about when it was replied to, where that is not what it lacks now.
    caption: the words tell what a photo shows: of one event, so that they replace no figure.
    corrects: they stood behind a word that corrects: "sửa".
    """

    text: str
    whole: bool = False
    asked: tuple[str, ...] = ()
    caption: bool = False
    corrects: bool = False


@dataclass(frozen=True, slots=True)
class Did:
    """The person gave a command or took a choice. `about` names the question (or the number of the option) a
    button belongs to; empty when the word was typed, which always means the question that is open."""

    act: Act
    about: str = ""


Event = Said | Did
