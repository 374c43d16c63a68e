"""The commands: help, exit codes, one line of error, and the shapes of what they print."""

import gc
import io
import json
import logging
import os
import re
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import structlog
import typer
from process import ROOT

from bot.channels.open import settings_class
from bot.cli.main import cli, main
from bot.cli.told import key_of
from handlers.access.codes import typed_code
from handlers.wording.speech import Wording
from storage.engine.sqlite_files import RunnerLock
from storage.engine.steps import steps

COMMANDS = [
    "run", "demo", "chat", "units", "template", "import", "invite", "codes", "people", "export", "migrate",
    "check", "read", "pack", "template-check",
]  # fmt: skip


WORDING = Wording.vietnamese()
VIETNAMESE = re.compile("[À-ỹ]")  # letters that no English line has


class Ran:
    """How a command ended, called in this process as the console script calls it."""

    def __init__(self, code: int, out: str, err: str) -> None:
        self.code, self.out, self.err = code, out, err

    def __repr__(self) -> str:
        return f"exit {self.code}\nout: {self.out[-2000:]}\nerr: {self.err[-2000:]}"

    def good(self) -> str:
        """What it printed; it has to have worked without a word on standard error."""
        assert (self.code, self.err) == (0, ""), self
        return self.out

    def failed(self, named: str, code: int = 1) -> None:
        """It has to have failed with one line that names this."""
        assert self.code == code, self
        assert named in self.err, self
        assert len(self.err.splitlines()) == 1, self
        assert self.err.startswith("giaoban: ")


Giaoban = Callable[..., Ran]


@pytest.fixture(scope="session")
def province(demo_province: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo province in a file that commands only read."""
    return Path(shutil.copy(demo_province, tmp_path_factory.mktemp("read")))


@pytest.fixture
def giaoban(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Iterator[Giaoban]:
    """Calls a command in an empty folder without any setting but the database's."""
    monkeypatch.chdir(tmp_path)
    for name in settings_class().model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
        monkeypatch.delenv(f"{name.upper()}_FILE", raising=False)
    monkeypatch.setenv("GIAOBAN_DATABASE_URL", "sqlite:///giaoban.db")
    root = logging.getLogger()
    handlers, level, often = root.handlers, root.level, gc.get_threshold()

    def call(*words: str, stdin: str | bytes = "") -> Ran:
        monkeypatch.setattr(sys, "argv", ["giaoban", *words])
        content = stdin if isinstance(stdin, bytes) else stdin.encode()
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(content), "utf-8"))
        capsys.readouterr()
        with pytest.raises(SystemExit) as leaving:
            main()
        out, err = capsys.readouterr()
        assert isinstance(leaving.value.code, int)
        return Ran(leaving.value.code, out, err)

    yield call
    gc.unfreeze()
    gc.set_threshold(*often)
    gc.enable()
    structlog.reset_defaults()
    root.handlers = handlers
    root.setLevel(level)


@pytest.fixture
def loaded(giaoban: Giaoban, province: Path, tmp_path: Path) -> Giaoban:
    """The same with the demo province as its database."""
    shutil.copyfile(province, tmp_path / "giaoban.db")
    return giaoban


# --- help and wrong usage ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself(giaoban: Giaoban, command: str) -> None:
    out = giaoban(command, "--help").good()
    assert out.startswith(f"Cách dùng: giaoban {command}")
    assert "Traceback" not in out


def test_every_command_option_and_argument_is_told_in_vietnamese_and_nothing_else_is() -> None:
    wanted = set()

    def walk(command: Any, path: str) -> None:
        wanted.add(f"does.{key_of(path)}")
        for param in command.params:
            own = f"option.{key_of(path)}_{param.name}"
            wanted.add(own if WORDING.has(own) else f"option.{param.name}")
        for name, one in getattr(command, "commands", {}).items():
            walk(one, f"{path} {name}")

    walk(typer.main.get_command(cli), "giaoban")
    assert wanted | {"option.help"} == {key for key in WORDING.texts if key.startswith(("does.", "option."))}


@pytest.mark.parametrize("words", [[], ["--help"]])
def test_giaoban_alone_lists_the_commands(giaoban: Giaoban, words: list[str]) -> None:
    out = giaoban(*words).good()
    assert [command for command in COMMANDS if f"\n  {command}" not in out] == []


@pytest.mark.parametrize(
    ("words", "named"),
    [
        (["bogus"], "bogus"),
        (["units", "--bogus"], "--bogus"),
        (["units", "more"], "more"),
        (["units", "--json=3"], "--json"),
        (["unit"], "merge, split"),
        (["unit", "ad"], "có thể là add"),
        (["calendar", "set", "slots"], "GIÁ_TRỊ"),
        (["import", "x.xlsx", "--on", "2026-99-99"], "--on 2026-99-99"),
        (["import", "x.xlsx", "--on"], "--on"),
        (["run", "--role", "captain"], "--role"),
        (["demo", "--port", "99999"], "--port"),
        (["demo", "--port", "http"], "--port"),
        (["invite"], "--role"),
        (["invite", "--role", "king", "--unit", "DX0101"], "king"),
        (["invite", "--role", "secretary"], "--unit"),
        (["invite", "--role", "secretary", "--cluster", "C1"], "--unit"),
        (["invite", "--role", "secretary", "--unit", "DX0101", "--cluster", "C1"], "--unit"),
        (["invite", "--role", "group"], "--cluster"),
        (["invite", "--role", "chair", "--unit", "DX0101"], "--cluster"),
        (["invite", "--role", "secretary", "--unit", "DX0101", "--days", "0"], "--days"),
        (["invite", "--role", "group", "--cluster", "C1", "--replace"], "--replace"),
        (["codes", "--cluster", "C1"], "--docx"),
        (["codes", "--cluster", "C1", "--docx", "a.docx", "--xlsx", "a.xlsx"], "--docx"),
        (["codes", "--docx", "a.docx"], "--province"),
        (["codes", "--cluster", "C1", "--province", "--docx", "a.docx"], "--province"),
        (["codes", "--cluster", "C1", "--docx", "a.docx", "--role", "group"], "--role group"),
        (["codes", "--cluster", "C1", "--docx", "a.docx", "--days", "91"], "--days"),
        (["export"], "--json"),
        (["export", "--json", "--xlsx", "x.xlsx"], "--json"),
        (["export", "--xlsx"], "TỆP"),
        (["read", "--level", "xa"], "--level"),
    ],
)
def test_a_wrong_call_is_exit_2_and_one_line(loaded: Giaoban, words: list[str], named: str) -> None:
    ended = loaded(*words)
    ended.failed(named, code=2)
    assert VIETNAMESE.search(ended.err), ended


