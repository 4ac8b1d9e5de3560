// One workload that a reader chooses: its charts and its table, as Python made them.
(() => {
  "use strict";

  const report = (window.report ??= {});

  // { table, charts } of a workload of a leaderboard, both by their names.
  async function load({ board, workload }) {
    const place = (await report.boards.all()).findIndex(({ name }) => name === board);
    return report.load(`workloads/${place}-${workload}`);
  }

  // The chart of a kind; none where it shows nothing. `near` leaves out what takes more than twice as
  // long as the fastest.
  async function chart(kind, options) {
    const made = (await load(options)).charts[kind];
    if (!made || options.span !== "near" || kind !== "dots") return made;
    const points = made.data.points.filter(({ us }) => us <= 2 * made.data.points[0].us);
    return { ...made, data: { ...made.data, points } };
  }

  // Put the table of a workload into `host`.
  async function table(host, options) {
    host.replaceChildren(...(await load(options)).table.map(report.build));
    report.hints(host);
  }

  for (const kind of ["dots", "accuracy", "footprint"]) {
    report.kinds[kind] = (options) => chart(kind, options);
  }
  report.workload = { chart, table };
})();
