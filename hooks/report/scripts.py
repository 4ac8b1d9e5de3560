"""The scripts of the pages as one file: what a browser asks for once, it waits for once."""

from pathlib import Path

FOLDER = Path(__file__).parents[1] / "browser"

ORDER = (
    "core",
    "stats",
    "verdict",
    "format",
    "metrics",
    "boards",
    "draw",
    "save",
    "announce",
    "picks",
    "lines",
    "ranking",
    "fastp",
    "address",
    "front",
    "audit",
    "evidence",
    "workload_charts",
    "workloads",
    "pairs",
    "ratios",
    "differences",
    "pair_tables",
    "compare",
    "hints",
    "drawer",
)
"""Each stands on those before it."""


def scripts() -> bytes:
    """All of them, each under its name."""
    parts = (f"// {name}.js\n{_source(name)}" for name in ORDER)
    return "\n".join(parts).encode()


def _source(name: str) -> str:
    return (FOLDER / f"{name}.js").read_text(encoding="utf-8")