@pytest.mark.parametrize("command", [["units"], ["invite", "--unit", "X", "--role", "secretary"], ["export", "--json"]])
def test_a_command_without_its_database_says_so_and_makes_none(
    giaoban: Giaoban, command: list[str], tmp_path: Path
) -> None:
    giaoban(*command).failed("giaoban migrate")
    assert list(tmp_path.iterdir()) == []


def test_a_newcomer_who_has_only_the_demo_is_told_where_it_is(
    giaoban: Giaoban, province: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "data" / "demo").mkdir(parents=True)
    shutil.copyfile(province, tmp_path / "data" / "demo" / "giaoban.db")
    told = giaoban("export", "--json")
    told.failed("sqlite:///data/demo/giaoban.db")
    monkeypatch.setenv("GIAOBAN_DATABASE_URL", told.err.split()[-1])
    assert giaoban("export", "--json").code == 0


def test_a_second_demo_in_one_folder_is_told_of_the_other_folder_it_may_take(giaoban: Giaoban, tmp_path: Path) -> None:
    (tmp_path / "demo").mkdir()
    lock = RunnerLock(str(tmp_path / "demo" / "giaoban.db"))
    try:
        giaoban("demo", "--data", "demo", "--port", "0").failed("--data")
    finally:
        lock.release()


def test_a_wrong_setting_is_one_line_for_every_command(loaded: Giaoban, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIAOBAN_LOG_LEVEL", "loud")
    for command in ("units", "migrate", "check", "run", "demo", "read"):
        loaded(command).failed("GIAOBAN_LOG_LEVEL")


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("TELEGRAM_BOT_TOKEN", "abc"),
        ("TELEGRAM_BOT_TOKEN", "700001:with space"),
        ("TELEGRAM_BOT_TOKEN_FILE", "/nowhere/token"),
        ("TELEGRAM_BOT_TOKEN_FILE", "/dev/null"),
        ("TELEGRAM_BOT_TOKEN_FILE", "."),
        ("TELEGRAM_API_URL", "api.telegram.org"),
        ("TELEGRAM_MODE", "push"),
        ("TELEGRAM_WEBHOOK_SECRET", "bí mật"),
        ("GIAOBAN_BIND", "8080"),
        ("GIAOBAN_BIND", "127.0.0.1:http"),
        ("GIAOBAN_BIND", "127.0.0.1:65536"),
        ("GIAOBAN_TIMEZONE", "Mars/Olympus"),
        ("GIAOBAN_TIMEZONE", "Asia/Tokyo"),
        ("GIAOBAN_TIMEZONE", "Asia"),
        ("GIAOBAN_DATABASE_URL", "mysql://office"),
        ("GIAOBAN_DATABASE_URL", "sqlite:///"),
        ("GIAOBAN_PUBLIC_URL", "bot.example.vn"),
        ("GIAOBAN_LOG", "xml"),
        ("GIAOBAN_SEND_PER_SECOND", "0"),
        ("GIAOBAN_SEND_CHAT_SECONDS", "soon"),
        ("GIAOBAN_SEND_GROUP_PER_MINUTE", "-1"),
    ],
)
def test_a_setting_that_cannot_be_is_named(
    loaded: Giaoban, monkeypatch: pytest.MonkeyPatch, setting: str, value: str
) -> None:
    monkeypatch.setenv(setting, value)
    loaded("run").failed(f"giaoban: {setting}: ")


@pytest.mark.parametrize(
    ("public_url", "secret", "named"),
    [("https://bot.example.vn", "", "TELEGRAM_WEBHOOK_SECRET"), ("http://bot.example.vn", "s", "GIAOBAN_PUBLIC_URL")],
)
def test_a_webhook_needs_a_secret_and_an_https_address(
    loaded: Giaoban, monkeypatch: pytest.MonkeyPatch, public_url: str, secret: str, named: str
) -> None:
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN", "7000001:made-up")
    monkeypatch.setenv("TELEGRAM_MODE", "webhook")
    monkeypatch.setenv("GIAOBAN_PUBLIC_URL", public_url)
    monkeypatch.setenv("TELEGRAM_WEBHOOK_SECRET", secret)
    loaded("run").failed(named)


def test_a_settings_file_that_is_no_text_is_named(loaded: Giaoban, tmp_path: Path) -> None:
    (tmp_path / ".env").write_bytes(b"TELEGRAM_BOT_TOKEN=\xff\xfe\n")
    loaded("units").failed(".env: ")


