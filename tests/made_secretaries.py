"""A labelled message in; out, the whole report that a made-up secretary who knows its figures then makes of it by chat.

She begins with the message, as a report or under the first question, and answers whatever the bot asks from then on by
what the message says: a yes where the bot is right, the right figure or "bỏ" where it is not, "không" for the rest.
"""

import json
import random
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC
from decimal import Decimal
from itertools import product
from typing import Any

from journey import Player, opened
from province import FIRST, statements

from bot.channels.local.channel import Local
from bot.resources import load_catalogue, load_forms
from handlers.wording import figure_lines
from reporting.figures.values import Value, scaled
from storage.engine.open import open_database

CATALOGUE = load_catalogue(None)
FORM = load_forms(CATALOGUE).form("chi_doan", "quy")
ASKED_BY = {question.code: [indicator.code for indicator in question.indicators] for question in FORM.questions}
REPORTED = frozenset(code for codes in ASKED_BY.values() for code in codes)
STOCKS = [code for code in CATALOGUE.indicators if code in REPORTED and CATALOGUE[code].stands]

NOTHING = ("không", "ko có", "0", "không có gì", "ko", "Khong co a", "dạ không có ạ", "không phát sinh", "ko có chi")
YES = ("đúng", "đúng rồi", "dạ đúng", "ok", "ok em", "1", "chuẩn rồi ạ", "dung roi", "đúng hết", "vâng đúng rồi chị")
SEND = ("gửi", "gửi báo cáo", "gui", "ok gửi", "gửi đi", "gửi luôn")
NOT_ANY = ("bỏ", "không phải mục nào", "bỏ qua")
REST = (", còn lại không", ". Còn lại ko có", ". mục khác không có")

MOST_TURNS = 45
MOST_ALIKE = 4  # times that the chat may stand at the same place
_STANDING = {"tong_doan_vien": 300, "em_nuoi": 1}  # what she says of them where the message does not
_SYLLABLES = (
    "An", "Ba", "Ca", "Da", "Ga", "Ha", "La", "Ma", "Na", "Pha", "Qua", "Ra", "Sa", "Ta", "Va", "Xa",
    "Yen", "Do", "Go", "Ho", "Lo", "Mo", "No", "So", "To", "Vo",
)  # fmt: skip


@dataclass(slots=True)
class Report:
    """How one went: what was said on both sides, the bot's messages, and what stands against the truth.

    ended: sent, wrong (a figure the message does not give), or stuck.
    """

    message: Mapping[str, Any]
    lines: list[str] = field(default_factory=list)
    heard: int = 0
    ended: str = "stuck"
    wrong: dict[str, int] = field(default_factory=dict)


def province(count: int) -> dict[str, Any]:
    """So many branches of one commune, each with its secretary (chat u0, u1, …)."""
    names = [" ".join(pair) for pair in product(_SYLLABLES, repeat=3)][:count]
    branches = [
        {"code": f"CD{n:04}", "name": f"Chi đoàn thôn {name}", "level": "chi_doan", "parent": "DX01"}
        for n, name in enumerate(names)
    ]
    units = [
        {"code": "TD", "name": "Tỉnh đoàn Hòa An", "level": "tinh_doan"},
        {"code": "DX01", "name": "Đoàn xã Tân Lập", "level": "doan_co_so", "parent": "TD"},
        *branches,
    ]
    return {
        "units": units,
        "clusters": [{"code": "C1", "name": "Cụm thi đua số 1", "units": [unit["code"] for unit in units[1:]]}],
        "people": [
            {"chat": f"u{n}", "name": f"Lan {name}", "role": "secretary", "unit": f"CD{n:04}"}
            for n, name in enumerate(names)
        ],
        "periods": [
            {"code": "2026-Q1", "briefings": [{"cluster": "C1", "at": "2026-04-13 08:00", "place": "hội trường"}]}
        ],
    }


@asynccontextmanager
async def playing(url: str, count: int) -> Any:
    """The app with so many secretaries, on an empty migrated database."""
    db = await open_database(url)
    await db.write(statements(province(count), FIRST.astimezone(UTC)))
    await db.close()
    player = Player(url, await opened(url, FIRST, Local.limits))
    try:
        yield player
    finally:
        await player.end()


