// The charts of one workload: the twin of hooks/charts/workload_charts.py; a test holds that both
// draw the same.
(() => {
  "use strict";

  const report = (window.report ??= {});
  const { BEST, SLOWER, QUANTISED, UNRANKED } = report.spots;
  const { axis } = report.lines;
  const { logAxis } = report.metrics;
  const CIRCLE = "M1,0A1,1,0,1,1,-1,0A1,1,0,1,1,1,0Z";
  const DIAMOND = "M0,-1.2L1.2,0L0,1.2L-1.2,0Z";
  const STANDINGS = {
    [BEST]: ["#0077bb", CIRCLE], [SLOWER]: ["#7c8492", CIRCLE], [QUANTISED]: ["#d9541e", DIAMOND],
    [UNRANKED]: ["#7c8492", DIAMOND],
  };
  const ROOM = 0.35; // of the axis, beyond the largest value: for the number beside it

  function beyond(values) {
    if (!values.length) return [];
    const [low, high] = [Math.min(...values), Math.max(...values)];
    return [high * (high / low) ** ROOM];
  }

  const told = (title, where, found) => (
    `${title} at ${where}: ${found.map(({ line }) => line).join(", ")}. `
    + "A table holds the same numbers.");

  // Names in the legend, and the colour and marker of each.
  const looksOf = (entries) => ({
    lines: entries.map(([name]) => name),
    colours: entries.map(([, [colour]]) => colour),
    shapes: entries.map(([, [, shape]]) => shape),
  });

  const rowsOf = (found) => report.lines.rows(found.map(({ line }) => line));

  // options.span: "near" leaves out what takes more than twice as long as the fastest.
  function dots(all, where, _, { span }) {
    const title = "Median latency (µs, log scale)";
    const found = span === "near" ? all.filter(({ us }) => us <= 2 * all[0].us) : all;
    const ends = found.flatMap(({ low, high }) => [low, high]);
    const standings = new Set(found.map(({ standing }) => standing));
    return {
      description: told(title, where, found),
      points: found,
      ...looksOf(Object.entries(STANDINGS).filter(([name]) => standings.has(name))),
      ...axis("x", title, logAxis([...ends, ...beyond(ends)])),
      ...rowsOf(found),
    };
  }

  // Every output has a bound of its own, and those of a class differ little: the lowest stands for all.
  function boundsOf(found) {
    const limits = new Map();
    for (const { precision, bound } of found) {
      if (bound) limits.set(precision, Math.min(bound, limits.get(precision) ?? bound));
    }
    return [...limits].map(([precision, bound]) => ({ bound, label: `bound of ${precision}` }));
  }

  function accuracy(all, where, looks) {
    const title = "Relative error (log scale)";
    const found = all.filter(({ error }) => error);
    const bounds = boundsOf(found);
    const errors = found.map(({ error }) => error);
    return {
      description: told(`${title} over median latency`, where, found),
      points: found,
      bounds,
      ...looksOf(found.map(({ line }) => [line, looks.get(line)])),
      ...axis("x", "Median latency (µs, log scale)", logAxis(found.map(({ us }) => us))),
      ...axis("y", title, logAxis([...errors, ...bounds.map(({ bound }) => bound)])),
    };
  }

  const classOrder = (a, b) => (b === "exact") - (a === "exact") || (a < b ? -1 : 1);

  function footprint(all, where) {
    const title = "Peak memory (MiB, logarithmic above 1)";
    const found = all.filter((spot) => spot.memory !== null).sort((a, b) => a.memory - b.memory);
    const classes = [...new Set(found.map(({ precision }) => precision))].sort(classOrder);
    const high = Math.max(0, ...found.map((spot) => spot.memory)) * 6 + 1;
    const decades = Array.from({ length: 12 }, (_, power) => 10 ** power);
    return {
      description: told(title, where, found),
      points: found,
      ...looksOf(classes.map((name) => [name, STANDINGS[name === "exact" ? BEST : QUANTISED]])),
      ...axis("x", title, { low: 0, high, ticks: [0, ...decades.filter((decade) => decade <= high)] }),
      ...rowsOf(found),
    };
  }

  const KINDS = { dots, accuracy, footprint };

  for (const [kind, values] of Object.entries(KINDS)) {
    report.kinds[kind] = async (options) => {
      const board = await report.boards.named(options.board, options.run);
      const place = board.workloads.findIndex(({ name }) => name === options.workload);
      const looks = new Map(board.lines.map(({ label, colour, shape }) => [label, [colour, shape]]));
      const where = `${options.workload} on ${board.device}`;
      return { values: values(report.spots.of(board, place), where, looks, options) };
    };
  }
})();