def test_settings_come_from_the_file_and_the_environment_goes_first(
    giaoban: Giaoban, province: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("GIAOBAN_DATABASE_URL")
    (tmp_path / ".env").write_text(f"GIAOBAN_DATABASE_URL=sqlite:///{province}\nGIAOBAN_CATALOGUE=\n")
    giaoban("units").good()
    monkeypatch.setenv("GIAOBAN_DATABASE_URL", "sqlite:///other.db")
    giaoban("units").failed("other.db")
    (tmp_path / "url").write_text(f"sqlite:///{province}\n")
    monkeypatch.setenv("GIAOBAN_DATABASE_URL_FILE", "url")
    giaoban("units").good()


def test_the_example_settings_list_every_setting_once_with_its_default(monkeypatch: pytest.MonkeyPatch) -> None:
    kind = settings_class()
    for name in kind.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    example = ROOT / ".env.example"
    names = re.findall(r"^([A-Z_]+)=", example.read_text("utf-8"), re.MULTILINE)
    assert names == [name.upper() for name in kind.model_fields]
    assert kind(_env_file=example) == kind(_env_file=None)


@pytest.mark.parametrize("words", [["units", "--json"], ["check"]])
def test_an_output_that_is_closed_early_is_no_failure_to_speak_of(province: Path, words: list[str]) -> None:
    command = [sys.executable, "-m", "bot", *words]
    environment = {
        **os.environ,
        "PYTHONUNBUFFERED": "",
        "GIAOBAN_DATABASE_URL": f"sqlite:///{province}",
        "PYTHONPATH": str(ROOT),
    }
    reading, writing = os.pipe()
    os.close(reading)
    ended = subprocess.run(
        command, cwd=province.parent, env=environment, stdout=writing, stderr=subprocess.PIPE, timeout=30, check=False
    )
    os.close(writing)
    assert (ended.returncode, ended.stderr) == (1, b"")


def test_an_output_that_cannot_be_written_is_told(province: Path) -> None:
    command = [sys.executable, "-m", "bot", "check"]
    environment = {
        **os.environ,
        "PYTHONUNBUFFERED": "",
        "GIAOBAN_DATABASE_URL": f"sqlite:///{province}",
        "PYTHONPATH": str(ROOT),
    }
    with open("/dev/full", "w") as full:
        ended = subprocess.run(
            command, cwd=province.parent, env=environment, stdout=full, stderr=subprocess.PIPE, timeout=30, check=False
        )
    assert (ended.returncode, ended.stderr) == (1, "giaoban: ổ đĩa hết chỗ\n".encode())


# --- units, invite -----------------------------------------------------------------------------------------------


def test_units_prints_code_name_level_parent_and_cluster(loaded: Giaoban) -> None:
    rows = json.loads(loaded("units", "--json").good())
    assert all(set(row) == {"code", "name", "level", "parent", "cluster"} for row in rows)
    assert {row["level"] for row in rows} == {"tinh_doan", "doan_co_so", "chi_doan"}
    assert len({row["code"] for row in rows}) == len(rows) == 61
    lines = loaded("units").good().splitlines()
    assert [line.split("\t")[0] for line in lines] == [row["code"] for row in rows]


def test_invite_prints_a_code_and_stores_only_its_hash(loaded: Giaoban, tmp_path: Path) -> None:
    (code,) = loaded("invite", "--unit", "CD010101", "--role", "secretary").good().splitlines()
    assert typed_code(code)
    assert code.replace("-", "").encode() not in (tmp_path / "giaoban.db").read_bytes()


@pytest.mark.parametrize(
    ("words", "named"),
    [
        (["--unit", "DX9999", "--role", "secretary"], "--unit DX9999"),
        (["--cluster", "C9", "--role", "group"], "--cluster C9"),
        (["--unit", "DX0101", "--role", "secretary", "--qr", "x.png"], "TELEGRAM_BOT_TOKEN"),
    ],
)
def test_invite_for_what_does_not_exist_is_refused_and_issues_nothing(
    loaded: Giaoban, words: list[str], named: str
) -> None:
    ended = loaded("invite", *words)
    ended.failed(named)
    assert ended.out == ""


def test_invite_with_an_unreachable_telegram_still_gives_the_code(
    loaded: Giaoban, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN", "7000001:made-up")
    monkeypatch.setenv("TELEGRAM_API_URL", "http://127.0.0.1:1")
    words = ["invite", "--unit", "CD010101", "--role", "secretary"]
    ended = loaded(*words)
    assert (ended.code, len(ended.err.splitlines())) == (0, 1)
    assert "TELEGRAM_API_URL" in ended.err
    assert typed_code(ended.out.strip())
    ended = loaded(*words, "--qr", "x.png")
    ended.failed("TELEGRAM_API_URL")
    assert typed_code(ended.out.strip())


@pytest.mark.parametrize(("role", "unit"), [("office", "CD010101"), ("leader", "CD010101"), ("department", "DX0101")])
def test_a_role_that_no_unit_of_that_level_has_is_refused_in_one_line(loaded: Giaoban, role: str, unit: str) -> None:
    ended = loaded("invite", "--unit", unit, "--role", role)
    ended.failed(f"--role {role}: đơn vị")
    assert ended.out == ""


def _invites(folder: Path) -> list[tuple[Any, ...]]:
    """(role, unit, replaces, withdrawn) of every invite, the oldest first."""
    with closing(sqlite3.connect(folder / "giaoban.db")) as connection:
        return connection.execute(
            "select i.role, u.code, i.replaces, i.withdrawn_at is not null from invite i"
            " join unit u on u.id = i.unit_id order by i.created_at, u.code"
        ).fetchall()


def test_a_secretarys_code_replaces_and_ends_the_one_before_and_a_deputys_adds(loaded: Giaoban, tmp_path: Path) -> None:
    known = len(_invites(tmp_path))
    for words in (["secretary"], ["secretary", "--no-replace"], ["deputy"], ["deputy"], ["secretary"]):
        loaded("invite", "--unit", "CD010101", "--role", *words).good()
    assert [(role, replaces, ended) for role, _, replaces, ended in _invites(tmp_path)[known:]] == [
        ("secretary", 1, 1), ("secretary", 0, 1), ("deputy", 0, 0), ("deputy", 0, 0), ("secretary", 1, 0),
    ]  # fmt: skip


def test_a_template_is_written_filled_in_and_imported(loaded: Giaoban, tmp_path: Path) -> None:
    loaded("template", "don-vi.xlsx").good()
    assert loaded("import", "don-vi.xlsx").good() == "Không có gì thay đổi.\n"
    loaded("template", "dang-co.xlsx", "--filled").good()
    assert loaded("import", "dang-co.xlsx", "--dry-run").good().startswith("Không có gì thay đổi.\n")
    book = openpyxl.load_workbook(tmp_path / "dang-co.xlsx")
    book["Đơn vị"]["B4"] = "Đoàn xã Tên Mới"
    book.save(tmp_path / "moi.xlsx")
    assert "→ “Đoàn xã Tên Mới”" in loaded("import", "moi.xlsx").good()
    assert "\tĐoàn xã Tên Mới\t" in loaded("units").good()


def test_an_import_that_fails_names_the_file_and_ends_with_one(loaded: Giaoban, tmp_path: Path) -> None:
    loaded("import", "khong-co.xlsx").failed("khong-co.xlsx: không có tệp này.")
    (tmp_path / "x.xlsx").write_text("mã;tên")
    loaded("import", "x.xlsx").failed("x.xlsx: không phải bảng tính .xlsx")
    loaded("import", "x.xlsx", "--on", "2999-01-01").failed("--on", code=2)
    loaded("import", "x.xlsx", "--on", "hôm qua").failed("--on", code=2)
    loaded("template", "khong-co/x.xlsx").failed("khong-co")


def test_codes_prints_a_card_for_every_unit_without_a_secretary(loaded: Giaoban, tmp_path: Path) -> None:
    from docx import Document

    # The demo's newcomer of the cluster is the one unit without; the code she was given before ends.
    assert loaded("codes", "--cluster", "C1", "--docx", "ma.docx").good().splitlines() == [
        "1 mã của 1 cụm: ma.docx", "1 mã cũ chưa dùng hết giá trị: phiếu đã in không dùng được nữa"
    ]  # fmt: skip
    document = Document(str(tmp_path / "ma.docx"))
    assert document.paragraphs[0].text.startswith("Cụm thi đua số 1: 1 mã đăng ký Bí thư.")
    (text, *_) = (cell.text.splitlines() for cell in document.tables[0].rows[0].cells)
    assert text[0].startswith("Chi đoàn")
    assert typed_code(text[2])
    assert not any("Zalo" in line for line in text)
    assert text[2].replace("-", "").encode() not in (tmp_path / "giaoban.db").read_bytes()
    (old, new) = [row for row in _invites(tmp_path) if row[1] == _invites(tmp_path)[-1][1]]
    assert (old[3], new[2:]) == (1, (1, 0))
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".ma")] == []


