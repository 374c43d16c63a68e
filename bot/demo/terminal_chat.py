"""The local channel in a terminal: typed lines in, the bot's answers printed; one person at a time."""

import asyncio
import secrets
import sys
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from bot.channels.local.channel import BOT, incoming
from bot.channels.local.chat_page import Face, in_words
from bot.channels.local.page_requests import TEXT_LIMIT, BadRequest, photo_of
from bot.demo.open import Demo
from bot.demo.terminal_lines import Recorder, file_line, stdin_lines
from bot.failures import failed, reason_of
from bot.whole_file import replace_file
from handlers.commands import folded
from handlers.messages import File
from reporting.time.calendar import VIETNAM
from storage.engine.instants import instant
from storage.messages import local_chat
from storage.messages.local_chat import LocalFile, LocalMessage

LINES_OF_THE_PAST = 4  # shown when a chat is entered, so that a person knows where it stands
NEWS_NAMED = 8
HELP = """\
:1 :2 …   bấm nút dưới tin mới nhất (gõ chữ trên nút cũng được)
:ai       đổi vai, ví dụ :ai lan
:gio      xem giờ và các mốc
:den 1    chuyển giờ đến mốc 1, hoặc :den 2026-04-06 07:00
:thoat    kết thúc
/anh TỆP chú thích   gửi ảnh (JPEG, PNG), có hay không có chú thích
\\n trong tin là xuống dòng"""

Show = Callable[[str], None]


async def chat(
    demo: Demo,
    person: str,
    record: Path | None,
    lines: AsyncIterator[str] | None = None,
    show: Show | None = None,
    folder: Path | None = None,
) -> None:
    """Chats on a stepped demo until the lines end or `:thoat`.

    person: a chat id or part of a name; empty asks for one. record: file for the journey, written line by line.
    lines: what is typed, standard input by default. show: takes what is printed. folder: where files the bot sends
    are saved; without one only their names are shown. Raises Failed for an unknown
    person, OSError for a file that cannot be written.
    """
    prompt = lines is None and sys.stdin.isatty()
    with Recorder(record) as recorder:
        talk = _Talk(demo, recorder, show or _print, folder)
        await talk.begin(person)
        talk.prompt(prompt)
        async for line in lines if lines is not None else stdin_lines():
            if line.strip() == ":thoat":
                break
            await talk.take(line.rstrip("\r\n"))
            talk.prompt(prompt)


