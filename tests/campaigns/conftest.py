"""What the campaigns counted stands at the end of the test run, whether they were green or red."""

from collections.abc import Callable

import pytest

_LINES = pytest.StashKey[list[str]]()


@pytest.fixture
def counted(request: pytest.FixtureRequest) -> Callable[[str], None]:
    """Notes one line of honest counts under the test's name."""
    lines = request.config.stash.setdefault(_LINES, [])

    def note(line: str) -> None:
        lines.append(f"{request.node.name}: {line}")

    return note


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Shows the lines."""
    if lines := terminalreporter.config.stash.get(_LINES, []):
        terminalreporter.section("campaigns counted")
        for line in lines:
            terminalreporter.write_line(line)
