// The table of the workload that a reader chose, as Python made it.
(() => {
  "use strict";

  const report = (window.report ??= {});

  // Put the table of the workload of index `at` on the leaderboard of index `place` into `host`.
  async function fill(host, board, place, at) {
    const parts = await report.load(`workloads/${place}-${board.workloads[at].name}`);
    host.replaceChildren(...parts.map(report.build));
    report.hints(host);
  }

  report.workloadTable = { fill };
})();
