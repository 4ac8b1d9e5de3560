// The chart of lines over the sequence length: the twin of hooks/charts/drawing.py and of
// `drawing_values` in hooks/charts/filling.py, for what a reader chooses.
(() => {
  "use strict";

  const report = (window.report ??= {});
  const { METRICS, measured, text, logAxis, linearAxis, baselineOf } = report.metrics;
  const GREY = "#9a9fa8"; // other lines, where a page shows its own among them
  const STEP = 26; // px of a row
  const ONE_ROUND = "one round: no interval";

  function pointsOf(board, line, metric, baseline) {
    return board.workloads.flatMap((workload, place) => {
      const found = measured(metric, board, line, place, baseline);
      if (!found) return [];
      const cell = line.cases[place];
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
  function values(board, { metric, baseline, own, only }) {
    const base = baselineOf(board, baseline);
    const rows = report.boards.ranking(board).rows
      .filter(({ line }) => !only || only.includes(line.slug) || only.includes(report.key(line)))
      .map(({ line }) => ({ line, points: pointsOf(board, line, metric, base) }))
      .filter(({ points }) => points.length);
    const lines = rows.map(({ line }) => line);
    const points = rows.flatMap((row) => row.points);
    const ends = points.flatMap(({ low, high }) => [low, high]);
    const title = METRICS[metric].title;
    const over = metric === "speedup" && base && baseline;
    return {
      description: `${title} against sequence length on ${board.name}: `
        + `${lines.map(({ label }) => label).join(", ")}. A table holds the same numbers.`,
      points: own ? ownLast(points, lines, own) : points,
      ...looks(lines),
      ...coloured(lines, own),
      ...lengthAxis(board.workloads.map(({ x }) => x)),
      ...axis("y", over ? title.replace("the baseline", base.label) : title,
        (METRICS[metric].log ? logAxis : linearAxis)(ends)),
    };
  }

  const looks = (lines) => ({
    lines: lines.map(({ label }) => label),
    colours: lines.map(({ colour }) => colour),
    dashes: lines.map(({ dash }) => dash),
    shapes: lines.map(({ shape }) => shape),
  });

  // A page's own lines in colour and in the legend, the others in grey.
  function coloured(lines, own) {
    const mine = (line) => !own || own.includes(line.slug);
    return {
      colours: lines.map((line) => (mine(line) ? line.colour : GREY)),
      named: lines.filter(mine).map(({ label }) => label),
    };
  }

  // Lines in colour are drawn over those in grey.
  function ownLast(points, lines, own) {
    const mine = new Set(lines.filter((line) => own.includes(line.slug)).map(({ label }) => label));
    return [...points].sort((a, b) => mine.has(a.line) - mine.has(b.line));
  }

  const named = (lengths) => !lengths.every(Number.isInteger);

  function lengthAxis(lengths) {
    const wide = !named(lengths) && Math.max(...lengths) >= 4 * Math.min(...lengths);
    return {
      x_title: named(lengths) ? "Workload" : "Sequence length (tokens)",
      x_type: wide ? "log" : "linear",
      x_domain: lengths.map(String),
      x_ticks: lengths,
    };
  }

  // What a template asks for of one of its axes, x or y.
  const axis = (name, title, { low, high, ticks, log }) => ({
    [`${name}_title`]: title,
    [`${name}_type`]: log ? "log" : "linear",
    [`${name}_domain`]: [low, high],
    [`${name}_ticks`]: ticks,
  });

  // A row for each name, from the top.
  const rows = (names) => ({ y_domain: names, height: STEP * Math.max(1, names.length) });

  report.lines = { looks, axis, rows };
  report.kinds.lines = async (options) => {
    const board = await report.boards.named(options.board, options.run);
    const template = named(board.workloads.map(({ x }) => x)) ? "named_lines" : "lines";
    return { template, values: values(board, options), connect: report.picks?.connect };
  };
})();
