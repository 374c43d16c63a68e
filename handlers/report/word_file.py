"""The text of a Word file (.docx) as Word shows it: bytes go in, lines come out, a row of a table with tabs."""

import io
import zipfile
import zlib
from collections.abc import Iterator
from typing import Any, Final

MOST_UNPACKED: Final = 20 * 1024 * 1024
MOST_ENTRIES: Final = 500
MOST_TAGS: Final = 200_000  # a report of twenty pages full of tables has some 30,000
MOST_COLUMNS: Final = 63  # of a table in Word

# (element of lxml, as python-docx makes them; its stubs do not know all of them)
Element = Any

_W: Final = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_M: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_MC: Final = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
# What stands around other things and is not seen.
_AROUND: Final = frozenset(
    f"{_W}{name}"
    for name in ("sdtContent", "customXml", "smartTag", "ins", "moveTo", "hyperlink", "fldSimple", "bdo", "dir")
)
_TAKEN_OUT: Final = (f"{_W}del", f"{_W}moveFrom")  # tracked changes: a paragraph's end that is no longer there
_PICTURES: Final = tuple(f"{_W}{name}" for name in ("drawing", "pict", "object"))
_MARKS: Final = {
    f"{_W}tab": "\t", f"{_W}ptab": "\t", f"{_W}br": "\n", f"{_W}cr": "\n", f"{_W}noBreakHyphen": "-",
}  # fmt: skip
_RAISED: Final = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


class WordFileRefused(Exception):
    """The bytes are no Word file that can be read. too_large: it would be more than a report ever is."""

    def __init__(self, too_large: bool = False) -> None:
        super().__init__("too large" if too_large else "unreadable")
        self.too_large = too_large


def word_lines(content: bytes) -> list[str]:
    """The lines of the file, every text once; what is deleted, moved away or hidden is left out.

    Raises WordFileRefused. Nothing is unpacked before its announced size is known to be small.
    """
    # Imported here: it takes some 45 ms, and few messages bring a Word file.
    from docx.oxml.exceptions import InvalidXmlError
    from docx.oxml.parser import parse_xml

    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = archive.infolist()
            # The directory's sizes are what a reader would unpack to; a lie in it fails the reading below.
            if len(entries) > MOST_ENTRIES or sum(entry.file_size for entry in entries) > MOST_UNPACKED:
                raise WordFileRefused(too_large=True)
            relations = parse_xml(_part(archive, "_rels/.rels")) if "_rels/.rels" in archive.namelist() else ()
            document = parse_xml(_part(archive, _main(relations)))
            styles = parse_xml(_part(archive, "word/styles.xml")) if "word/styles.xml" in archive.namelist() else None
        body = document.find(f"{_W}body")
        if body is None:
            raise WordFileRefused
        return _Shown(_hidden_styles(styles)).lines(body)
    except (zipfile.BadZipFile, zlib.error, KeyError, RuntimeError, OSError, EOFError, NotImplementedError) as error:
        raise WordFileRefused from error
    except (SyntaxError, InvalidXmlError, ValueError) as error:  # lxml's error for broken XML is a SyntaxError
        raise WordFileRefused from error


def _part(archive: zipfile.ZipFile, name: str) -> bytes:
    with archive.open(name) as part:
        raw = part.read(MOST_UNPACKED + 1)
    plain = raw.replace(b"\0", b"")  # UTF-16
    if len(raw) > MOST_UNPACKED or b"<!DOCTYPE" in plain or b"<!ENTITY" in plain:
        raise WordFileRefused  # Word writes no document type; entities could unfold without end
    if plain.count(b"<") > MOST_TAGS:
        raise WordFileRefused(too_large=True)
    return raw


def _main(relations: Element) -> str:
    """The name of the part with the text; some programs call it otherwise than Word does."""
    for relation in relations:
        if str(relation.get("Type")).endswith("/officeDocument"):
            return str(relation.get("Target")).lstrip("/")
    return "word/document.xml"


def _hidden_styles(styles: Element | None) -> frozenset[str]:
    """The ids of the styles whose text Word does not show."""
    if styles is None:
        return frozenset()
    vanish: dict[str, bool] = {}
    based: dict[str, str] = {}
    for style in styles.iterchildren(f"{_W}style"):
        name = str(style.get(f"{_W}styleId"))
        if (mark := style.find(f"{_W}rPr/{_W}vanish")) is not None:
            vanish[name] = _on(mark)
        elif (base := style.find(f"{_W}basedOn")) is not None:
            based[name] = str(base.get(f"{_W}val"))
    for name in list(based):
        over = name
        for _ in range(len(based)):  # a circle of styles ends here, too
            if over not in based:
                break
            over = based[over]
        vanish.setdefault(name, vanish.get(over, False))
    return frozenset(name for name, hidden in vanish.items() if hidden)


def _on(mark: Element | None) -> bool:
    return mark is not None and mark.get(f"{_W}val", "1") not in ("0", "false", "off")


