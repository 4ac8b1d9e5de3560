// Loads the leaderboards that Python made; hooks/report/charts/payload.py describes them.

// All leaderboards of a run, or of the newest results; or one of them by its name.
const all = (run) => report.load(`boards/${run || "latest"}`);
const named = async (name, run) => (await all(run)).find((board) => board.name === name);

// The line of a leaderboard with this key.
const line = (board, key) => board?.lines.find((each) => each.key === key);

report.boards = { all, named, line };
