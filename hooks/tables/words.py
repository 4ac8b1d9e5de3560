"""The words of the report, for what the browser writes itself."""

from bench.verdicts.marks import MEANINGS
from hooks.tables.cases import WORDS
from hooks.tables.signs import SIGNS


def words() -> dict[str, dict[str, str]]:
    """Marks with their signs and meanings, and how each status reads."""
    return {
        "signs": {str(mark): sign for mark, sign in SIGNS.items()},
        "meanings": {str(mark): meaning for mark, meaning in MEANINGS.items()},
        "statuses": dict(WORDS),
    }
