"""aiogram's finite state machine over the same six questions, its state in memory or in a SQLite file."""

import asyncio
import sys

from aiogram import Bot, Dispatcher
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.fsm.context import FSMContext
from aiogram.fsm.state import State, StatesGroup
from aiogram.fsm.storage.memory import MemoryStorage
from aiogram.types import Message

QUESTIONS = 6
ASK = "Câu {n}/6. Quý này, đơn vị có bao nhiêu hoạt động, bao nhiêu lượt đoàn viên tham gia? Không có thì nhắn 0."


class Report(StatesGroup):
    """One state: the number of the question is the number of answers."""

    filling = State()


async def begin(message: Message, state: FSMContext) -> None:
    await state.set_state(Report.filling)
    await state.set_data({"answers": []})
    await message.answer(ASK.format(n=1))


async def answer(message: Message, state: FSMContext) -> None:
    answers = [*(await state.get_data())["answers"], message.text]
    if len(answers) > QUESTIONS:
        await state.clear()
        await message.answer(f"Đã nhận báo cáo: {len(answers) - 1} câu.")
        return
    await state.set_data({"answers": answers})
    await message.answer(ASK.format(n=len(answers) + 1) if len(answers) < QUESTIONS else "\n".join(answers))


async def main(storage: str, token: str, url: str, folder: str) -> None:
    if storage == "sqlite":
        from sqlite_storage import SqliteStorage

        kept = await SqliteStorage.open(f"{folder}/fsm.db")
    else:
        kept = MemoryStorage()
    dispatcher = Dispatcher(storage=kept)
    dispatcher.message.register(answer, Report.filling)
    dispatcher.message.register(begin)
    session = AiohttpSession(api=TelegramAPIServer.from_base(url))
    await dispatcher.start_polling(Bot(token, session=session), polling_timeout=25)


asyncio.run(main(*sys.argv[1:5]))
