"""Drawings into specifications, through the cache: Altair is imported only on a miss."""

import json
from pathlib import Path

import msgspec

from hooks.charts.drawing import Drawing
from hooks.reading.cache import Cache, versions
from hooks.reading.looks import GREY

VEGA_LITE = "6.4"
"""What Altair writes and the bundled Vega draws; a test holds that they are the same."""


def specification(cache: Cache, drawing: Drawing) -> bytes:
    """The Vega-Lite specification of `drawing`, as JSON."""

    def make() -> bytes:
        from hooks.charts.vega_lite import latency_chart

        return json.dumps(latency_chart(drawing), ensure_ascii=False).encode()

    source = Path(__file__).with_name("vega_lite.py").read_bytes()
    inputs = [msgspec.json.encode(drawing), source, versions("altair")]
    return cache.get(".vl.json", inputs, make)


def in_focus(spec: bytes, own: set[str]) -> bytes:
    """`spec` with the lines called `own` in their colours, on top of all others in grey."""
    focused = json.loads(spec)
    for layer in focused["layer"]:
        scale = layer["encoding"]["color"]["scale"]
        pairs = zip(scale["domain"], scale["range"], strict=True)
        scale["range"] = [colour if line in own else GREY for line, colour in pairs]
    focused["data"]["values"].sort(key=lambda point: point["line"] in own)
    return json.dumps(focused, ensure_ascii=False).encode()
