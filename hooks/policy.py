"""The Content-Security-Policy of every page: what a browser may run, load and send."""

import base64
import hashlib
import re
from collections.abc import Iterable

INLINE = ("base", "content", "palette")
"""Templates of the theme's own inline scripts; each script is the same on every page."""

_SCRIPT = re.compile(r"<script\b[^>]*>(.*?)</script>", re.DOTALL)


def policy(templates: Iterable[str]) -> str:
    """The policy of all pages; of the inline scripts, only those in `templates` (HTML) may run.

    All pages share one policy because instant navigation keeps the first page's.
    """
    scripts = [script for html in templates for script in _SCRIPT.findall(html)]
    allowed = {
        "default-src": ["'none'"],
        "script-src": ["'self'", *map(_hash, scripts)],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],  # data: is for icons in style sheets
        "connect-src": ["'self'"],  # instant navigation, and the index of the search
        "worker-src": ["'self'"],  # the search
        "manifest-src": ["'self'"],
        "font-src": ["'self'"],
        "form-action": ["'self'"],
        "base-uri": ["'none'"],
    }
    return "; ".join(" ".join([name, *sources]) for name, sources in allowed.items())


def _hash(script: str) -> str:
    digest = hashlib.sha256(script.encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"
