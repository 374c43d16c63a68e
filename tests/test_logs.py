"""Logs: one line an event, and no token, code, phone or citizen number in any of them, whoever writes it."""

import io
import json
import logging
from collections.abc import Iterator
from typing import Literal

import pytest
import structlog

from bot.logs import Repeats, configure_logs
from handlers.access.codes import new_code

TOKEN = "123456:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw"
PRIVATE = (TOKEN, "K7M2Q-9XD4R", "0912345678", "0912 345 678", "091.234.5678", "+84912345678", "001099012345",
           "matkhau-bi-mat")  # fmt: skip


@pytest.fixture
def stream() -> Iterator[io.StringIO]:
    root = logging.getLogger()
    handlers, level = root.handlers, root.level
    yield io.StringIO()
    root.handlers, root.level = handlers, level
    structlog.reset_defaults()


@pytest.mark.parametrize("style", ["text", "json"])
@pytest.mark.parametrize("secret", PRIVATE)
def test_nothing_private_reaches_a_log_by_any_way(
    stream: io.StringIO, style: Literal["text", "json"], secret: str
) -> None:
    configure_logs(style, "debug", ["matkhau-bi-mat"], stream)
    log = structlog.get_logger()
    log.info(f"event {secret}")
    log.warning("event", reason=f"told {secret}", nested={"inner": [secret, (secret,)]})
    logging.getLogger("another.library").warning(
        "asked for %s", f"https://api/{'bot' * (secret == TOKEN)}{secret}/getUpdates"
    )
    logging.getLogger("another.library").warning(f"formatted {secret}")
    try:
        raise ValueError(f"could not read {secret}")
    except ValueError:
        log.exception("failed")
        logging.getLogger("another.library").exception("failed")
    written = stream.getvalue()
    assert written.count("***") >= 6
    assert secret not in written


def test_every_fresh_code_is_hidden(stream: io.StringIO) -> None:
    configure_logs("json", "info", stream=stream)
    codes = [new_code() for _ in range(50)]
    for code in codes:
        structlog.get_logger().info("issued", what=f"code {code}")
    assert not [code for code in codes if code in stream.getvalue()]


def test_json_logs_are_one_object_a_line_with_time_and_level(stream: io.StringIO) -> None:
    configure_logs("json", "info", stream=stream)
    structlog.get_logger().info("đã gửi", count=3)
    logging.getLogger("another.library").warning("two\nlines")
    lines = [json.loads(line) for line in stream.getvalue().splitlines()]
    assert [(line["event"], line["level"]) for line in lines] == [("đã gửi", "info"), ("two\nlines", "warning")]
    assert all("timestamp" in line for line in lines)


def test_plain_facts_stay_readable(stream: io.StringIO) -> None:
    configure_logs("text", "info", stream=stream)
    structlog.get_logger().info("sent", count=12345, period="2026-Q1", at="2026-04-13T08:00:00", seconds=0.25)
    written = stream.getvalue()
    assert "***" not in written
    assert "count=12345" in written


def test_what_is_below_the_level_is_not_written(stream: io.StringIO) -> None:
    configure_logs("text", "warning", stream=stream)
    structlog.get_logger().info("quiet")
    logging.getLogger("another.library").info("quiet")
    assert stream.getvalue() == ""


def test_the_same_line_is_written_once_in_a_while_with_how_often_it_would_have_stood() -> None:
    moment = 0.0
    once = Repeats(10.0, lambda: moment)
    full = {"event": "database unavailable", "reason": "no space left"}
    other = {"event": "database unavailable", "reason": "locked"}

    def written(event: dict[str, str]) -> dict[str, object] | None:
        try:
            return dict(once(None, "error", event))
        except structlog.DropEvent:
            return None

    assert [written(full), written(full), written(other), written(full)] == [full, None, other, None]
    moment = 10.0
    assert written(full) == {**full, "times": 3}
    moment = 20.0
    assert written(full) == full
