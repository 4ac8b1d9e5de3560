"""The Content-Security-Policy of every page: what a browser may run, load and send."""

import base64
import hashlib
import re
from collections.abc import Iterable

INLINE = ("base", "content", "palette")
"""The theme's own inline scripts, by their templates: each is the same on every page."""

_SCRIPT = re.compile(r"<script\b[^>]*>(.*?)</script>", re.DOTALL)


def policy(templates: Iterable[str]) -> str:
    """A policy for all pages; of scripts in a page, only those in `templates` (HTML) may run.

    One for all, because instant navigation keeps the policy of the page that a reader came by.
    """
    scripts = [script for html in templates for script in _SCRIPT.findall(html)]
    allowed = {
        "default-src": ["'none'"],
        "script-src": ["'self'", *map(_hash, scripts)],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],  # icons in style sheets
        "connect-src": ["'self'"],  # instant navigation, and the search's index
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
