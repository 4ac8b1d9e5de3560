"""What the browser knows of boards, for charts and tables of what a reader chooses.

One small script for the newest results, and one for each run that a link may be pinned to; pages
refer to them, so a browser fetches them once. Scripts, because a page from a file can load those.
"""

from collections.abc import Iterable

import msgspec

from bench.verdicts.newest import newest
from bench.verdicts.scope import Scope
from bench.workload import Workload
from hooks.charts.board_view import BoardView, Found, board_view
from hooks.reading.digest import RunDigest, case_name
from hooks.reading.report import Key, Report

LATEST = "latest"


def payloads(report: Report) -> dict[str, bytes]:
    """The scripts by their path on the site."""
    return {
        _path(LATEST): _script(LATEST, _boards(report, report.runs)),
        **{_path(one.run.id): _script(one.run.id, _boards(report, [one])) for one in report.recent},
    }


def _path(name: str) -> str:
    return f"data/v1/boards/{name}.js"


def _script(name: str, boards: tuple[BoardView, ...]) -> bytes:
    return script(f"boards/{name}", msgspec.json.encode(boards))


_ENDS = {b"<": b"\\u003c", "\u2028".encode(): b"\\u2028", "\u2029".encode(): b"\\u2029"}
"""What could end a script or a line of it, and how JSON may write it instead."""


def script(name: str, json: bytes) -> bytes:
    """A script that leaves `json` where the page's scripts look for it."""
    key = msgspec.json.encode(name)
    for text, written in _ENDS.items():
        key, json = key.replace(text, written), json.replace(text, written)
    return b"((window.report ??= {}).data ??= {})[" + key + b"] = " + json + b";\n"


def _boards(report: Report, runs: Iterable[RunDigest]) -> tuple[BoardView, ...]:
    """The boards of these runs, oldest first, in the order in which the report has them."""
    found = [
        (case_name(one.run, case), case.status, (one.run.id, case))
        for one in runs
        for case in one.cases
    ]
    scopes: dict[Scope, dict[Key, dict[Workload, Found]]] = {}
    for name, case in newest(found).items():
        lines = scopes.setdefault(name.scope, {})
        lines.setdefault((name.implementation, name.variant), {})[name.workload] = case
    order = {board.scope: place for place, board in enumerate(report.boards)}
    known = sorted(scopes, key=lambda scope: order.get(scope, len(order)))
    return tuple(board_view(report, scope, scopes[scope]) for scope in known)
