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
            BenchError: no folder from `start` upwards holds a `mkdocs.yml`.
        """
        start = (start or Path.cwd()).resolve()
        for folder in (start, *start.parents):
            if (folder / "mkdocs.yml").is_file():
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