def test_codes_lists_the_whole_province_in_a_spreadsheet(loaded: Giaoban, tmp_path: Path) -> None:
    out = loaded("codes", "--province", "--all", "--role", "deputy", "--xlsx", "ma.xlsx", "--days", "10").good()
    assert out == "60 mã của 4 cụm: ma.xlsx\n"
    before = _invites(tmp_path)
    deputies = ("codes", "--cluster", "C1", "--role", "deputy", "--docx", "ma.docx")
    assert loaded(*deputies).good().endswith("đều có mã còn hạn; cấp lại: --renew\n")
    assert _invites(tmp_path) == before
    again = loaded(*deputies, "--renew").good().splitlines()
    count = again[0].partition(" ")[0]
    assert again[1:] == [f"{count} mã cũ chưa dùng hết giá trị: phiếu đã in không dùng được nữa"]
    rows = list(openpyxl.load_workbook(tmp_path / "ma.xlsx").active.iter_rows(values_only=True))
    assert rows[0][6] == "Mã đăng ký"
    assert len({row[6] for row in rows[1:]}) == 60
    assert all(typed_code(row[6]) and row[4] == "Phó Bí thư" for row in rows[1:])


def test_named_people_are_listed_and_have_their_codes_in_bulk(loaded: Giaoban, tmp_path: Path) -> None:
    assert {entry["state"] for entry in json.loads(loaded("people", "--json").good())} == {"enrolled"}
    with closing(sqlite3.connect(tmp_path / "giaoban.db")) as connection, connection:
        connection.executescript(
            "insert into post (id, role, cluster_id, name, title, valid_from_on) select 901, 'chair', id, 'Lê Thái',"
            " 'Phó Bí thư', '2020-01-01' from cluster where code = 'C1';"
            "insert into post (id, role, unit_id, name, title, valid_from_on) select 902, 'leader', id, 'Lê Hà',"
            " 'Bí thư', '2020-01-01' from unit where level = 'tinh_doan';"
            "insert into post (id, role, unit_id, name, title, valid_from_on) select 903, 'leader', id, 'Lê Mai',"
            " 'Phó Bí thư', '2020-01-01' from unit where level = 'tinh_doan';"
        )
    awaited = json.loads(loaded("people", "--json", "--only", "awaited").good())
    assert [(entry["role"], entry["name"], entry["linked"]) for entry in awaited] == [
        ("chair", "Lê Thái", False), ("leader", "Lê Hà", False), ("leader", "Lê Mai", False)
    ]  # fmt: skip
    unit = awaited[1]["unit"]
    loaded("invite", "--unit", unit, "--role", "leader").failed("--for TÊN")
    loaded("invite", "--unit", unit, "--role", "leader", "--for", "Le Ha").good()
    out = loaded("codes", "--province", "--role", "leader", "--xlsx", "ma.xlsx").good().splitlines()
    assert out == ["1 mã: ma.xlsx", "1 mã cấp trước còn hạn nên không cấp lại; cấp lại: --renew"]
    rows = list(openpyxl.load_workbook(tmp_path / "ma.xlsx").active.iter_rows(values_only=True))
    assert [row[5] for row in rows[1:]] == ["Lê Mai"]
    # No deputy is named, so that nobody gets a deputy's code.
    out = loaded("codes", "--cluster", "C1", "--role", "all", "--docx", "ma.docx").good()
    assert out.splitlines()[0] == "2 mã của 1 cụm: ma.docx"  # the chair and one secretary
    planned = loaded("plan", "--from", "2030-04-01", "--to", "2030-04-01")
    assert "chưa có trong lịch dưới đây: 1 chủ trì C1; 2 lãnh đạo." in planned.err
    lines = loaded("people", "--only", "awaited").good().splitlines()
    assert len([line for line in lines if line.split("\t")[-1].startswith("20")]) == 3
    loaded("people", "--only", "nobody").failed("--only nobody", code=2)
    # The chair who enrolled under a name of the channel is the one that is awaited.
    loaded("people", "--link", "Lê Thái", "--to", "Ai đó").failed("--link Lê Thái: không có ai tên ấy")
    assert loaded("people", "--link", "Thái").good().endswith(" là Lê Thái, Phó Bí thư\n")
    assert not [line for line in loaded("people", "--only", "awaited").good().splitlines() if "Lê Thái" in line]


