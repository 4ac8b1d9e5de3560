// The charts of one workload that a reader chooses; for the workload that a page shows before that,
// hooks/charts/workload_charts.py makes the same rows.
(() => {
  "use strict";

  const report = (window.report ??= {});
  const { BEST, SLOWER, QUANTISED, UNRANKED } = report.spots;
  const STANDINGS = [BEST, SLOWER, QUANTISED, UNRANKED];
  const MOST_LABELS = 24; // names that fit beside a plot, one below the other

  const told = (title, where, found) => (
    `${title} at ${where}: ${found.map(({ line }) => line).join(", ")}. `
    + "A table holds the same numbers.");

  // options.span: "near" leaves out what takes more than twice as long as the fastest.
  function dots(all, where, _, { span }) {
    const points = span === "near" ? all.filter(({ us }) => us <= 2 * all[0].us) : all;
    const present = new Set(points.map(({ standing }) => standing));
    return {
      description: told("Median latency", where, points),
      data: { points },
      params: { standings: STANDINGS.filter((name) => present.has(name)) },
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
    const found = all.filter(({ error }) => error);
    return {
      description: told("Relative error over median latency", where, found),
      data: {
        points: found.map((spot) => ({ ...spot, ...looks.get(spot.line) })),
        labels: found.slice(0, MOST_LABELS).map(({ line }) => ({ line, ...looks.get(line) })),
        bounds: boundsOf(found),
      },
      params: { unnamed: report.lines.unnamed(found) },
    };
  }

  function footprint(all, where) {
    const points = all.filter(({ memory }) => memory !== null).sort((a, b) => a.memory - b.memory);
    return { description: told("Peak memory", where, points), data: { points } };
  }

  const KINDS = { dots, accuracy, footprint };

  for (const [kind, chart] of Object.entries(KINDS)) {
    report.kinds[kind] = async (options) => {
      const [board, words] = await Promise.all([
        report.boards.named(options.board, options.run), report.load("words")]);
      const place = board.workloads.findIndex(({ name }) => name === options.workload);
      const looks = new Map(board.lines.map(({ label, colour, shape }) => [label, { colour, shape }]));
      const where = `${options.workload} on ${board.device}`;
      return chart(report.spots.of(board, place, words), where, looks, options);
    };
  }
})();
