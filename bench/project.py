"""The paths of a checkout: where its pages, data and environments are."""

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
            BenchError: no folder from `start` upwards has a `mkdocs.yml`, or the project has its
                own `bench` but another one is running.
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
    def suites(self) -> Path:
        """The folder of suite pages."""
        return self.root / "docs" / "suites"

    @property
    def data(self) -> Path:
        """The folder of run files."""
        return self.root / "data"

    @property
    def environments(self) -> Path:
        """The folder of the virtual environments made for pages; never committed."""
        return self.root / ".cache" / "environments"

    def relative(self, path: Path) -> Path:
        """`path` relative to the project's folder; unchanged if it is outside."""
        return path.relative_to(self.root) if path.is_relative_to(self.root) else path


def _refuse_other_code(root: Path) -> None:
    """Refuse to run another checkout's code, which a copied or linked environment would do."""
    expected, running = root / "bench", Path(__file__).resolve().parent
    if (expected / "__init__.py").is_file() and not expected.samefile(running):
        raise BenchError(
            f"the code in {running.parent} would measure the pages in {root}: run `make setup` in "
            f"{root} to give it its own environment"
        )
