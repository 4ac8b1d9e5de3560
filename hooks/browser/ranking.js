// The table of a leaderboard for a chosen run or baseline: the rows that Python made, with speed-ups
// over the chosen baseline.

const { element, format, verdict, boards } = report;

// A speed-up and, in small print, its interval, which is empty for a line compared with itself.
function factor(speedup) {
  if (!speedup) return "–";
  const { value, low, high, covered } = speedup;
  const known = low !== null;
  const reach = known ? `95 % interval: ${low.toFixed(4)} – ${high.toFixed(4)}×` : "one round";
  const spread = !known ? "one round" : low < high ? format.plusMinus(value, low, high) : "";
  return element("span", { title: `${reach}; over ${covered} workloads` },
    `${format.times(value)} `, element("small", {}, spread));
}

function writeSpeedups(table, board, key) {
  const baseline = boards.line(board, key);
  if (!baseline) return;
  for (const line of board.lines) {
    const cell = table.querySelector(`tr[data-line="${CSS.escape(line.key)}"] .speedup`);
    cell?.replaceChildren(factor(verdict.slowdown(baseline.cases, line.cases)));
  }
}

// Replace the rows of `table` by those of `board` or, for the newest results, by those of `original`, the
// table as served; checked boxes stay checked.
function fill(table, original, board, baseline) {
  const checked = new Set([...table.querySelectorAll(".pick input:checked")].map((box) => box.value));
  const rows = board.table ? report.build(board.table).querySelector("table") : original.cloneNode(true);
  table.tHead.replaceWith(rows.tHead);
  table.tBodies[0].replaceWith(rows.tBodies[0]);
  for (const box of table.querySelectorAll(".pick input")) box.checked = checked.has(box.value);
  writeSpeedups(table, board, baseline);
}

report.ranking = { fill };
