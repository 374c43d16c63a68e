"""A pack and a Word template in, the report as a .docx out; what people wrote stands in it byte for byte."""

from collections.abc import Mapping
from datetime import timedelta
from io import BytesIO
from typing import Any, Final

from docx.shared import Mm
from docxtpl import DocxTemplate, InlineImage
from jinja2 import StrictUndefined
from jinja2.sandbox import SandboxedEnvironment

from bot.pack.annex_lines import AnnexLine, annex_lines
from bot.pack.charts import PackChart
from bot.pack.contents import Pack
from bot.pack.sentences import Sentences
from bot.pack.template import ANNEX_FIELDS
from handlers.meetings.speaking_words import speaking_lines
from handlers.wording.speech import Wording
from reporting.figures.catalogue import Indicator
from reporting.figures.totals import Total
from reporting.figures.values import vietnamese
from reporting.time.calendar import local_day
from reporting.time.periods import Period, PeriodError, parse_period, quarter_of
from storage.reports.narratives import NarrativePart

# The tag of each part that units write in words.
SAID: Final[Mapping[NarrativePart, str]] = {
    "situation": "loi_tinh_hinh", "result": "loi_ket_qua", "limit": "loi_han_che", "direction": "loi_phuong_huong",
}  # fmt: skip
_PICTURE_MM: Final = 140
_MOST_CHANGES: Final = 30  # lines in the report; the annex has them all
# What no XML may hold; a sign of that kind in a name comes from a broken copy and is seen nowhere.
_NO_XML: Final = dict.fromkeys([*range(9), 11, 12, *range(14, 32), 0xFFFE, 0xFFFF])


class _Filled(DocxTemplate):  # type: ignore[misc]  # docxtpl has no types
    """A template whose values are not searched for the library's own signs: "{_{" in a name stays what it is."""

    def render_xml_part(self, src_xml: str, part: Any, context: Mapping[str, Any], jinja_env: Any = None) -> str:
        self.current_rendering_part = part
        rendered: str = self.resolve_listing(jinja_env.from_string(src_xml).render(context))
        return rendered


def environment() -> SandboxedEnvironment:
    """How tags are filled in: values escaped, an unknown name is an error, and a template reaches nothing else."""
    return SandboxedEnvironment(autoescape=True, undefined=StrictUndefined)


def word_report(
    wording: Wording, pack: Pack, template: bytes, charts: list[PackChart], pictures: Mapping[str, bytes]
) -> bytes:
    """The report. pictures: by file name. Raises what docxtpl and jinja2 raise for a template that is not sound."""
    document = _Filled(BytesIO(template))
    document.init_docx()
    shown = [
        {
            "anh": InlineImage(document, BytesIO(pictures[one.file_name]), width=Mm(_PICTURE_MM))
            if one.file_name in pictures
            else wording.say("pack.undrawn"),
            "cau": one.sentence,
        }
        for one in charts
    ]
    return _filled(document, {**report_fields(wording, pack), "cac_hinh": shown}, pack.version)


def filled(template: bytes, fields: Mapping[str, Any], version: str) -> bytes:
    """A template without pictures, its tags filled in."""
    document = _Filled(BytesIO(template))
    document.init_docx()
    return _filled(document, _clean(dict(fields)), version)


