"""A Word template in, every fault of it out: one Vietnamese line each, with the paragraph it stands in."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any, Final

from docx import Document
from docx.oxml.ns import qn
from docxtpl import DocxTemplate
from jinja2 import TemplateError, TemplateSyntaxError, UndefinedError
from jinja2.sandbox import SandboxedEnvironment

from bot.pack.template import ANNEX_FIELDS
from handlers.wording.speech import Wording

MOST_BYTES: Final = 5 * 1024 * 1024
_QUOTED: Final = 40  # characters of a paragraph in a fault
_TAG: Final = re.compile(r"\{\{|\}\}|\{%|%\}")
_STATEMENT: Final = re.compile(r"\{%-?\s*(p|tr|tc|r)?\s+(\w+)(.*?)-?%\}|\{%-?(\w*)\s*(.*?)-?%\}", re.DOTALL)
_PAIRS: Final = {"for": "endfor", "if": "endif"}
_MISSING: Final = re.compile(r"has no attribute '(\w+)'|'(\w+)' is undefined")

# Every tag of a template and what it stands for: texts, lists of texts, and lists of things with parts.
TEXTS: Final = (
    "cap_tren", "co_quan", "ky_hieu", "nam", "trich_yeu", "ky", "ky_toi", "pham_vi", "phien_ban", "tien_do", "so_sanh",
    "ky_thay", "chuc_danh",
)  # fmt: skip
LISTS: Final[Mapping[str, Sequence[str]]] = {
    "loi_tinh_hinh": (), "loi_ket_qua": (), "loi_han_che": (), "loi_phuong_huong": (),
    "tinh_hinh": (), "uu_diem": (), "han_che": (), "phuong_huong": (), "thay_doi": (), "noi_nhan": (),
    "ket_luan": (), "thu_tu": (),
    "cac_muc": ("ten", "cac_cau"), "kien_nghi": ("so", "don_vi", "noi_dung"), "cac_hinh": ("anh", "cau"),
    "phu_luc": ANNEX_FIELDS,
}  # fmt: skip


@dataclass(slots=True)
class _Paragraph:
    number: int
    text: str

    @property
    def quoted(self) -> str:
        shown = " ".join(self.text.split())
        return shown if len(shown) <= _QUOTED else f"{shown[:_QUOTED]}…"


@dataclass(slots=True)
class _Faults:
    wording: Wording
    lines: list[str] = field(default_factory=list)

    def add(self, paragraph: _Paragraph | None, key: str, **parts: Any) -> None:
        said = self.wording.say(f"template.{key}", **parts)
        if paragraph is not None:
            said = self.wording.say("template.paragraph", number=paragraph.number, text=paragraph.quoted, fault=said)
        self.lines.append(said)


def template_faults(wording: Wording, content: bytes) -> list[str]:
    """All faults, in the order of the paragraphs; none for a template that can be used.

    First each paragraph's own tags, then blocks across them, then names; what is left is found by filling it in.
    """
    faults = _Faults(wording)
    try:
        if len(content) > MOST_BYTES:
            raise ValueError
        document = Document(BytesIO(content))
    except Exception:  # noqa: BLE001  python-docx raises what its parsers raise
        faults.add(None, "no_docx")
        return faults.lines
    paragraphs = [_Paragraph(number, text) for number, text in enumerate(_texts(document), 1)]
    env = SandboxedEnvironment(autoescape=True)
    _delimiters(faults, paragraphs)
    if not faults.lines:
        _blocks(faults, paragraphs)
        _expressions(faults, paragraphs, env)
    if not faults.lines:
        _names(faults, paragraphs, content, env)
    if not faults.lines:
        _filled_in(faults, paragraphs, content)
    return faults.lines


def _texts(document: Any) -> Iterator[str]:
    """The paragraphs of the body, tables included, then of headers and footers."""
    parts = [document.element.body]
    for section in document.sections:
        parts += [section.header._element, section.footer._element]
    for part in parts:
        for paragraph in part.iter(qn("w:p")):
            yield "".join(node.text or "" for node in paragraph.iter(qn("w:t")))


def _delimiters(faults: _Faults, paragraphs: Sequence[_Paragraph]) -> None:
    """Every {{ has its }} and every {% its %}, in the same paragraph."""
    for paragraph in paragraphs:
        opened = ""
        for tag in _TAG.findall(paragraph.text):
            if tag in ("{{", "{%"):
                if opened:
                    faults.add(paragraph, "not_closed", tag=opened, wanted=_closing(opened))
                opened = tag
            elif not opened or _closing(opened) != tag:
                faults.add(paragraph, "not_opened", tag=tag)
                opened = ""
            else:
                opened = ""
        if opened:
            faults.add(paragraph, "not_closed", tag=opened, wanted=_closing(opened))


def _closing(tag: str) -> str:
    return "}}" if tag == "{{" else "%}"


def _blocks(faults: _Faults, paragraphs: Sequence[_Paragraph]) -> None:
    """for and if end, in the right order; a tag of a paragraph or row stands alone in it."""
    opened: list[tuple[str, _Paragraph]] = []
    for paragraph in paragraphs:
        for match in _STATEMENT.finditer(paragraph.text):
            scope, word = (match[1], match[2]) if match[2] else ("", match[4])
            if scope in ("p", "tr") and paragraph.text.strip() != match[0]:
                faults.add(paragraph, "not_alone", tag=match[0])
            if word in _PAIRS:
                opened.append((word, paragraph))
            elif word in ("else", "elif"):
                if not opened:
                    faults.add(paragraph, "not_begun", word=word, wanted="if")
            elif word in _PAIRS.values():
                wanted = next(name for name, end in _PAIRS.items() if end == word)
                if not opened or opened[-1][0] != wanted:
                    faults.add(paragraph, "not_begun", word=word, wanted=wanted)
                else:
                    opened.pop()
            elif word not in ("set", "vm", "hm", "colspan", "cellbg"):
                faults.add(paragraph, "unknown_word", word=word, tag=match[0])
    for word, paragraph in opened:
        faults.add(paragraph, "not_ended", word=word, wanted=_PAIRS[word])


def _expressions(faults: _Faults, paragraphs: Sequence[_Paragraph], env: SandboxedEnvironment) -> None:
    """What stands in the tags can be read."""
    for paragraph in paragraphs:
        for tag in re.findall(r"\{\{(?:p|tr|tc|r)?\s(.*?)\}\}|\{\{(.*?)\}\}", paragraph.text, re.DOTALL):
            inside = _plain_quotes(tag[0] or tag[1])
            try:
                env.parse(f"{{{{ {inside} }}}}")
            except TemplateSyntaxError:
                faults.add(paragraph, "not_read", tag=f"{{{{{inside}}}}}")
        for match in _STATEMENT.finditer(paragraph.text):
            word, rest = (match[2], match[3]) if match[2] else (match[4], match[5])
            if word in _PAIRS:
                try:
                    env.parse(f"{{% {word} {_plain_quotes(rest)} %}}{{% {_PAIRS[word]} %}}")
                except TemplateSyntaxError:
                    faults.add(paragraph, "not_read", tag=match[0])


def _plain_quotes(text: str) -> str:
    """Word makes quotes typographic; docxtpl reads them as plain ones."""
    return text.translate(str.maketrans("“”‘’", "\"\"''"))


def _names(faults: _Faults, paragraphs: Sequence[_Paragraph], content: bytes, env: SandboxedEnvironment) -> None:
    """Every name is one of the report's; the version stands in it somewhere."""
    template = DocxTemplate(BytesIO(content))
    try:
        used: set[str] = template.get_undeclared_template_variables(env)
    except TemplateError as error:
        faults.add(None, "not_filled", reason=str(error)[:80])
        return
    for name in sorted(used - {*TEXTS, *LISTS}):
        faults.add(_where(paragraphs, name), "unknown_name", name=name, known=", ".join((*TEXTS, *LISTS)))
    if "phien_ban" not in used:
        faults.add(None, "no_version")