def test_a_sheet_that_cannot_be_written_leaves_no_code_good(loaded: Giaoban, tmp_path: Path) -> None:
    before = _invites(tmp_path)
    loaded("codes", "--cluster", "C1", "--docx", "nowhere/ma.docx").failed("nowhere")
    loaded("codes", "--cluster", "C9", "--docx", "ma.docx").failed("--cluster C9")
    assert _invites(tmp_path) == before


def test_codes_that_could_not_be_stored_leave_no_sheet(
    loaded: Giaoban, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("handlers.access.issuing.fresh_id", lambda: 7)  # the second code of the same id is refused
    (tmp_path / "ma.docx").write_bytes(b"the sheet before")
    before = _invites(tmp_path)
    ended = loaded("codes", "--province", "--all", "--docx", "ma.docx")
    assert ended.code == 1
    assert _invites(tmp_path) == before
    assert (tmp_path / "ma.docx").read_bytes() == b"the sheet before"
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".ma")] == []


def test_a_sheet_that_does_not_get_its_name_is_kept_and_named(
    loaded: Giaoban, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: object) -> None:
        raise OSError(13, "Permission denied")

    monkeypatch.setattr("bot.commands.codes.os.replace", refused)
    loaded("codes", "--cluster", "C1", "--docx", "ma.docx").failed("các mã dùng được và nằm trong")
    assert len([path for path in tmp_path.iterdir() if path.name.startswith(".ma.docx.")]) == 1


def test_with_everybody_enrolled_no_code_is_issued(loaded: Giaoban, tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "giaoban.db")) as connection, connection:
        person = connection.execute("select person_id from account limit 1").fetchone()[0]
        connection.execute(
            "insert into role (id, person_id, role, title, unit_id, valid_from_on)"
            " select 900000 + id, ?, 'secretary', '', id, '2020-01-01' from unit",
            (person,),
        )
    assert loaded("codes", "--province", "--docx", "ma.docx").good().startswith("0 mã: cả 60 chỗ")
    assert not (tmp_path / "ma.docx").exists()


# --- export ------------------------------------------------------------------------------------------------------


def test_export_prints_the_open_period_in_the_contracts_shape(loaded: Giaoban) -> None:
    exported = json.loads(loaded("export", "--json").good())
    assert set(exported) == {"period", "estimated", "submissions"}
    assert exported["estimated"] is False
    assert exported["period"] == "2026-Q1"
    states = {entry["state"] for entry in exported["submissions"]}
    assert states == {"draft", "submitted", "returned"}
    for entry in exported["submissions"]:
        assert set(entry) - {"photos"} == {"unit", "state", "submitted_at", "confirmed_at", "values"}
        assert (entry["submitted_at"] is None) == (entry["state"] == "draft")
        back = {"given_back"} if entry["state"] == "returned" else set()
        assert all(set(value) - back == {"value", "approx", "source"} for value in entry["values"].values())