def _filled(document: _Filled, fields: Mapping[str, Any], version: str) -> bytes:
    document.render(dict(fields), environment(), autoescape=True)
    document.docx.core_properties.comments = version
    buffer = BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def report_fields(wording: Wording, pack: Pack) -> dict[str, Any]:
    """What the tags of a template stand for, all but the pictures (cac_hinh)."""
    say, told, area, period = wording.say, Sentences(wording, pack), pack.area, pack.round.period
    signed_by = "branch" if area.level == "chi_doan" else "province" if area.level == "tinh_doan" else "commune"
    subject = "" if area.kind == "province" else f" {say('report.of_area', area=area.name)}"
    following = _following(period)
    fields: dict[str, Any] = _clean({
        "cap_tren": area.superior.upper(),
        "co_quan": say(f"report.agency_{signed_by}", name=area.signer.upper()),
        "ky_hieu": say(f"report.mark_{signed_by}"),
        "nam": str(local_day(pack.made_at).year),  # the paper is of the day it is made on
        "trich_yeu": say("report.subject", period=period.name, area=subject, next=following),
        "ky": period.name,
        "ky_toi": following,
        "pham_vi": area.name,
        "phien_ban": pack.version,
        "tien_do": told.coverage(),
        "so_sanh": told.compared_with(),
        "tinh_hinh": [] if any(one.part == "situation" for one in pack.narratives) else [say("report.to_write")],
        **{tag: _said(pack, part) for part, tag in SAID.items()},
        "cac_muc": [{"ten": section.title, "cac_cau": lines} for section, lines in told.sections()],
        "uu_diem": told.strengths(),
        "han_che": told.limits(),
        "ket_luan": told.tasks(),
        "thu_tu": speaking_lines(wording, pack.speakers) if pack.speakers else [],
        "phuong_huong": told.directions()
        if any(one.part == "direction" for one in pack.narratives)
        else [*told.directions(), say("report.to_write")],
        "kien_nghi": [
            {"so": one.known_as, "don_vi": one.unit_name, "noi_dung": one.text}
            for one in pack.petitions
        ],
        "thay_doi": told.changes(_MOST_CHANGES),
        "noi_nhan": say(f"report.receivers_{'cluster' if area.kind == 'cluster' else signed_by}").split("|"),
        "ky_thay": say(f"report.signed_{signed_by}"),
        "chuc_danh": say("report.title_of_signer"),
        "phu_luc": _annex_rows(wording, pack),
    })  # fmt: skip
    return fields


def _said(pack: Pack, part: str) -> list[str]:
    """What units say of that part, the unit's name before it unless the paper is its own; a line each."""
    found = [one for one in pack.narratives if one.part == part]
    alone = pack.area.part.unit_id
    return [
        line if one.unit_id == alone else f"{one.unit}: {line}"
        for one in found
        for line in one.text.splitlines()
        if line.strip()
    ]


def _annex_rows(wording: Wording, pack: Pack) -> list[dict[str, str]]:
    rows = []
    for section, lines in annex_lines(wording, pack.catalogue, pack.comparison):
        rows.append({**dict.fromkeys(ANNEX_FIELDS, ""), "noi_dung": section.title})
        rows += [_annex_row(wording, line) for line in lines]
    return rows


def _annex_row(wording: Wording, line: AnnexLine) -> dict[str, str]:
    def figure(indicator: Indicator, total: Total | None) -> str:
        if total is None:
            return ""
        number = vietnamese(total.amount, indicator.kind)
        return wording.say("summary.approx", value=number) if total.approx else number

    figures = (line.target, line.value, line.year_ago, line.cumulative)
    cells = [figure(line.indicator, total) for total in figures]
    percent = "" if line.percent is None else f"{line.percent}"
    texts = (str(line.number), line.indicator.label, line.indicator.unit, *cells, percent, line.note)
    return dict(zip(ANNEX_FIELDS, texts, strict=True))


def _following(period: Period) -> str:
    """The name of the period that comes next; of a campaign or a school year the quarter after it."""
    first = period.end_on + timedelta(days=1)
    try:
        return quarter_of(first).name if period.frequency in ("quy", "nam_hoc") or period.title else _same_kind(period)
    except PeriodError:
        return ""


def _same_kind(period: Period) -> str:
    year = period.end_on.year
    match period.frequency:
        case "thang":
            after = f"{year + period.end_on.month // 12}-{period.end_on.month % 12 + 1:02}"
        case "6_thang":
            after = f"{year}-H2" if period.end_on.month == 6 else f"{year + 1}-H1"
        case "9_thang":
            after = f"{year}-Q4"
        case _:
            after = f"{year + 1}-Y"
    return parse_period(after).name


def _clean(fields: Any) -> Any:
    """The same without what XML cannot hold."""
    if isinstance(fields, str):
        return fields.replace("\r\n", "\n").translate(_NO_XML)
    if isinstance(fields, dict):
        return {name: _clean(value) for name, value in fields.items()}
    return [_clean(one) for one in fields] if isinstance(fields, list) else fields
