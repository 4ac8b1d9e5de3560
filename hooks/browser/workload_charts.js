// The charts and the table of the workload that a reader chooses, as Python made them.

// { table, charts } of a workload of a leaderboard.
async function load({ board, workload }) {
  const place = (await report.boards.all()).findIndex(({ name }) => name === board);
  return report.load(`workloads/${place}-${workload}`);
}

// The chart that `options` name; undefined if it has no data. With the span `near`, the ranked chart
// leaves out lines that take more than twice as long as the fastest.
async function chart(options) {
  const whole = (await load(options)).charts[options.chart];
  if (!whole || options.span !== "near" || options.chart !== "ranked") return whole;
  const points = whole.data.points.filter(({ us }) => us <= 2 * whole.data.points[0].us);
  return { ...whole, data: { ...whole.data, points } };
}

// Write the table of a workload into `host`.
async function table(host, options) {
  host.replaceChildren(...(await load(options)).table.map(report.build));
  report.hints(host);
}

report.kinds.workload = chart;
report.workload = { chart, table };
