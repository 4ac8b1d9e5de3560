"""Where a page's results come from: hardware, software, and the file that holds every sample."""

from bench.record import Run
from bench.summary import Cell, Line
from bench.text import one_line
from hooks.markup import escape, facts, number
from hooks.report import Report


def environments(report: Report, lines: tuple[Line, ...], base: str) -> str:
    """One list of facts for each run that the lines' results come from, the newest first."""
    cells = [cell for line in lines for cell in line.cells.values()]
    runs = {cell.run.id: cell.run for cell in cells}
    newest = sorted(runs.values(), key=lambda run: (run.started, run.id), reverse=True)
    return "".join(
        _facts(report, run, [cell for cell in cells if cell.run.id == run.id], base)
        for run in newest
    )


def run_path(report: Report, run: Run) -> str:
    """Where the site serves the file of `run`, from its root."""
    file = next(file for file in report.files if file.run.id == run.id)
    return f"data/runs/{file.path.relative_to(report.project.data).as_posix()}"


def _facts(report: Report, run: Run, cells: list[Cell], base: str) -> str:
    where = run.environment
    packages = {name: text for cell in cells for name, text in cell.result.packages.items()}
    kernels = sorted({kernel for cell in cells for kernel in cell.result.local_kernels})
    compute = f", compute capability {where.compute_capability}" if where.compute_capability else ""
    path = run_path(report, run)
    return facts(
        [
            ("Device", _text(f"{where.name}{compute}")),
            ("Memory", _gib(where.memory_bytes)),
            ("Power limit", f"{where.power_limit_w:.0f} W" if where.power_limit_w else None),
            ("Threads", str(where.threads) if where.threads else None),
            ("Driver", _text(where.driver)),
            ("CUDA", _text(where.cuda)),
            ("cuDNN", _text(_cudnn(where.cudnn))),
            ("PyTorch", _text(where.torch)),
            ("Triton", _text(where.triton)),
            ("Python", _text(f"{where.python} on {where.os}")),
            ("Packages", ", ".join(f"{_text(k)} {_text(v)}" for k, v in sorted(packages.items()))),
            ("Local kernels", ", ".join(f"<code>{_text(kernel)}</code>" for kernel in kernels)),
            ("Measured", f"{run.started:%Y-%m-%d %H:%M} UTC"),
            ("Commit", _commit(run)),
            ("Command", f"<code>{_text(run.command)}</code>"),
            ("Samples", f'<a href="{base}{escape(path)}">{_text(run.id)}.jsonl</a>'),
        ]
    )


def _commit(run: Run) -> str | None:
    if not run.commit:
        return None
    changed = " with local changes" if run.dirty else ""
    return f"<code>{_text(run.commit[:12])}</code>{changed}"


def _cudnn(version: str | None) -> str | None:
    """CuDNN gives its version as one number: 91900 is 9.19.0."""
    if version is None or not version.isdecimal():
        return version
    return f"{int(version) // 10000}.{int(version) // 100 % 100}.{int(version) % 100}"


def _gib(amount: int | None) -> str | None:
    return f"{number(amount / 2**30)} GiB" if amount else None


def _text(text: str | None) -> str | None:
    return escape(one_line(text)) if text else None