class _Talk:
    """One person at the terminal, in one chat at a time."""

    def __init__(self, demo: Demo, recorder: Recorder, show: Show, folder: Path | None) -> None:
        self._demo = demo
        self._db = demo.app.db
        self._local = demo.local
        self._recorder = recorder
        self._show = show
        self._folder = folder
        self._face: Face | None = None
        self._offered: Sequence[Face] = ()
        self._buttons: Sequence[tuple[str, str]] = ()
        self._newest: dict[str, int] = {}
        self._seen: dict[str, int] = {}

    async def begin(self, person: str) -> None:
        # What was said before now cannot be part of a recording.
        self._newest = await local_chat.newest(self._db)
        self._recorder.moment(self._demo.clock.now())
        if not person:
            await self._offer(await self._demo.people())
            return
        found = _called(await self._demo.people(), person)
        if len(found) != 1:
            names = ", ".join(f"{face.chat_id} ({face.name})" for face in found[:NEWS_NAMED])
            raise failed("several_so" if found else "nobody_so", person=person, names=names)
        await self._enter(found[0])

    def prompt(self, wanted: bool) -> None:
        if wanted:
            sys.stdout.write(f"{self._face.name if self._face else 'Vai số'}> ")
            sys.stdout.flush()

    async def take(self, line: str) -> None:
        """One typed line."""
        command, _, rest = line.strip().partition(" ")
        if self._offered and not command.startswith(":"):
            await self._pick(line.strip())
        elif command == ":ai":
            await (self._pick(rest.strip()) if rest.strip() else self._offer(await self._demo.people()))
        elif command == ":gio":
            await self._tell_time()
        elif command == ":den":
            await self._move(rest.strip())
        elif command[1:].isdecimal() and command.startswith(":"):
            await self._press(int(command[1:]))
        elif command.startswith(":"):
            self._show(HELP)
        elif command == "/anh" and self._face is not None:
            await self._send_photo(*rest.strip().partition(" ")[::2])
        elif command and self._face is not None:
            await self._say(line.replace("\\n", "\n"))

    # --- who ---

    async def _offer(self, faces: Sequence[Face]) -> None:
        self._offered = faces
        part = ""
        for number, face in enumerate(faces, 1):
            if face.part != part:
                part = face.part
                self._show(f"{part}:")
            self._show(f"{number:4}. {_named(face)}")
        self._show("Đồng chí nhắn số hoặc tên của vai.")

    async def _pick(self, text: str) -> None:
        offered = self._offered or await self._demo.people()
        if text.isdecimal() and 0 < int(text) <= len(offered):
            await self._enter(offered[int(text) - 1])
            return
        found = _called(await self._demo.people(), text)
        if len(found) == 1:
            await self._enter(found[0])
        elif found:
            await self._offer(found)
        else:
            self._show(f"Không có vai nào tên {text}. Nhắn :ai để xem danh sách.")

    async def _enter(self, face: Face) -> None:
        self._face, self._offered, self._buttons = face, (), ()
        self._recorder.line(f"= {face.chat_id}" + (f" as {face.speaker}" if face.speaker else ""))
        self._show(f"--- {_named(face)} --- (nhắn : để xem các lệnh)")
        if face.chat_id not in self._seen:
            past = await local_chat.since(self._db, face.chat_id, 0)
            self._seen[face.chat_id] = self._newest.get(face.chat_id, 0)
            for message in [m for m in past if m.id <= self._seen[face.chat_id]][-LINES_OF_THE_PAST:]:
                await self._print(message)
        await self._look()

    # --- what is said ---

    async def _say(self, text: str) -> None:
        if len(text) > TEXT_LIMIT:
            self._show(f"Tin nhắn dài quá {TEXT_LIMIT} ký tự, đồng chí gửi thành nhiều tin.")
            return
        self._recorder.line("> " + text.replace("\n", "\\n"))
        await self._act(text, text=text)

    async def _send_photo(self, file: str, caption: str) -> None:
        """What `/anh FILE caption` names."""
        try:
            photo = replace(photo_of(await asyncio.to_thread(Path(file).read_bytes)), name=Path(file).name)
        except OSError as error:
            self._show(f"{file or '/anh TỆP'}: không đọc được ({reason_of(error)}).")
        except BadRequest as refused:
            self._show(f"{file}: {refused.line}")
        else:
            self._recorder.line(f"*photo {photo.name} {caption}".rstrip())
            await self._act(caption, text=caption, photo=photo)

    async def _press(self, number: int) -> None:
        if not 0 < number <= len(self._buttons):
            self._show(f"Không có nút {number} dưới tin mới nhất.")
            return
        label, data = self._buttons[number - 1]
        self._recorder.line(f"[{label}]")
        await self._act(label, choice=data)

    async def _act(self, shown: str, *, text: str = "", choice: str = "", photo: File | None = None) -> None:
        assert self._face is not None
        event = incoming(
            self._face.chat_id,
            self._face.name,
            secrets.token_hex(10),
            self._demo.clock.now(),
            text=text,
            choice=choice,
            speaker=self._face.speaker,
        )
        if photo is not None:
            event = await self._local.photographed(event, photo)
        else:
            await self._local.say(event.chat_id, event.sender_name, shown, message_id=event.message_id)
        await self._demo.app.receive(event)
        await self._demo.app.settle()
        await self._look()

    async def _look(self) -> None:
        """Shows and records what the bot has said in this chat since it was last looked at."""
        if self._face is None:
            return
        for message in await local_chat.since(self._db, self._face.chat_id, self._seen[self._face.chat_id]):
            self._seen[self._face.chat_id] = message.id
            if message.sender == BOT:
                self._recorder.heard(message)
                await self._print(message)

    async def _print(self, message: LocalMessage) -> None:
        self._show(f"{'Trợ lý' if message.sender == BOT else message.sender}, {in_words(instant(message.at))}")
        for text in message.text.split("\n"):
            self._show(f"    {text}".rstrip())
        if message.file is not None and self._face is not None:
            self._show(f"    {await self._saved(self._face.chat_id, message.file)}")
        for number, (label, _) in enumerate(message.choices, 1):
            self._show(f"    :{number} {label}")
        if message.choices:
            self._buttons = message.choices

    async def _saved(self, chat_id: str, file: LocalFile) -> str:
        """Where the file is now, or its name."""
        found = await local_chat.file(self._db, chat_id, file.mark) if self._folder is not None else None
        if found is None or self._folder is None:
            return file_line(file)
        self._folder.mkdir(parents=True, exist_ok=True)
        replace_file(self._folder / file.name, found[1])
        return f"({self._folder / file.name})"

    # --- the clock ---

    async def _tell_time(self) -> None:
        self._show(f"Bây giờ là {in_words(self._demo.clock.now())}.")
        for number, stop in enumerate(await self._demo.stops(), 1):
            self._show(f"{number:4}. {stop.label}")

    async def _move(self, where: str) -> None:
        stops = await self._demo.stops()
        try:
            if where.isdecimal():
                to = stops[int(where) - 1].at if int(where) else None
            else:
                at = datetime.fromisoformat(where)
                to = at if at.tzinfo else at.replace(tzinfo=VIETNAM)
        except (ValueError, IndexError):
            to = None
        if to is None or to <= self._demo.clock.now():
            self._show("Mốc này không có hoặc đã qua; đồng hồ chỉ đi tới. Nhắn :gio để xem các mốc.")
            return
        before = await local_chat.newest(self._db)
        await self._demo.move(to)
        self._recorder.moment(to)
        self._show(f"Đã đến {in_words(to)}.")
        await self._look()
        after = await local_chat.newest(self._db)
        here = self._face.chat_id if self._face else ""
        fresh = [f for f in await self._demo.people() if after.get(f.chat_id) != before.get(f.chat_id)]
        others = [face for face in fresh if face.chat_id != here]
        for face in others[:NEWS_NAMED]:
            self._show(f"    Có tin mới: {_named(face)}")
        if len(others) > NEWS_NAMED:
            self._show(f"    và {len(others) - NEWS_NAMED} cuộc khác")


def _called(faces: Sequence[Face], text: str) -> list[Face]:
    """Whoever has that chat id, else that very name, else a name or unit with it inside; marks do not matter."""
    wanted = folded(text)
    for same in (
        lambda face: face.chat_id.lower() == text.lower(),
        lambda face: folded(face.name) == wanted,
        lambda face: wanted in folded(f"{face.name} {face.title}"),
    ):
        if found := [face for face in faces if same(face)]:
            return found
    return []


def _named(face: Face) -> str:
    return f"{face.name}, {face.title} ({face.chat_id})" if face.title else f"{face.name} ({face.chat_id})"


def _print(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()