def test_export_takes_a_period_a_cluster_and_a_file(loaded: Giaoban, tmp_path: Path) -> None:
    assert loaded("export", "--json", "before.json", "--period", "2025-Q4", "--cluster", "C1").good() == ""
    exported = json.loads((tmp_path / "before.json").read_text("utf-8"))
    assert exported["period"] == "2025-Q4"
    assert {entry["state"] for entry in exported["submissions"]} == {"accepted"}
    assert len(exported["submissions"]) == 15
    loaded("export", "--xlsx", "book.xlsx").good()
    assert len(openpyxl.load_workbook(tmp_path / "book.xlsx").sheetnames) >= 2


@pytest.mark.parametrize(
    ("words", "named"),
    [
        (["--json", "--period", "2020-Q1"], "--period 2020-Q1"),
        (["--json", "--period", "next"], "next"),
        (["--json", "--cluster", "C9"], "--cluster C9"),
        (["--json", "nowhere/x.json"], "nowhere"),
        (["--xlsx", "nowhere/x.xlsx"], "nowhere"),
    ],
)
def test_an_export_that_cannot_be_made_says_why(loaded: Giaoban, words: list[str], named: str) -> None:
    loaded("export", *words).failed(named)


# --- migrate, check ----------------------------------------------------------------------------------------------


def test_migrate_names_what_it_does_and_does_it_once(giaoban: Giaoban) -> None:
    assert giaoban("migrate").good().splitlines() == [step.name for step in steps()]
    assert giaoban("migrate").good() == "đã ở phiên bản này\n"


def test_check_is_content_with_a_migrated_database(giaoban: Giaoban) -> None:
    giaoban("migrate").good()
    lines = giaoban("check").good().splitlines()
    assert all(line.startswith("đạt ") for line in lines)
    names = {"cấu hình", "danh mục", "cơ sở dữ liệu", "ổ đĩa", "sao lưu", "kênh"}
    assert {line.partition(" ")[2].partition(":")[0] for line in lines} == names


@pytest.mark.parametrize(
    ("setting", "value", "named"),
    [
        ("GIAOBAN_DATABASE_URL", "sqlite:///nowhere.db", "nowhere.db"),
        ("GIAOBAN_DATABASE_URL", "sqlite:///empty.db", "giaoban migrate"),
        ("GIAOBAN_DATABASE_URL", "sqlite:///damaged.db", "damaged"),
        ("GIAOBAN_CATALOGUE", "nowhere.yaml", "GIAOBAN_CATALOGUE"),
        ("TELEGRAM_BOT_TOKEN", "7000001:made-up", "TELEGRAM_API_URL"),
    ],
)
def test_check_finds_what_is_wrong_and_examines_the_rest(
    giaoban: Giaoban, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, setting: str, value: str, named: str
) -> None:
    giaoban("migrate").good()
    (tmp_path / "empty.db").touch()
    (tmp_path / "damaged.db").write_bytes(b"\x00damaged" * 1000)
    monkeypatch.setenv("TELEGRAM_API_URL", "http://127.0.0.1:1")
    monkeypatch.setenv(setting, value)
    ended = giaoban("check")
    ended.failed("1 dòng ở trên ghi LỖI")
    (failing,) = [line for line in ended.out.splitlines() if line.startswith("LỖI ")]
    assert named in failing
    assert len(ended.out.splitlines()) == 6


def test_check_names_where_the_schema_is_not_what_the_migrations_make(giaoban: Giaoban, tmp_path: Path) -> None:
    giaoban("migrate").good()
    with closing(sqlite3.connect(tmp_path / "giaoban.db")) as connection:
        connection.execute("alter table reminder drop column settled_at")
    ended = giaoban("check")
    ended.failed("1 dòng ở trên ghi LỖI")
    assert "LỖI bảng dữ liệu: table reminder: no column settled_at; phục hồi bản sao gần nhất" in ended.out


def test_check_counts_what_nobody_knows_the_outcome_of(loaded: Giaoban, tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "giaoban.db")) as connection:
        connection.execute(
            "insert into outbox (dedupe_key, kind, channel, chat_id, body, created_at, not_before_at, state, attempts)"
            " values ('k', 'reply', 'local', '1', '{}', 0, 0, 'unsure', 1)"
        )
        connection.commit()
    assert "đạt tin: 1 tin không rõ đã tới chưa" in loaded("check").good()


def test_check_tells_of_answers_that_a_copy_of_the_file_alone_would_lose(loaded: Giaoban, tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "giaoban.db")) as connection:
        connection.execute("pragma journal_mode=wal")
        connection.execute("insert into setting (name, value) values ('x', 'y')")
        connection.commit()
        assert "giaoban.db-wal giữ số mới hơn giaoban.db" in loaded("check").good()
    assert "newer answers" not in loaded("check").good()


# --- the demo and an office's data -------------------------------------------------------------------------------


def test_the_demo_opens_no_database_of_an_office(giaoban: Giaoban, tmp_path: Path, province: Path) -> None:
    """Neither one it did not write, nor one that people use on a real channel."""
    for folder, change in (
        ("office", "delete from setting where name = 'demo.clock'"),
        ("used", "insert into account (channel, chat_id, person_id, consent) select 'telegram', '7', min(id), 'given'"
                 " from person"),
    ):  # fmt: skip
        (tmp_path / folder).mkdir()
        shutil.copyfile(province, tmp_path / folder / "giaoban.db")
        with closing(sqlite3.connect(tmp_path / folder / "giaoban.db")) as connection:
            connection.execute(change)
            connection.commit()
            before = list(connection.iterdump())
        for command in (("demo", "--port", "0"), ("chat",)):
            giaoban(*command, "--data", folder).failed(f"{folder}/giaoban.db là dữ liệu của văn phòng")
        with closing(sqlite3.connect(tmp_path / folder / "giaoban.db")) as connection:
            assert list(connection.iterdump()) == before


