"""Makes selftest files for tests, through the real record type."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
from records import H200, START

from bench.analysis.alternate_timings import ClockPair
from bench.devices.discovery import device_folder
from bench.records.run_lines import PROTOCOL, Environment
from bench.selftest.fitness import SELFTEST_SCHEMA, SameKernel, SelfTest, Trial

CHEAT = Trial(
    title="Another stream",
    intent="works where our events do not look",
    wanted="incorrect",
    status="incorrect",
    reason="an output of the timed loop is wrong",
)
CRASH = Trial(title="A segfault", intent="ends the process", wanted="crashed", status="crashed")
HONEST = Trial(title="SDPA", intent="nothing", wanted="ok", status="ok")
PAIR = ClockPair(
    title="SDPA", workload="b1-s4224-h24-d128-bfloat16", ours_us=(604.0,), theirs_us=(602.5,)
)


def selftest(environment: Environment = H200, *, day: int = 0, **more: Any) -> SelfTest:
    """A selftest that found the harness fit, `day` days after the first run."""
    started = START + timedelta(days=day)
    values = {
        "schema": SELFTEST_SCHEMA,
        "id": f"{started:%Y%m%dT%H%M%SZ}-selftest",
        "started": started,
        "environment": environment,
        "protocol": PROTOCOL,
        "command": "python -m bench selftest",
        "commit": "0123456789abcdef0123456789abcdef01234567",
        "dirty": False,
        "same": SameKernel(names=4, pairs=600, different=2),
        "cheats": (CHEAT,),
        "crashes": (CRASH,),
        "honest": (HONEST,),
        "nvbench": (PAIR,),
        "cupti": (PAIR,),
    }
    return SelfTest(**(values | more))


def write_selftest(root: Path, test: SelfTest) -> Path:
    """Write `test` into `root`'s data folder, as `python -m bench selftest` would."""
    path = root / "data" / device_folder(test.environment) / f"{test.id}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(msgspec.json.encode(test))
    return path
