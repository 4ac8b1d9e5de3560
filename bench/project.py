"""Where things are: every path of a checkout, from its root."""

from dataclasses import dataclass
from pathlib import Path

from bench.errors import BenchError


@dataclass(frozen=True)
class Project:
    """A checkout of this project, or a copy of one."""

    root: Path

    @classmethod
    def find(cls, start: Path | None = None) -> "Project":
        """The project around `start` (default: the working directory).

        Raises:
            BenchError: no folder from `start` upwards holds a `mkdocs.yml`, or the project has code
                of its own, and other code runs.
        """
        start = (start or Path.cwd()).resolve()
        for folder in (start, *start.parents):
            if (folder / "mkdocs.yml").is_file():
                _refuse_other_code(folder)
                return cls(folder)
        raise BenchError(f"{start} is not inside the project: go to the folder with mkdocs.yml")

    @property
    def pages(self) -> Path:
        """The folder of implementation pages."""
        return self.root / "docs" / "impls"

    @property
    def data(self) -> Path:
        """The folder of run files."""
        return self.root / "data"

    @property
    def environments(self) -> Path:
        """The virtual environments made for pages, never committed."""
        return self.root / ".cache" / "environments"

    def relative(self, path: Path) -> Path:
        """`path` as a person in the root would type it."""
        return path.relative_to(self.root) if path.is_relative_to(self.root) else path


def _refuse_other_code(root: Path) -> None:
    """An environment copied or linked from another checkout still runs the code there."""
    own, running = root / "bench", Path(__file__).resolve().parent
    if (own / "__init__.py").is_file() and not own.samefile(running):
        raise BenchError(
            f"the code of {running.parent} would measure the pages of {root}: make setup there "
            "makes an environment of its own"
        )
