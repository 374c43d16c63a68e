"""Secretaries who know their figures report by chat: every report is sent, none has a figure nobody gave."""

import json
from itertools import chain
from pathlib import Path
from statistics import median

import pytest
from made_secretaries import Report, of_a_branch, reports, shown

MESSAGES = Path(__file__).parent / "reading"
EVERY = 12  # so many messages are passed over; `make campaign` plays all
MOST_MEDIAN = 10  # messages of the bot; a guided report without a doubt is nine
# Read wrongly under the first question; may only get fewer. "Đầu năm có 40 đoàn viên": nobody came to anything.
STILL_WRONG = {"fl-063"}


def messages() -> list[dict]:  # type: ignore[type-arg]
    lines = chain.from_iterable(path.read_text("utf-8").splitlines() for path in sorted(MESSAGES.glob("*.jsonl")))
    return of_a_branch(json.loads(line) for line in lines)  # type: ignore[return-value]


def judge(found: list[Report], capsys: pytest.CaptureFixture[str]) -> None:
    astray = [report for report in found if report.ended != "sent" and report.message["id"] not in STILL_WRONG]
    heard = sorted(report.heard for report in found)
    with capsys.disabled():
        print(
            f"\n{len(found)} reports by chat: {len(found) - len(astray)} sent, messages of the bot {median(heard)}"
            f" (median), {heard[-1]} (most)",
            end="",
        )
    assert not astray, "\n\n".join(map(shown, astray[:5]))
    assert median(heard) <= MOST_MEDIAN


async def test_whoever_knows_the_figures_sends_them_and_no_others(
    migrated_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    judge(await reports(migrated_url, messages()[::EVERY], seed=1), capsys)


@pytest.mark.campaign
@pytest.mark.parametrize("seed", [1, 2, 3])
async def test_all_labelled_messages_become_reports(
    seed: int, migrated_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    judge(await reports(migrated_url, messages(), seed), capsys)
