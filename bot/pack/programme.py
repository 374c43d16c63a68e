"""The pack of a year in, a draft of next year's programme out: what was not reached, done or answered."""

from typing import Any, ClassVar, Final

from docx.enum.text import WD_ALIGN_PARAGRAPH

from bot.pack.contents import Pack
from bot.pack.sentences import Sentences
from bot.pack.template import FormPaper, laid_out
from bot.pack.word_report import SAID, filled, report_fields
from handlers.wording.speech import Wording
from reporting.figures.totals import Total
from reporting.time.calendar import local_day
from storage.periods.tasks import by_number

_TARGETS: Final = ("tt", "noi_dung", "dvt", "chi_tieu", "dat", "con", "de_nghi")
_TARGETS_MM: Final = (9, 52, 20, 20, 19, 19, 21)
_TASKS: Final = ("tt", "noi_dung", "chu_tri", "thoi_gian")
_TASKS_MM: Final = (9, 76, 47, 28)
_EMPTY_ROWS: Final = 3  # for what the office adds


def programme(wording: Wording, pack: Pack) -> bytes:
    """The .docx. Everything in it comes from the year's rows; what only people decide is a line of dots."""
    told, say, year = Sentences(wording, pack), wording.say, pack.round.period.end_on.year
    fields = report_fields(wording, pack)
    met = [told.target(row) for row in pack.rows if row.target is not None and row.target.met]
    waiting = pack.waiting_petitions
    fields |= {
        "trich_yeu": say("programme.subject", year=year + 1),
        "chu_de": say("programme.theme", year=year + 1),
        "chi_tieu": _targets(wording, pack),
        "da_dat": [say("programme.met", year=year, figures="; ".join(met))] if met else [],
        "tiep_tuc": [
            say("programme.go_on" if left else "programme.go_on_unknown", figure=told.target(row), left=left)
            for row in told.unmet()
            for left in (_left(told, row),)
        ],
        "kien_nghi": [
            say("programme.petition", number=one.known_as, unit=one.unit_name, text=one.text) for one in waiting
        ],
        "y_kien": fields[SAID["direction"]],
        "viec": _tasks(wording, pack),
    }
    return filled(laid_out(_Programme, wording), fields, pack.version)


def _left(told: Sentences, row: Any) -> str:
    """What is missing; '' where nobody has given a figure."""
    return told.amount(row.indicator, Total(row.target.left, False, 0)) if row.target.missed else ""


def _targets(wording: Wording, pack: Pack) -> list[dict[str, str]]:
    """The targets that were not reached; what is set for the next year stays blank."""
    told, found = Sentences(wording, pack), list[dict[str, str]]()
    for number, row in enumerate(told.unmet(), 1):
        assert row.target is not None
        none = wording.say("pack.no_figure")
        reached = told.amount(row.indicator, row.target.reached) if row.target.reached else none
        whole = told.amount(row.indicator, Total(row.target.target.amount, False, 0))
        cells = (str(number), row.indicator.label, row.indicator.unit, whole, reached, _left(told, row), "")
        found.append(dict(zip(_TARGETS, cells, strict=True)))
    return found


def _tasks(wording: Wording, pack: Pack) -> list[dict[str, str]]:
    """What meetings gave units to do and is not done, then empty rows; a day that is over is set anew by people."""
    today, rows = local_day(pack.made_at), list[dict[str, str]]()
    for parts in by_number(pack.tasks):
        left = [one for one in parts if one.state == "open"]
        if left:
            late = left[0].is_overdue(today)
            due = f"{left[0].due_on:%d/%m/%Y}" if left[0].due_on and not late else ""
            text = wording.say("programme.task", number=left[0].known_as, text=left[0].text)
            text += wording.say("programme.late", day=f"{left[0].due_on:%d/%m/%Y}") if late else ""
            cells = (str(len(rows) + 1), text, ", ".join(one.unit_name for one in left), due)
            rows.append(dict(zip(_TASKS, cells, strict=True)))
    return rows + [dict.fromkeys(_TASKS, "") for _ in range(_EMPTY_ROWS)]


class _Programme(FormPaper):
    """The programme in the form of the report: targets, tasks, how they are carried out."""

    WORDS: ClassVar[tuple[str, str, str]] = ("programme.machine_note", "programme.number", "programme.kind")

    def write(self) -> None:
        """Its parts, in the order of such a paper."""
        say = self._say
        self._machine_note()
        self._head()
        self._title()
        self._line(say("programme.aims"), bold=True)
        self._line("{{ chu_de }}")
        self._line(say("programme.to_write"))
        self._line(say("programme.targets"), bold=True)
        self._line("{%p if chi_tieu %}")
        self._machine(say("programme.unmet"))
        self._grid("chi_tieu", say("programme.columns_targets").split("|"), _TARGETS, _TARGETS_MM)
        self._line("{%p else %}")
        self._machine(say("programme.none_unmet"))
        self._line("{%p endif %}")
        self._line("{%p for cau in da_dat %}")
        self._machine("{{ cau }}")
        self._line("{%p endfor %}")
        self._line(say("programme.duties"), bold=True)
        self._where_any("tiep_tuc", say("programme.from_targets"))
        self._where_any("kien_nghi", say("programme.from_petitions"))
        self._line("{%p if y_kien %}")
        self._line(say("programme.from_units"), bold=True)
        self._said("y_kien")
        self._line("{%p endif %}")
        self._line(say("programme.to_write"))
        self._line(say("programme.carried_out"), bold=True)
        self._machine(say("programme.from_meetings"))
        self._grid("viec", say("programme.columns_tasks").split("|"), _TASKS, _TASKS_MM)
        self._line(say("programme.end"), side=WD_ALIGN_PARAGRAPH.JUSTIFY)
        self._signature()
