"""Memory of every line at one workload: dots, the least first."""

import altair as alt

_HEIGHT = 280


def memory() -> alt.Chart:
    """A scale that is logarithmic from 1 MiB on and holds zero: some lines allocate nothing."""
    chart: alt.Chart = (
        alt.Chart(alt.NamedData("points"))
        .mark_point(filled=True, size=70, opacity=1)
        .encode(
            x=alt.X(
                "mib:Q",
                title="MiB, log scale",
                scale=alt.Scale(type="symlog", constant=1, nice=False),
                axis=alt.Axis(values=[0, *(10**n for n in range(7))], format=",~r"),
            ),
            y=alt.Y("line:N", title=None, sort=None, axis=alt.Axis(grid=True)),
            color=alt.Color("colour:N", scale=None),
            shape=alt.Shape("shape:N", scale=None),
            tooltip=[alt.Tooltip("line:N", title="Line"), alt.Tooltip("value:N", title="Memory")],
        )
        .properties(width="container", height=_HEIGHT)
    )
    return chart
