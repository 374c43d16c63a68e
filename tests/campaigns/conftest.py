"""Which campaigns every test run plays, and what they counted, which stands at its end whether green or red."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

COUNTED = "counted"


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The short kills are played on SQLite; on PostgreSQL, where a kill takes three times as long, by `make campaign`.

    Those whose subject is the engine itself, or that there are for PostgreSQL alone, are played on both or there.
    """
    here = [item for item in items if isinstance(item, pytest.Function) and Path(__file__).parent in item.path.parents]
    engines = {id(item): item.callspec.params.get("engine") for item in here if hasattr(item, "callspec")}
    on_sqlite = {(item.path, item.originalname) for item in here if engines.get(id(item)) == "sqlite"}
    for item in here:
        twice = engines.get(id(item)) == "postgresql" and (item.path, item.originalname) in on_sqlite
        if twice and item.path.name != "test_storage_kills.py":
            item.add_marker(pytest.mark.campaign)


@pytest.fixture
def counted(record_property: Callable[[str, object], None]) -> Callable[[str], None]:
    """Notes one line of honest counts under the test's name."""
    return partial(record_property, COUNTED)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Shows the lines, also of other processes: what a test records comes back with its report."""
    reports = [report for outcome in ("passed", "failed") for report in terminalreporter.getreports(outcome)]
    lines = [
        f"{report.nodeid.rpartition('::')[2]}: {line}"
        for report in reports
        if report.when == "call"
        for name, line in report.user_properties
        if name == COUNTED
    ]
    if lines:
        terminalreporter.section("campaigns counted")
        for line in lines:
            terminalreporter.write_line(line)