def test_an_office_s_empty_database_is_not_filled_with_the_demo(
    giaoban: Giaoban, tmp_path: Path, migrated_file: Path
) -> None:
    (tmp_path / "new").mkdir()
    shutil.copyfile(migrated_file, tmp_path / "new" / "giaoban.db")
    giaoban("chat", "--data", "new").failed(
        "new/giaoban.db còn trống, không phải của tỉnh thử; dựng đơn vị: giaoban import"
    )
    with closing(sqlite3.connect(tmp_path / "new" / "giaoban.db")) as connection:
        assert connection.execute("select count(*) from unit").fetchone() == (0,)


@pytest.mark.parametrize("url", ["", "postgresql://nobody@127.0.0.1:1/giaoban"])
def test_run_without_a_token_beside_an_office_s_database_is_refused(
    loaded: Giaoban, monkeypatch: pytest.MonkeyPatch, url: str
) -> None:
    if url:
        monkeypatch.setenv("GIAOBAN_DATABASE_URL", url)
    loaded("run").failed("chưa có token nào, mà GIAOBAN_DATABASE_URL đã có cơ sở dữ liệu")


# --- demo --load-only --------------------------------------------------------------------------------------------


def test_demo_load_only_writes_a_province_once(giaoban: Giaoban, tmp_path: Path) -> None:
    assert giaoban("demo", "--load-only", "--data", "office").good() == "sqlite:///office/giaoban.db\n"
    giaoban("demo", "--load-only", "--data", "office").failed("office/giaoban.db đã có")


# --- read --------------------------------------------------------------------------------------------------------

TEXT = "Chi đoàn trồng hơn 120 cây xanh, hiến 5 đơn vị máu, thắp sáng 1,5 km đường."
WANTED = {"cay_xanh": (120, True), "don_vi_mau": (5, False), "km_thap_sang": (1.5, False)}


def _values(answer: dict[str, Any]) -> dict[str, tuple[float, bool]]:
    assert {"values", "ask"} <= set(answer)
    for value in answer["values"]:
        assert set(value) == {"code", "value", "approx", "source"}
        assert value["source"] in TEXT
    for ask in answer["ask"]:
        assert set(ask) == {"source", "codes", "reason"}
    return {value["code"]: (value["value"], value["approx"]) for value in answer["values"]}


@pytest.mark.parametrize("by", ["a file", "a dash", "standard input", "a file with a byte-order mark"])
def test_read_gives_json_in_the_contracts_shape(giaoban: Giaoban, tmp_path: Path, by: str) -> None:
    encoding = "utf-8-sig" if "mark" in by else "utf-8"
    (tmp_path / "bc.txt").write_text(TEXT, encoding)
    where = {"a dash": ["-"], "standard input": []}.get(by, ["bc.txt"])
    answer = json.loads(giaoban("read", *where, "--json", stdin=TEXT if "file" not in by else "").good())
    assert set(answer) == {"values", "ask"}
    assert _values(answer) == WANTED


def test_read_takes_words_with_spaces_for_the_text_itself(giaoban: Giaoban, tmp_path: Path) -> None:
    assert _values(json.loads(giaoban("read", TEXT, "--json").good())) == WANTED
    assert _values(json.loads(giaoban("read", "\n".join([TEXT] + ["Dạ vâng ạ."] * 900), "--json").good())) == WANTED
    line = json.dumps({"id": 7, "text": TEXT}, ensure_ascii=False)
    assert _values(json.loads(giaoban("read", line, "--jsonl").good())) == WANTED
    (tmp_path / "bao cao.txt").write_text("hiến 7 đơn vị máu", "utf-8")
    assert giaoban("read", "bao cao.txt").good().startswith("don_vi_mau\t7")


def test_read_gives_a_line_for_each_line_of_jsonl(giaoban: Giaoban) -> None:
    lines = [json.dumps({"id": number, "text": TEXT}, ensure_ascii=False) for number in (7, "b")]
    answers = [json.loads(line) for line in giaoban("read", "--jsonl", stdin="\n\n".join(lines)).good().splitlines()]
    assert [answer["id"] for answer in answers] == [7, "b"]
    assert all(set(answer) == {"id", "values", "ask"} and _values(answer) == WANTED for answer in answers)


def test_read_takes_jsonl_from_a_program_that_marks_its_files(giaoban: Giaoban, tmp_path: Path) -> None:
    (tmp_path / "in.jsonl").write_text(json.dumps({"id": 1, "text": TEXT}), "utf-8-sig")
    assert json.loads(giaoban("read", "in.jsonl", "--jsonl").good())["id"] == 1


def test_read_names_each_bad_line_of_jsonl_and_answers_the_others(giaoban: Giaoban) -> None:
    good = json.dumps({"id": 7, "text": TEXT}, ensure_ascii=False)
    long = json.dumps({"id": 8, "text": "x" * 1_100_000})
    deep = "[" * 100_000
    ended = giaoban("read", "--jsonl", stdin="\n".join([good, "no json", '{"id": 1, "text": null}', long, deep, good]))
    assert ended.code == 1
    assert [_values(json.loads(line)) for line in ended.out.splitlines()] == [WANTED, WANTED]
    lines = ended.err.splitlines()
    assert [line.split(":")[1].strip() for line in lines] == ["line 2", "line 3", "line 4", "line 5"]
    assert all(line.startswith("giaoban: ") for line in lines)
    assert "1 MB" in lines[2]


