"""A pack in, its files by name out: the report, the annex, the pictures, the short text, all of one version."""

from dataclasses import dataclass

import structlog

from bot.pack.annex import annex
from bot.pack.charts import pack_charts
from bot.pack.contents import Pack
from bot.pack.programme import programme
from bot.pack.short_text import short_text
from bot.pack.template import builtin_template
from bot.pack.template_faults import template_faults
from bot.pack.word_report import word_report
from bot.pictures.drawing import draw
from handlers.leaders.pack_desk import ANNEX, PROGRAMME, REPORT, TEXT
from handlers.wording.speech import Wording

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class PackFiles:
    """The files of one pack by name. said: of each picture what it shows, also of one that cannot be drawn.
    faults: of the office's template, which then was not used.
    """

    version: str
    files: dict[str, bytes]
    said: dict[str, str]
    faults: tuple[str, ...] = ()


def pack_files(wording: Wording, pack: Pack, template: bytes | None = None) -> PackFiles:
    """All files. template: the office's own; one that is not sound is not used, and its faults are told.

    A picture that cannot be drawn is left out, and the report says so.
    """
    charts, pictures = pack_charts(wording, pack), dict[str, bytes]()
    for chart in charts:
        try:
            pictures[chart.file_name] = draw(chart.sheet)
        except Exception as error:  # noqa: BLE001  a report without a picture is worth more than none
            log.warning(
                "a picture of the pack cannot be drawn", name=chart.file_name, error=f"{error}" or type(error).__name__
            )
    faults = tuple(template_faults(wording, template)) if template is not None else ()
    own = template if template is not None and not faults else builtin_template(wording)
    report = word_report(wording, pack, own, charts, pictures)
    text = short_text(wording, pack).encode()
    files = {REPORT: report, ANNEX: annex(wording, pack), **pictures, TEXT: text}
    if pack.round.period.frequency == "nam" and pack.area.kind != "unit":
        files[PROGRAMME] = programme(wording, pack)
    return PackFiles(pack.version, files, {chart.file_name: chart.sentence for chart in charts}, faults)