def _inside(parent: Element) -> Iterator[Element]:
    """The children of an element, those of invisible wrappers in their place. What was taken out stays wrapped."""
    for child in parent:
        if child.tag == f"{_MC}AlternateContent":  # the same for newer and for older programs
            chosen = child.find(f"{_MC}Choice")
            chosen = chosen if chosen is not None else child.find(f"{_MC}Fallback")
            yield from _inside(chosen) if chosen is not None else ()
        elif child.tag == f"{_W}sdt":
            filled = child.find(f"{_W}sdtContent")
            if filled is not None and child.find(f"{_W}sdtPr/{_W}showingPlcHdr") is None:  # "Click to enter text"
                yield from _inside(filled)
        elif child.tag in _AROUND:
            yield from _inside(child)
        else:
            yield child


def _boxes(picture: Element) -> Iterator[Element]:
    """The contents of the text boxes drawn in a picture."""
    for child in _inside(picture):
        if child.tag == f"{_W}txbxContent":
            yield child
        else:
            yield from _boxes(child)


class _Shown:
    """What Word shows of a document's elements. hidden: ids of styles that hide their text."""

    def __init__(self, hidden: frozenset[str]) -> None:
        self._hidden = hidden

    def lines(self, parent: Element) -> list[str]:
        """The lines of a body, a cell or a text box."""
        found: list[str] = []
        begun = ""  # paragraphs whose end was deleted go on in the next one
        for block in _inside(parent):
            if block.tag == f"{_W}tbl":
                found += self._rows(block)
            elif block.tag == f"{_W}p":
                text, boxes = self._paragraph(block)
                begun += text
                if all(block.find(f"{_W}pPr/{_W}rPr/{name}") is None for name in _TAKEN_OUT):
                    found.append(begun)
                    begun = ""
                for box in boxes:
                    found += self.lines(box)
        return [*found, begun] if begun else found

    def _rows(self, table: Element) -> list[str]:
        """A line for each row, its cells where the table's grid has them; tables in cells stand below their row."""
        found: list[str] = []
        for row in _inside(table):
            if (
                row.tag != f"{_W}tr"
                or _on(row.find(f"{_W}trPr/{_W}hidden"))
                or row.find(f"{_W}trPr/{_W}del") is not None
            ):
                continue
            cells = [""] * min(row.grid_before, MOST_COLUMNS)
            inner: list[str] = []
            for cell in _inside(row):
                if cell.tag != f"{_W}tc":
                    continue
                text, below = ("", []) if cell.vMerge == "continue" else self._cell(cell)
                cells += [text, *[""] * (min(cell.grid_span, MOST_COLUMNS) - 1)]
                inner += below
            line = "\t".join(cells)
            found += [line, *inner] if line.strip("\t") or not inner else inner
        return found

    def _cell(self, cell: Element) -> tuple[str, list[str]]:
        """The text of a cell in one line, and the rows of the tables in it."""
        texts: list[str] = []
        below: list[str] = []
        for block in _inside(cell):
            if block.tag == f"{_W}tbl":
                below += self._rows(block)
            elif block.tag == f"{_W}p":
                text, boxes = self._paragraph(block)
                texts.append(text)
                for box in boxes:
                    texts += self.lines(box)
        return " ".join(" ".join(texts).split()), below

    def _paragraph(self, paragraph: Element) -> tuple[str, list[Element]]:
        """The text of a paragraph and the contents of the text boxes that hang on it."""
        text = ""
        boxes: list[Element] = []
        style = paragraph.find(f"{_W}pPr/{_W}pStyle")
        hidden = style is not None and style.get(f"{_W}val") in self._hidden
        for child in _inside(paragraph):
            if child.tag == f"{_W}r":
                if self._is_hidden(child, hidden):
                    continue
                written = ""
                for piece in _inside(child):
                    if piece.tag == f"{_W}t":
                        written += piece.text or ""
                    elif piece.tag in _PICTURES:
                        boxes += _boxes(piece)
                    else:
                        written += _MARKS.get(piece.tag, "")
                text += _beside(text, written) if _is_raised(child) else written
            elif child.tag in (f"{_M}oMath", f"{_M}oMathPara"):
                text += _formula(child)
        return text, boxes

    def _is_hidden(self, run: Element, hidden: bool) -> bool:
        mark, style = run.find(f"{_W}rPr/{_W}vanish"), run.find(f"{_W}rPr/{_W}rStyle")
        if mark is not None:
            return _on(mark)
        return hidden or (style is not None and style.get(f"{_W}val") in self._hidden)


def _is_raised(run: Element) -> bool:
    mark = run.find(f"{_W}rPr/{_W}vertAlign")
    return mark is not None and mark.get(f"{_W}val") in ("superscript", "subscript")


def _beside(text: str, written: str) -> str:
    """What is set higher or lower, so that it is never part of the number before: "m²", but "150*" for a footnote."""
    if not any(char.isdigit() for char in written):
        return written
    if text[-1:].isalpha():
        return written.translate(_RAISED)
    return "*"


def _formula(formula: Element) -> str:
    """The signs of a formula in a line."""
    text = ""
    for piece in formula.iter(f"{_M}t"):
        raised = any(above.tag in (f"{_M}sup", f"{_M}sub") for above in piece.iterancestors())
        text += _beside(text, piece.text or "") if raised else piece.text or ""
    return text
