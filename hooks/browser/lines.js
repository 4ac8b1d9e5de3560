// The chart of a metric over the sequence length, for what a reader chooses; for what a page shows
// before that, hooks/charts/over_lengths.py makes the same rows.
(() => {
  "use strict";

  const report = (window.report ??= {});
  const { METRICS, measured, text, baselineOf } = report.metrics;
  const GREY = "#9a9fa8"; // lines that do not stand out
  const MOST_LABELS = 24; // names that fit beside a plot, one below the other
  const MOST_OUTLIERS = 3;
  const NEAR = 3; // times the fastest: the axis shows where such lines are
  const ONE_ROUND = "one round: no interval";

  function pointsOf(board, line, metric, baseline, look) {
    return board.workloads.flatMap((workload, place) => {
      const found = measured(metric, board, line, place, baseline);
      if (!found) return [];
      const cell = line.cells[place];
      const ends = `${text(metric, found.low)} – ${text(metric, found.high)}`;
      return [{
        line: line.label,
        x: workload.x,
        y: found.value,
        low: found.low,
        high: found.high,
        workload: workload.name,
        value: text(metric, found.value),
        interval: cell.low === undefined ? ONE_ROUND : ends,
        latency: text("latency", cell.us),
        ...look,
      }];
    });
  }

  const among = (names, line) => names.includes(line.slug) || names.includes(report.key(line));

  // What tells the lines of a board apart in this figure: a colour where one stands out, grey elsewhere.
  function looks(board, { baseline, own, only }, picked) {
    const base = baselineOf(board, baseline);
    const strong = ({ line, place }) => picked.includes(line.label)
      || (own ? among(own, line) : Boolean(only) || line === base || place?.rank === 1);
    return (row) => ({
      colour: strong(row) ? row.line.colour : GREY,
      dash: row.line.dash,
      shape: row.line.shape,
      strong: strong(row),
    });
  }

  // What a reader picked is drawn wherever it lies.
  const contends = ({ line, slowdown }, { own, only }, picked) => !slowdown || slowdown.value <= NEAR
    || Boolean(only) || picked.includes(line.label) || Boolean(own && among(own, line));

  // Lines in colour are drawn over those in grey.
  const strongLast = (rows) => [...rows].sort((a, b) => a.strong - b.strong);

  // Those of the lines, the best first, that have room for a name; in colour before grey.
  function labelled(last) {
    const first = new Set([...last].sort((a, b) => b.strong - a.strong).slice(0, MOST_LABELS));
    return last.filter((row) => first.has(row));
  }

  // What to say of lines beyond the axis, by the last point of each.
  function outliers(last, arrow) {
    const shown = last.length <= MOST_OUTLIERS ? last : last.slice(0, MOST_OUTLIERS - 1);
    const said = shown.map(({ line, value, strong }) => (
      { line, text: `${line} ${value} ${arrow}`, strong }));
    if (shown.length === last.length) return said;
    const more = `and ${last.length - shown.length} more, in the table ${arrow}`;
    return [...said, { line: "", text: more, strong: false }];
  }

  const named = (lengths) => !lengths.every(Number.isInteger);

  // options: metric, baseline (a key), own (pages in colour among others in grey), only (lines).
  function chart(board, options, picked) {
    const { metric, baseline, only } = options;
    const base = baselineOf(board, baseline);
    const lookOf = looks(board, options, picked);
    const shown = report.boards.ranking(board).rows
      .filter(({ line }) => !only || among(only, line))
      .map((row) => ({ ...row, points: pointsOf(board, row.line, metric, base, lookOf(row)) }))
      .filter(({ points }) => points.length);
    const { title, log } = METRICS[metric];
    const near = shown.filter((row) => !log || contends(row, options, picked));
    const within = near.length ? near : shown;
    const beyond = shown.filter((row) => !within.includes(row));
    const lengths = board.workloads.map(({ x }) => x);
    const names = shown.map(({ line }) => line.label);
    const over = metric === "speedup" && base && baseline;
    return {
      kind: `${log ? "log_" : ""}${named(lengths) ? "named_lines" : "lines"}`,
      description: `${title} against sequence length on ${board.name}: ${names.join(", ")}. `
        + "A table holds the same numbers.",
      data: {
        points: strongLast(within.flatMap(({ points }) => points)),
        labels: labelled(within.map(({ points }) => points.at(-1))),
        outliers: outliers(beyond.map(({ points }) => points.at(-1)), metric === "latency" ? "↑" : "↓"),
      },
      params: {
        y_title: over ? title.replace("the baseline", base.label) : title,
        lengths: named(lengths) ? [] : lengths,
        picked,
      },
      connect: (view, figure) => report.picks.connect(view, figure, names),
    };
  }

  report.lines = { looks, contends, strongLast, labelled, outliers };
  report.kinds.lines = async (options, figure) => {
    const board = await report.boards.named(options.board, options.run);
    return chart(board, options, report.picks.of(figure));
  };
})();
