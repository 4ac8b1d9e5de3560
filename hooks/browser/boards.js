// Loads the leaderboards that Python made; hooks/report/charts/payload.py describes them.

// All leaderboards of a run, or of the newest results; or one of them by its name.
const all = (run) => report.load(`boards/${run || "latest"}`);
const named = async (name, run) => (await all(run)).find((board) => board.name === name);

report.boards = { all, named };
