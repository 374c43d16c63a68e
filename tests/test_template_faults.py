"""An office's Word template: every fault named with its paragraph, and an unsound one never used."""

import io
import json
from pathlib import Path

import pytest
from docx import Document
from pack_province import load_pack, pack_of
from test_meeting_packs import office
from test_pack import docx_text
from two_clusters import WORDING, at, load

from bot.cli.main import cli
from bot.pack.making import pack_files
from bot.pack.template import builtin_template
from bot.pack.template_faults import LISTS, TEXTS, template_faults
from bot.pack.template_watch import TemplateWatch
from bot.settings import Settings
from handlers.leaders.pack_desk import REPORT
from storage.database import Database

MUC = "{%p for muc in cac_muc %}"


def template(*lines: str, version: bool = True) -> bytes:
    """A template with these paragraphs."""
    document = Document()
    for line in (*lines, *(["Phiên bản {{ phien_ban }}"] if version else [])):
        document.add_paragraph(line)
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def test_the_built_in_template_is_sound_and_uses_every_name_that_is_told() -> None:
    content = builtin_template(WORDING)
    assert template_faults(WORDING, content) == []
    text = "\n".join(docx_text(content))
    unused = {name for name in (*TEXTS, *LISTS) if name not in text}
    assert unused == {"ky_toi", "pham_vi"}  # for an office's own titles


def test_an_office_may_move_drop_and_restyle_the_tags() -> None:
    sound = template(
        "BÁO CÁO {{ ky }} của “{{ pham_vi }}”, kỳ tới {{ ky_toi }}",
        "{%p if cap_tren %}", "{{ cap_tren }}", "{%p else %}", "không", "{%p endif %}",
        MUC, "{{ muc.ten }}: {% for cau in muc.cac_cau %}{{ cau }} {% endfor %}", "{%p endfor %}",
        "{{ trich_yeu | upper }}", "{% if so_sanh == “x” %}a{% endif %}",
    )  # fmt: skip
    assert template_faults(WORDING, sound) == []


@pytest.mark.parametrize(
    ("lines", "fault"),
    [
        (["{{ ky", "b"], "Đoạn 1 (“{{ ky”): thẻ {{ thiếu }}."),
        (["a", "ky }}"], "Đoạn 2 (“ky }}”): thừa }}, hoặc thiếu phần mở thẻ ở trước."),
        (["{{ ky %}"], "Đoạn 1 (“{{ ky %}”): thừa %}, hoặc thiếu phần mở thẻ ở trước."),
        (["{{ co_quann }}"], "không có tên “co_quann”"),
        (["x", MUC, "{{ muc.tenn }}", "{%p endfor %}"], "Đoạn 3 (“{{ muc.tenn }}”): không có phần “tenn”"),
        ([MUC, "a"], f"Đoạn 1 (“{MUC}”): có for nhưng không có endfor ở sau."),
        (["a", "{%p endfor %}"], "Đoạn 2 (“{%p endfor %}”): có endfor nhưng không có for ở trước."),
        (["{%p if ky %}", "{%p endfor %}"], "có endfor nhưng không có for ở trước."),
        (["xin chào {%p for muc in cac_muc %}", "{%p endfor %}"], "phải đứng một mình trong đoạn."),
        (["{% fro muc in cac_muc %}"], "không có lệnh “fro”"),
        (["{{ ky + }}"], "không đọc được thẻ {{ky + }}."),
        (["{% for in cac_muc %}{% endfor %}"], "không đọc được thẻ {% for in cac_muc %}."),
        (["{{ ky.__class__.__mro__ }}"], "Không điền được mẫu"),
        (["{{ ky / 0 }}"], "Không điền được mẫu"),
    ],
)  # fmt: skip
def test_a_fault_is_told_with_its_paragraph(lines: list[str], fault: str) -> None:
    [told] = template_faults(WORDING, template(*lines))[:1]
    assert fault in told


def test_every_fault_is_told_at_once() -> None:
    told = template_faults(WORDING, template("{{ ky", "x }}", "{% if"))
    assert [line.split(" ")[1] for line in told] == ["1", "2", "3"]


def test_a_template_without_the_version_is_refused() -> None:
    [told] = template_faults(WORDING, template("{{ ky }}", version=False))
    assert "phien_ban" in told


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 no zip", "chữ".encode(), b"x" * 6_000_000])
def test_what_is_no_word_file_is_told_so(content: bytes) -> None:
    [told] = template_faults(WORDING, content)
    assert told.startswith("Tệp không phải tệp Word")


@pytest.mark.parametrize("engine", ["sqlite"])
async def test_an_unsound_template_is_not_used_and_its_faults_are_told(database: Database) -> None:
    await load_pack(database)
    pack = await pack_of(database)
    made = pack_files(WORDING, pack, template("{{ ky"))
    assert made.faults == ("Đoạn 1 (“{{ ky”): thẻ {{ thiếu }}.",)
    assert "ĐOÀN TNCS HỒ CHÍ MINH" in docx_text(made.files[REPORT])
    own = pack_files(WORDING, pack, template("Riêng của {{ pham_vi }}"))
    assert own.faults == ()
    assert docx_text(own.files[REPORT])[:2] == [f"Riêng của {pack.area.name}", f"Phiên bản {pack.version}"]


@pytest.mark.parametrize("engine", ["sqlite"])
async def test_the_office_is_told_once_of_each_state_of_the_file_that_is_not_sound(
    database: Database, tmp_path: Path
) -> None:
    await load(database)
    await office(database)
    file = tmp_path / "mau.docx"
    settings = Settings(_env_file=None, giaoban_pack_template=file)

    async def heard(day: str, time: str = "09:00") -> list[str]:
        """By the job of a process that has just started, and asks twice."""
        job = TemplateWatch(database, settings, WORDING, ("local",))
        for _ in range(2):
            await job.tick(at(day, time))
        rows = await database.read("select body from outbox where dedupe_key like 'template:%' order by id")
        return [json.loads(row[0])["text"] for row in rows]

    file.write_bytes(template("{{ tien_do }}"))
    assert await heard("2026-04-01") == []
    file.write_bytes(template("{{ tien_do"))
    assert await heard("2026-04-02", "22:00") == []  # nobody is woken
    [told] = await heard("2026-04-02")
    assert "mau.docx" in told
    assert "Đoạn 1" in told
    assert len(await heard("2026-04-03")) == 1
    file.unlink()
    assert len(await heard("2026-04-04")) == 2


def test_the_commands_write_the_template_and_check_an_edited_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "mau.docx"
    cli(["template", str(file)], standalone_mode=False)
    cli(["template-check", str(file)], standalone_mode=False)
    assert capsys.readouterr().out == "Mẫu dùng được, không có lỗi.\n"
    file.write_bytes(template("{{ ky", "{{ la }}"))
    with pytest.raises(Exception, match="1 lỗi"):
        cli(["template-check", str(file)], standalone_mode=False)
    assert "Đoạn 1" in capsys.readouterr().out
    with pytest.raises(Exception, match="không đọc được"):
        cli(["template-check", str(tmp_path / "none.docx")], standalone_mode=False)
