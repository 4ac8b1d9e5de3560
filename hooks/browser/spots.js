// One workload that a reader chooses, line by line; hooks/charts/spots.py makes the same for the one
// that a page shows first.
(() => {
  "use strict";

  const report = (window.report ??= {});
  const { format } = report;
  const MIB = 2 ** 20;
  const BEST = "may be the fastest";
  const SLOWER = "slower";
  const QUANTISED = "quantised, not ranked";
  const UNRANKED = "one round, not ranked";
  const byName = (a, b) => (a < b ? -1 : a > b ? 1 : 0);

  // The index of the workload of the most tokens that anything ran.
  function longest(board) {
    const all = board.workloads.map((workload, place) => ({ ...workload, place }));
    const ran = all.filter(({ place }) => board.lines.some((line) => line.cases[place]?.us));
    const order = (a, b) => b.tokens - a.tokens || byName(b.name, a.name);
    return (ran.length ? ran : all).sort(order)[0].place;
  }

  // The lines that ran a workload, the fastest first.
  const ran = (board, place) => board.lines.filter((line) => line.cases[place]?.us)
    .sort((a, b) => a.cases[place].us - b.cases[place].us
      || byName(a.slug, b.slug) || byName(a.variant ?? "", b.variant ?? ""));

  // As Python's `.1e`: two digits in the exponent.
  const scientific = (value) => value.toExponential(1).replace(/(?<=e[+-])(\d)$/, "0$1");

  // A relative error and its bound; empty where nothing was judged.
  function judged({ error, bound }) {
    return error === undefined ? "" : `${scientific(error)}, bound ${scientific(bound)}`;
  }

  const size = ({ memory }) => `${format.number(memory / MIB)} MiB`;

  function standing({ precision }, { rank }) {
    if (precision !== "exact") return QUANTISED;
    if (!rank) return UNRANKED;
    return rank.number === 1 ? BEST : SLOWER;
  }

  const of = (board, place, words) => ran(board, place).map((line) => {
    const cell = line.cases[place];
    return {
      line: line.label,
      precision: line.precision,
      standing: standing(line, cell),
      us: cell.us,
      low: cell.low ?? cell.us,
      high: cell.high ?? cell.us,
      error: cell.error ?? null,
      bound: cell.bound ?? null,
      memory: cell.memory === undefined ? null : cell.memory / MIB,
      latency: `${format.microseconds(cell.us)} µs`,
      interval: cell.low === undefined ? words.one_round : `${format.between(cell.low, cell.high)} µs`,
      accuracy: judged(cell) || "unknown",
      size: cell.memory === undefined ? "unknown" : size(cell),
    };
  });

  report.spots = { of, longest, BEST, SLOWER, QUANTISED, UNRANKED };
})();
