// The chart of a metric over the sequence length, for a reader's choices. Its specification divides the
// latencies, and decides which lines are in colour, named or beyond the axis.

// The rows of a leaderboard: the latency of each line at each workload, as in hooks/report/charts/lines.py.
const rowsOf = ({ lines, workloads }) => lines.flatMap(({ fields, cases }) => (
  workloads.flatMap(({ name, x, path }, place) => {
    const { us, low = us, high = us, numerators } = cases[place] ?? {};
    return us ? [{ ...fields, workload: name, x, path, us, low, high, ...numerators }] : [];
  })));

// The lines that the chart of a metric shows: those with something to divide.
function shownOf(board, { over }, baseline, only) {
  const divides = (result, place) => result?.us && (!over || (over === "baseline"
    ? baseline?.cases[place]?.us : result.numerators?.[over]));
  return board.lines.filter(({ key, cases }) => cases.some(divides) && (!only || only.includes(key)));
}

report.rowsOf = rowsOf;

// options: metric; baseline (a key); pages (those whose lines are in colour); only (keys of the lines to show).
report.kinds.lines = async (options, figure) => {
  const { pages = [], only = [] } = options;
  const [board, words] = await Promise.all([
    report.boards.named(options.board, options.run), report.load("words")]);
  const { title, log, params } = words.metrics[options.metric];
  const chosen = report.boards.line(board, options.baseline);
  const baseline = chosen ?? report.boards.line(board, board.baseline);
  const names = shownOf(board, params, baseline, options.only).map(({ label }) => label);
  const over = chosen && params.over === "baseline" ? title.replace("the baseline", chosen.label) : title;
  const lengths = board.workloads.map(({ x }) => x);
  const named = !lengths.every(Number.isInteger);
  return {
    kind: `${log ? "log_" : ""}${named ? "named_lines" : "lines"}`,
    description: `${title} against ${named ? "workload" : "sequence length"} on ${board.name}: `
      + `${names.join(", ")}. A table contains the same numbers.`,
    data: { points: rowsOf(board) },
    params: {
      ...params, pages, only, picked: report.picks.of(figure),
      y_title: log ? `${over}, log scale` : over,
      lengths: named ? [] : lengths,
      baseline: baseline?.key ?? "",
    },
    connect: (view) => report.picks.connect(view, figure, names),
  };
};
