"""What a chart of one workload adds to its template; the twin in browser/workload_charts.js."""

import json
from dataclasses import dataclass
from typing import Any

from hooks.charts.templates import Specification


@dataclass(frozen=True)
class Filling:
    """What a template of one of these charts lacks."""

    description: str
    datasets: dict[str, list[dict[str, Any]]]
    looks: dict[str, tuple[str, str]]
    """Colour and marker by the name that the legend gives them."""
    x: dict[str, Any]
    y: dict[str, Any]
    rows: int = 1
    """As many times as high as its template is the chart."""


def fill(template: Specification, filling: Filling) -> Specification:
    """The template with all that `filling` says."""
    spec: Specification = json.loads(json.dumps(template))
    spec["description"] = filling.description
    spec["data"] = {"name": "points"}
    spec["datasets"] = filling.datasets
    spec["height"] *= filling.rows
    domain = list(filling.looks)
    ranges = {"color": 0, "shape": 1}
    for layer in spec["layer"]:
        for channel, definition in layer["encoding"].items():
            if channel in ranges:
                values = [look[ranges[channel]] for look in filling.looks.values()]
                definition["scale"] = {"domain": domain, "range": values}
            elif channel in ("x", "y") and "field" in definition:
                more = filling.x if channel == "x" else filling.y
                axis = {**definition.get("axis", {}), **more.get("axis", {})}
                definition.update(more | {"axis": axis})
    return spec
