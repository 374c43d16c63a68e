"""A text that names a petition in; which act it asks for, and the step with its words, out."""

import re

from handlers.routes import PETITION_STEPS
from reporting.text.lexicon import in_plain_phrases
from reporting.text.word_lists import written
from reporting.text.words import tokens_of
from reporting.time.as_written import plain
from storage.reports.petitions import PetitionState


def _written(name: str) -> str:
    return "|".join(written(name))


NUMBER = re.compile(
    rf"\b(?:KN|(?P<sure>{_written('asked_figures.petition_numbered')})"
    rf"|(?P<named>{_written('asked_figures.petition_named')}))[- ]?"
    r"(?:(?P<period>\d\d[a-z0-9]{1,6})[- ])?(?P<number>\d{1,4})\b", re.IGNORECASE,
)  # fmt: skip
_ASKED_FOR = ("kien nghi", "kien nghi so", "xem", "xem kien nghi")
_HOW_FAR = in_plain_phrases("asked_figures.how_far")
_NEAR = 60  # characters from the beginning within which the number stands
_AROUND = " :,-–\t\n"


def names_petition(text: str) -> str:
    """ "settle" for a step of the office, "follow" for the number alone, "" for anything else.

    "KN" is short for the admission of members too: without a step, only a number as the bot writes it is meant.
    """
    found = NUMBER.search(text[:_NEAR])
    if found is None:
        return ""
    before, after = plain(text[: found.start()]).strip(_AROUND), text[found.end() :].strip(_AROUND)
    if step_in(text)[0] is not None:
        return "settle"
    certain = found["period"] or found["number"].startswith("0") or before or found["sure"]
    behind = plain(after).strip("?! ")
    return "follow" if certain and (not behind or behind in _HOW_FAR) and (not before or before in _ASKED_FOR) else ""


def step_in(text: str) -> tuple[PetitionState | None, str]:
    """The step that stands right before or behind the number, and the words behind both, as written."""
    found = NUMBER.search(text[:_NEAR])
    if found is None:
        return None, ""
    before, after = plain(text[: found.start()]).strip(_AROUND), text[found.end() :].strip(_AROUND)
    if before:
        return PETITION_STEPS.get(before.removesuffix(" kien nghi")), after
    if found["sure"] or found["named"]:
        return None, ""  # "kiến nghị 2 chuyển xe": what is asked for
    words = [token for token in tokens_of(after) if token.kind == "word"]
    for length in (2, 1):
        state = PETITION_STEPS.get(" ".join(word.fold for word in words[:length]))
        if state is not None:
            return state, after[words[length - 1].end :].strip(_AROUND)
    return None, ""