@dataclass(slots=True)
class Secretary:
    """One of them, and what she knows: amounts by code, scaled. unsure: codes of which the message leaves it open."""

    player: Player
    number: int
    known: dict[str, int]
    unsure: frozenset[str]
    draw: random.Random

    @classmethod
    def of(cls, player: Player, number: int, message: Mapping[str, Any], draw: random.Random) -> "Secretary":
        unsure = frozenset(message.get("ask", ()))
        known = {
            code: scaled(Decimal(str(amount)), CATALOGUE[code].kind)
            for code, amount in message["expect"].items()
            if code in REPORTED and code not in unsure
        }
        return cls(player, number, known, unsure, draw)

    async def reports(self, message: Mapping[str, Any]) -> Report:
        """From the message to the receipt, or to where it goes astray."""
        report, stood = Report(message), Counter[str]()
        self.player.chat = self.player.speaker = f"u{self.number}"
        if self.draw.random() < 0.5:
            await self._says("bc", report)
        await self._says(message["text"], report)
        for _ in range(MOST_TURNS):
            state, values, sent = await self._stands()
            report.wrong = {code: amount for code, amount in values.items() if not self._agrees(code, amount)}
            if report.wrong or sent:
                report.ended = "wrong" if report.wrong else "sent"
                return report
            place = json.dumps([state, sorted(values.items())], sort_keys=True)
            stood[place] += 1
            if stood[place] > MOST_ALIKE:
                return report
            await self._says(self._reply(state, values), report)
        return report

    async def _says(self, text: str, report: Report) -> None:
        before = self.player.seen.get(self.player.chat, 0)
        await self.player.act(text=text)
        heard = await self.player.demo.app.db.read(
            "select count(*) from local_message where chat_id = ? and sender = 'bot' and id > ?",
            (self.player.chat, before),
        )
        report.heard += heard[0][0]
        report.lines += [f"> {text}", *(f"< {line}" for line in self.player.heard)]
        self.player.heard.clear()

    async def _stands(self) -> tuple[dict[str, Any], dict[str, int], bool]:
        """(where the chat stands in the report, the draft's amounts, whether it is sent)."""
        db, unit = self.player.demo.app.db, f"CD{self.number:04}"
        chat = await db.read(
            "select state from conversation where channel = 'local' and chat_id = ?", (self.player.chat,)
        )
        values = await db.read(
            "select v.indicator, v.amount from value v join unit u on u.id = v.unit_id where u.code = ?", (unit,)
        )
        sent = await db.read(
            "select 1 from submission s join unit u on u.id = s.unit_id where u.code = ? and s.state = 'submitted'",
            (unit,),
        )
        return json.loads(chat[0][0]).get("report", {}), dict(map(tuple, values)), bool(sent)

    def _agrees(self, code: str, amount: int) -> bool:
        if code not in REPORTED or code in self.unsure:
            return True
        return amount == self.known.get(code, _STANDING.get(code, 0))

    def _reply(self, state: Mapping[str, Any], values: Mapping[str, int]) -> str:
        match state.get("mode"):
            case "confirming":
                return self._to_proposals(state)
            case "clarifying":
                return self._to_unclear(state["unclear"][0], values)
            case "asking":
                return self._to_question(
                    [code for code in ASKED_BY.get(state["question"], STOCKS) if code not in values]
                )
            case "reviewing":
                return self.draw.choice(SEND)
        return "bc"

    def _to_proposals(self, state: Mapping[str, Any]) -> str:
        shown = [(entry[0], entry[1]) for entry in state.get("pending", ())]
        for _, codes, _, value, *_ in state.get("unclear", ()):
            if value and len(codes) == 1:  # filled in: a yes takes it, too
                shown.append((codes[0], value[0]))
        against = [code for code, amount in shown if not self._agrees(code, amount)]
        if not against:
            return self.draw.choice(YES)
        code = against[0]
        if code in self.known:
            return self.draw.choice((self._named(code), f"không, {self._named(code)}", f"{self._named(code)} mới đúng"))
        return self.draw.choice((f"bỏ {CATALOGUE[code].short}", f"{CATALOGUE[code].short} không có"))

    def _to_unclear(self, point: Sequence[Any], values: Mapping[str, int]) -> str:
        _, codes, _, value, *_ = point
        mine = [code for code in codes if code in self.known and code not in values]
        alike = [code for code in mine if value and self.known[code] == value[0]]
        if not mine:
            return self.draw.choice(NOT_ANY)
        code = (alike or mine)[0]
        short = CATALOGUE[code].short
        return self.draw.choice((short, self._named(code), f"là {short}")) if alike else self._named(code)

    def _to_question(self, lacking: Sequence[str]) -> str:
        told = [code for code in lacking if code in self.known or code in _STANDING]
        if not told:
            return self.draw.choice(NOTHING)
        rest = self.draw.choice(REST) if len(told) < len(lacking) else ""
        return ", ".join(self._named(code) for code in told) + rest

    def _named(self, code: str) -> str:
        return figure_lines.named(CATALOGUE[code], Value(self.known.get(code, _STANDING.get(code, 0))))


async def reports(url: str, messages: Sequence[Mapping[str, Any]], seed: int) -> list[Report]:
    """A report of each message, by a secretary of its own."""
    draw = random.Random(seed)
    async with playing(url, len(messages)) as player:
        return [
            await Secretary.of(player, number, message, draw).reports(message)
            for number, message in enumerate(messages)
        ]


def shown(report: Report) -> str:
    """The conversation, as it is printed where it went astray."""
    head = f"{report.message['id']}: {report.ended} {report.wrong or ''}, {report.heard} messages of the bot"
    return "\n".join([head, *report.lines])


def of_a_branch(rows: Iterator[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Those that a branch's secretary may send as they are: no replies to a question, none of another level."""
    return [row for row in rows if row.get("level") == "chi_doan" and not row.get("asked")]
