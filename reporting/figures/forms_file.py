"""The file of the forms: its YAML text and the catalogue go in, the Forms come out, or every fault of it."""

from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from reporting.figures.catalogue import Catalogue, Level
from reporting.figures.catalogue_file import Written
from reporting.figures.forms import MOST_PER_QUESTION, Forms
from reporting.text.checked_yaml import CheckedFile, FileEntry


def _several(section: Any) -> Any:
    return [section] if isinstance(section, str) else section


class QuestionEntry(FileEntry):
    """A question as the file has it; section: one, or a list of those that share it; photo: it invites to send one."""

    code: Written
    section: Annotated[tuple[Written, ...], BeforeValidator(_several), Field(min_length=1)]
    ask: Annotated[tuple[Written, ...], Field(min_length=1, max_length=MOST_PER_QUESTION)]
    photo: bool = False


class FormEntries(FileEntry):
    """The whole file."""

    forms: dict[Level, tuple[QuestionEntry, ...]]


def parse_forms(text: str, catalogue: Catalogue) -> Forms:
    """The forms from a YAML text of the shape of reporting/data/forms.yaml. Raises FileRefused."""
    file = CheckedFile(text)
    entries = file.filled(FormEntries)
    for level, questions in entries.forms.items() if entries else ():
        seen: set[str] = set()
        for number, question in enumerate(questions):
            for index, code in enumerate(question.ask):
                where = ("forms", level, number, "ask", index)
                if code not in catalogue:
                    file.fault(where, "no_indicator", text=code)
                elif catalogue[code].section not in question.section:
                    file.fault(where, "other_section", text=code, section=catalogue[code].section)
                elif code in seen:
                    file.fault(where, "asked_twice", text=code)
                seen.add(code)
    if entries and not entries.forms.get("doan_co_so"):
        file.fault(("forms",), "no_form", text="doan_co_so")
    file.refuse_faulty()
    assert entries is not None
    return Forms(
        catalogue,
        {
            level: tuple((one.code, one.section, one.ask, one.photo) for one in questions)
            for level, questions in entries.forms.items()
            if questions
        },
    )
