// One workload that a reader chooses: its charts and its table, as Python made them.
(() => {
  "use strict";

  const report = (window.report ??= {});

  // { table, charts } of a workload of a leaderboard, both by their names.
  async function load({ board, workload }) {
    const place = (await report.boards.all()).findIndex(({ name }) => name === board);
    return report.load(`workloads/${place}-${workload}`);
  }

  // The chart that `options` name; none where it shows nothing. `near` leaves out what takes more than
  // twice as long as the fastest.
  async function chart(options) {
    const made = (await load(options)).charts[options.chart];
    if (!made || options.span !== "near" || options.chart !== "dots") return made;
    const points = made.data.points.filter(({ us }) => us <= 2 * made.data.points[0].us);
    return { ...made, data: { ...made.data, points } };
  }

  // Put the table of a workload into `host`.
  async function table(host, options) {
    host.replaceChildren(...(await load(options)).table.map(report.build));
    report.hints(host);
  }

  report.kinds.workload = chart;
  report.workload = { chart, table };
})();
