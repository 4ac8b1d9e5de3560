// The table of a leaderboard for a run or a baseline that a reader chose: the rows as Python made them,
// with the speed-ups over that baseline.
(() => {
  "use strict";

  const report = (window.report ??= {});
  const { element, format, verdict, metrics } = report;

  // A speed-up with its interval, small; nothing small where a line is compared with itself.
  function factor(found) {
    if (!found) return "–";
    const { value, low, high, covered } = found;
    const known = low !== null;
    const reach = known ? `95 % interval: ${low.toFixed(4)} – ${high.toFixed(4)}×` : "one round";
    const spread = !known ? "one round" : low < high ? format.plusMinus(value, low, high) : "";
    return element("span", { title: `${reach}; over ${covered} workloads` },
      `${format.times(value)} `, element("small", {}, spread));
  }

  function divide(table, board, key) {
    const baseline = metrics.chosen(board, key);
    if (!baseline) return;
    for (const line of board.lines) {
      const place = table.querySelector(`tr[data-line="${CSS.escape(line.key)}"] .speedup`);
      place?.replaceChildren(factor(verdict.slowdown(baseline.cases, line.cases)));
    }
  }

  // Put the rows of `board` into `table` in the place of those that it has.
  function fill(table, board, { baseline }) {
    const checked = new Set([...table.querySelectorAll(".pick input:checked")].map((box) => box.value));
    const made = report.build(board.table).querySelector("table");
    table.tHead.replaceChildren(...made.tHead.children);
    table.tBodies[0].replaceChildren(...made.tBodies[0].children);
    for (const box of table.querySelectorAll(".pick input")) box.checked = checked.has(box.value);
    divide(table, board, baseline);
  }

  report.ranking = { fill };
})();
