// Boards in the browser: found by their names, their lines in the order of the ranking. The verdicts
// are those of bench/verdicts, by the twins in verdict.js.
(() => {
  "use strict";

  const report = (window.report ??= {});
  const { verdict } = report;
  const made = new WeakMap(); // board → ranking

  const cellsOf = (line) => line.cells.filter((cell) => cell?.us);

  // The exact line with the lowest latency at each workload, by its index; one with an interval, if any.
  function fastest(board) {
    return board.workloads.map((_, place) => {
      const ran = board.lines.filter((line) => line.precision === "exact" && line.cells[place]?.us);
      const known = ran.filter((line) => line.cells[place].low != null);
      return (known.length ? known : ran)
        .reduce((a, b) => (a && a.cells[place].us <= b.cells[place].us ? a : b), null);
    });
  }

  function slowdowns(board) {
    const best = fastest(board).map((line, place) => line?.cells[place]);
    return new Map(board.lines.map((line) => [line, verdict.slowdown(line.cells, best)]));
  }

  // Among the exact lines that cover as many workloads; more coverage comes first. Without an
  // interval nobody can tell who is faster: such a line has no place.
  function placesOver(board, slow) {
    const ranked = board.lines.filter((line) => (
      line.precision === "exact" && slow.get(line)?.low != null));
    const found = new Map();
    const counts = [...new Set(ranked.map((line) => cellsOf(line).length))].sort((a, b) => b - a);
    for (const count of counts) {
      const group = ranked.filter((line) => cellsOf(line).length === count);
      const first = found.size;
      const places = verdict.places(group.map((line) => [slow.get(line).low, slow.get(line).high]));
      group.forEach((line, n) => {
        found.set(line, { rank: first + places[n].rank, tied: places[n].tied });
      });
    }
    return found;
  }

  function placesAt(board, place) {
    const known = board.lines.filter((line) => (
      line.precision === "exact" && line.cells[place]?.us && line.cells[place].low != null));
    const found = verdict.places(known.map(({ cells }) => [cells[place].low, cells[place].high]));
    return new Map(known.map((line, n) => [line, found[n]]));
  }

  const byName = (a, b) => (a < b ? -1 : a > b ? 1 : 0);

  // { rows: [{ line, slowdown, place, covered }], placesAt(workload index) }
  function ranking(board) {
    if (!made.has(board)) {
      const slow = slowdowns(board);
      const over = placesOver(board, slow);
      const rows = board.lines.map((line) => ({
        line, slowdown: slow.get(line), place: over.get(line) ?? null, covered: cellsOf(line).length,
      }));
      rows.sort((a, b) => b.covered - a.covered
        || (a.slowdown?.value ?? Infinity) - (b.slowdown?.value ?? Infinity)
        || byName(a.line.slug, b.line.slug)
        || byName(a.line.variant ?? "", b.line.variant ?? ""));
      made.set(board, { rows, placesAt: (place) => placesAt(board, place) });
    }
    return made.get(board);
  }

  // The boards of a run, or of the newest results; one of them by its name.
  const all = (run) => report.load(`boards/${run || "latest"}`);
  const named = async (name, run) => (await all(run)).find((board) => board.name === name);

  report.boards = { all, named, ranking };
})();
