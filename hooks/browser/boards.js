// Leaderboards in the browser, as Python made them: found by their names, their lines in the order of
// the ranking, with ranks, slow-downs and the values of every metric.
(() => {
  "use strict";

  const report = (window.report ??= {});

  // The leaderboards of a run, or of the newest results; one of them by its name.
  const all = (run) => report.load(`boards/${run || "latest"}`);
  const named = async (name, run) => (await all(run)).find((board) => board.name === name);

  report.boards = { all, named };
})();
