// One workload, line by line: the twin of hooks/charts/spots.py.
(() => {
  "use strict";

  const report = (window.report ??= {});
  const { format } = report;
  const MIB = 2 ** 20;
  const ONE_ROUND = "one round: no interval";
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

  // The lines that ran a workload, the fastest first; then those that did not, as they rank.
  function inOrder(board, place) {
    const rows = report.boards.ranking(board).rows.map(({ line }) => line);
    const ran = rows.filter((line) => line.cases[place]?.us);
    ran.sort((a, b) => a.cases[place].us - b.cases[place].us
      || byName(a.slug, b.slug) || byName(a.variant ?? "", b.variant ?? ""));
    return { ran, rest: rows.filter((line) => !line.cases[place]?.us) };
  }

  // As Python's `.1e`: two digits in the exponent.
  const scientific = (value) => value.toExponential(1).replace(/(?<=e[+-])(\d)$/, "0$1");

  // A relative error and its bound; empty where nothing was judged.
  function judged({ error, bound }) {
    return error === undefined ? "" : `${scientific(error)}, bound ${scientific(bound)}`;
  }

  const size = ({ memory }) => `${format.number(memory / MIB)} MiB`;

  function standing(line, place) {
    if (line.precision !== "exact") return QUANTISED;
    if (!place) return UNRANKED;
    return place.rank === 1 ? BEST : SLOWER;
  }

  function of(board, place) {
    const places = report.boards.ranking(board).placesAt(place);
    return inOrder(board, place).ran.map((line) => {
      const cell = line.cases[place];
      const [low, high] = report.metrics.bounds(cell);
      return {
        line: line.label,
        precision: line.precision,
        standing: standing(line, places.get(line)),
        us: cell.us,
        low,
        high,
        error: cell.error ?? null,
        bound: cell.bound ?? null,
        memory: cell.memory === undefined ? null : cell.memory / MIB,
        latency: `${format.microseconds(cell.us)} µs`,
        interval: cell.low === undefined ? ONE_ROUND : `${format.between(cell.low, cell.high)} µs`,
        accuracy: judged(cell) || "unknown",
        size: cell.memory === undefined ? "unknown" : size(cell),
      };
    });
  }

  report.spots = { of, inOrder, longest, judged, size, BEST, SLOWER, QUANTISED, UNRANKED, ONE_ROUND };
})();
