"""What every test may ask for, and how a run ends."""

import os

import pytest

IN_CI = os.environ.get("CI", "").lower() in ("1", "true", "yes")


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """In CI nothing may be left out."""
    if IN_CI and left_out(session.config) and session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    reasons = left_out(terminalreporter.config)
    if not reasons:
        return
    terminalreporter.section("left out", sep="=", red=IN_CI, bold=True)
    for reason, count in sorted(reasons.items()):
        terminalreporter.write_line(f"{count} test{'s' if count > 1 else ''} left out: {reason}")
    if IN_CI:
        terminalreporter.write_line("CI=true: a test that is left out is a failure")


def left_out(config: pytest.Config) -> dict[str, int]:
    """Reason → number of tests that were skipped for it. Empty in an xdist worker."""
    reporter = config.pluginmanager.get_plugin("terminalreporter")
    counts: dict[str, int] = {}
    for report in reporter.stats.get("skipped", []) if reporter else []:
        reason = report.longrepr[2].removeprefix("Skipped: ") if isinstance(report.longrepr, tuple) else "expected"
        counts[reason] = counts.get(reason, 0) + 1
    return counts
