// The chart of lines over the sequence length: the twin of hooks/charts/drawing.py and of `filled` in
// hooks/charts/templates.py, for what a reader chooses.
(() => {
  "use strict";

  const report = (window.report ??= {});
  const { METRICS, measured, text, logAxis, linearAxis, baselineOf } = report.metrics;
  const GREY = "#9a9fa8"; // other lines, where a page shows its own among them
  const ONE_ROUND = "one round: no interval";

  function pointsOf(board, line, metric, baseline) {
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
      }];
    });
  }

  // options: metric, baseline (a key), own (pages in colour among others in grey), only (pages).
  function drawing(board, { metric, baseline, own, only }) {
    const base = baselineOf(board, baseline);
    const rows = report.boards.ranking(board).rows
      .filter(({ line }) => !only || only.includes(line.slug) || only.includes(report.key(line)))
      .map(({ line }) => ({ line, points: pointsOf(board, line, metric, base) }))
      .filter(({ points }) => points.length);
    const lines = rows.map(({ line }) => line);
    const points = rows.flatMap((row) => row.points);
    const ends = points.flatMap(({ low, high }) => [low, high]);
    const lengths = board.workloads.map(({ x }) => x);
    const named = !lengths.every(Number.isInteger);
    const title = METRICS[metric].title;
    return {
      description: `${title} against sequence length on ${board.name}: `
        + `${lines.map(({ label }) => label).join(", ")}. A table holds the same numbers.`,
      xTitle: named ? "Workload" : "Sequence length (tokens)",
      yTitle: metric === "speedup" && base && baseline ? title.replace("the baseline", base.label) : title,
      axis: (METRICS[metric].log ? logAxis : linearAxis)(ends),
      lengths, named, wide: !named && Math.max(...lengths) >= 4 * Math.min(...lengths),
      names: lines.map(({ label }) => label),
      colours: lines.map((line) => (!own || own.includes(line.slug) ? line.colour : GREY)),
      dashes: lines.map(({ dash }) => dash),
      shapes: lines.map(({ shape }) => shape),
      points: own ? ownLast(points, lines, own) : points,
    };
  }

  // Lines in colour are drawn over those in grey.
  function ownLast(points, lines, own) {
    const mine = new Set(lines.filter((line) => own.includes(line.slug)).map(({ label }) => label));
    return [...points].sort((a, b) => mine.has(a.line) - mine.has(b.line));
  }

  function fill(spec, drawn) {
    spec.data = { values: drawn.points };
    spec.description = drawn.description;
    const scale = (range) => ({ domain: drawn.names, range });
    const scales = {
      color: scale(drawn.colours), strokeDash: scale(drawn.dashes), shape: scale(drawn.shapes),
    };
    for (const { encoding, data } of spec.layer) {
      if (data) continue; // it has values of its own
      for (const channel of Object.keys(scales)) {
        if (channel in encoding) encoding[channel].scale = scales[channel];
      }
      Object.assign(encoding.x, xOf(drawn));
      Object.assign(encoding.y, numeric(drawn.yTitle, drawn.axis));
    }
    return spec;
  }

  function xOf({ named, wide, lengths, xTitle, xAxis }) {
    if (xAxis) return numeric(xTitle, xAxis);
    if (named) return { type: "nominal", title: xTitle, sort: lengths.map(String) };
    return {
      title: xTitle,
      // Vega-Lite warns of `zero` on a logarithmic scale, where it means nothing.
      scale: { ...(wide ? { type: "log" } : { zero: false }), nice: false, padding: 24 },
      axis: { values: lengths, format: "d", labelOverlap: false, grid: false },
    };
  }

  function numeric(title, axis) {
    return {
      title,
      scale: { type: axis.log ? "log" : "linear", domain: [axis.low, axis.high], nice: false },
      axis: { values: axis.ticks, format: ",.6~r" },
    };
  }

  report.lines = { drawing, fill };
  report.kinds.lines = async ({ template, options }) => {
    const board = await report.boards.named(options.board, options.run);
    const drawn = drawing(board, options);
    return { spec: fill(template, drawn), names: drawn.names, connect: report.picks?.connect };
  };
})();