def _filled_in(faults: _Faults, paragraphs: Sequence[_Paragraph], content: bytes) -> None:
    """Filled in with made-up values: what cannot be told from the tags alone shows here."""
    from bot.pack.word_report import environment

    sample: dict[str, Any] = {name: f"[{name}]" for name in TEXTS}
    for name, parts in LISTS.items():
        one: Any = {part: ["[…]"] if part.startswith("cac_") else f"[{part}]" for part in parts}
        sample[name] = [one] if parts else [f"[{name}]"]
    try:
        template = DocxTemplate(BytesIO(content))
        template.render(sample, environment(), autoescape=True)
        template.save(BytesIO())
    except UndefinedError as error:
        found = _MISSING.search(str(error))
        name = next((part for part in found.groups() if part), "") if found else ""
        known = ", ".join(f"{key}: {', '.join(parts)}" for key, parts in LISTS.items() if parts)
        faults.add(_where(paragraphs, name) if name else None, "unknown_part", name=name, known=known)
    except Exception as error:  # noqa: BLE001  whatever a template of somebody else's raises
        faults.add(None, "not_filled", reason=f"{type(error).__name__}: {error}"[:120])


def _where(paragraphs: Sequence[_Paragraph], name: str) -> _Paragraph | None:
    """The first paragraph with a tag that has this name."""
    word = re.compile(rf"\{{[{{%][^}}]*\b{re.escape(name)}\b")
    return next((one for one in paragraphs if word.search(one.text)), None)