def test_read_refuses_a_text_that_no_report_is_as_long_as(giaoban: Giaoban) -> None:
    giaoban("read", stdin="cây xanh 5\n" * 90_000).failed("1 MB")
    assert giaoban("read", "--json", stdin=(" " * 99 + "\n") * 9_000 + TEXT).code == 0


def test_read_gives_lines_for_people_otherwise(giaoban: Giaoban) -> None:
    out = giaoban("read", stdin=TEXT).good()
    assert "don_vi_mau\t5 đơn vị máu" in out


@pytest.mark.parametrize(
    ("words", "stdin", "named"),
    [
        (["nowhere.txt"], "", "nowhere.txt"),
        (["."], "", ".: "),
        (["--json"], b"\xff\xfe\x00", "UTF-8"),
        (["--jsonl"], '{"id": 1}', "line 1"),
        (["--jsonl"], '{"id": 1, "text": "x"}\nno json', "line 2"),
        (["--jsonl"], "[1]", "line 1"),
    ],
)
def test_read_says_what_it_cannot_read(giaoban: Giaoban, words: list[str], stdin: str | bytes, named: str) -> None:
    giaoban("read", *words, stdin=stdin).failed(named)


def test_an_unforeseen_failure_is_logged_and_told_in_one_last_line(
    giaoban: Giaoban, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("no such thing")

    monkeypatch.setattr("bot.commands.reading.read_text", broken)
    ended = giaoban("read")
    assert ended.code == 1
    assert ended.out == ""
    assert ended.err.splitlines()[-1] == "giaoban: lỗi bất ngờ: RuntimeError; nhật ký ở trên ghi chỗ lỗi"
    assert "no such thing" in ended.err


# --- the meeting pack ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("area", "pictures"), [(["--cluster", "C2"], 3), (["--province"], 3), (["--unit", "dx0201"], 2)]
)
def test_pack_writes_its_files_into_a_folder_of_their_own(
    loaded: Giaoban, tmp_path: Path, area: list[str], pictures: int
) -> None:
    (tmp_path / "giao-ban" / "goi").mkdir(parents=True)
    (tmp_path / "giao-ban" / "goi" / "hinh-3-cung-ky.png").write_bytes(b"of an earlier pack")
    printed = loaded("pack", *area, "--out", "giao-ban/goi").good().splitlines()
    names = {path.name for path in (tmp_path / "giao-ban" / "goi").iterdir()}
    assert {Path(line).name for line in printed} == names
    assert names >= {"bao-cao.docx", "phu-luc.xlsx", "tom-tat.txt"}
    assert sum(name.endswith(".png") for name in names) == pictures
    loaded("pack", *area, "--out", "giao-ban/goi").good()
    assert "không đổi" in "".join(
        str(row[1]) for row in openpyxl.load_workbook(tmp_path / "giao-ban/goi/phu-luc.xlsx")["Thay đổi"].values
    )


def test_a_paper_without_a_period_is_that_of_the_one_locked_last_which_is_said(loaded: Giaoban, tmp_path: Path) -> None:
    loaded("period", "lock", "2026-Q1")
    for words in (["pack", "--cluster", "C2", "--out", "goi"], ["export", "--xlsx", "bao-cao.xlsx"]):
        ran = loaded(*words)
        assert (ran.code, ran.err) == (0, "giaoban: không ghi --period: lấy quý I/2026, đã khóa\n")
    assert "quý I/2026" in (tmp_path / "goi" / "tom-tat.txt").read_text("utf-8")


def test_pack_refuses_what_is_not_there_and_writes_nothing(
    loaded: Giaoban, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    loaded("pack", "--out", "x").failed("--cluster", code=2)
    loaded("pack", "--out", "x", "--province", "--cluster", "C1").failed("chọn đúng một", code=2)
    loaded("pack", "--out", "x", "--cluster", "C9").failed("--cluster C9: không có cụm này")
    loaded("pack", "--out", "x", "--province", "--period", "2019-Q1").failed("--period 2019-Q1: chưa có kỳ này")
    loaded("pack", "--out", "x", "--province", "--period", "quý I").failed("không phải mã kỳ")
    (tmp_path / "tep").write_text("")
    loaded("pack", "--out", "tep", "--province").failed("tep")
    assert not (tmp_path / "x").exists()
    loaded("pack", "--out", "x", "--cluster", "C2").good()
    before = {path.name: path.read_bytes() for path in (tmp_path / "x").iterdir()}

    def full(handle: int) -> None:
        if len(list((tmp_path / "x").glob(".*"))) > 2:
            raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    loaded("pack", "--out", "x", "--cluster", "C3").failed("ổ đĩa hết chỗ")
    assert {path.name: path.read_bytes() for path in (tmp_path / "x").iterdir()} == before


def test_pack_does_without_an_offices_template_that_is_not_sound(
    loaded: Giaoban, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIAOBAN_PACK_TEMPLATE", str(tmp_path / "mau.docx"))
    for _ in range(2):
        told = loaded("pack", "--out", "x", "--cluster", "C2")
        assert told.code == 0
        assert "mau.docx: Tệp không phải tệp Word" in told.err
        assert "đã dùng mẫu có sẵn" in told.err
        (tmp_path / "mau.docx").write_text("x")
    loaded("template", "mau.docx").good()
    loaded("pack", "--out", "x", "--cluster", "C2").good()
