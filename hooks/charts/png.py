"""A still picture as PNG, the same wherever it is drawn."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_SCALE = 1.2
"""1200 px wide, as pages that preview a link want it."""

_CONFIG = '<?xml version="1.0"?><fontconfig><dir>{}</dir></fontconfig>\n'
"""Fontconfig's way to name the only folder with fonts."""


def png(svg: bytes) -> bytes:
    """`svg` on white, with the fonts that vl-convert brings (Liberation Sans).

    With the machine's own a picture would differ from one to another, and take twice as long: their
    files are opened anew for each letter.
    """
    import vl_convert

    paper = svg.replace(b"><title>", b' style="background: #fff"><title>', 1)
    with _no_fonts_installed():
        drawn: bytes = vl_convert.svg_to_png(paper.decode(), scale=_SCALE)
    return drawn


@contextmanager
def _no_fonts_installed() -> Iterator[None]:
    """vl-convert looks for fonts the first time that it draws in a process."""
    before = os.environ.get("FONTCONFIG_FILE")
    with tempfile.TemporaryDirectory() as folder:
        config = Path(folder, "fonts.conf")
        config.write_text(_CONFIG.format(folder), encoding="utf-8")
        os.environ["FONTCONFIG_FILE"] = str(config)
        try:
            yield
        finally:
            del os.environ["FONTCONFIG_FILE"]
            if before is not None:
                os.environ["FONTCONFIG_FILE"] = before
