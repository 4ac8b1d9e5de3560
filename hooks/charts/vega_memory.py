"""Memory of every line at one workload: dots, the least first."""

import altair as alt

_STEP = 20


def memory() -> alt.Chart:
    """A scale that is logarithmic over 1 MiB and holds zero: some lines allocate nothing."""
    chart: alt.Chart = (
        alt.Chart(alt.NamedData("points"))
        .mark_point(filled=True, size=70, opacity=1)
        .encode(
            x=alt.X(
                "mib:Q",
                title="Memory during a call (MiB, log scale over 1)",
                scale=alt.Scale(type="symlog", constant=1, padding=8),
                axis=alt.Axis(values=[0, *(10**n for n in range(7))], format=",~r"),
            ),
            y=alt.Y("line:N", title=None, sort=None, axis=alt.Axis(grid=True)),
            color=alt.Color("colour:N", scale=None),
            shape=alt.Shape("shape:N", scale=None),
            tooltip=[alt.Tooltip("line:N", title="Line"), alt.Tooltip("value:N", title="Memory")],
        )
        .properties(width="container", height=alt.Step(_STEP))
    )
    return chart
