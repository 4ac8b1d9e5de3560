// The chart of a metric over the sequence length, for a reader's choices. hooks/report/charts/lines.py
// makes the same rows for the still picture.

const { measured, text, chosen } = report.metrics;
const MOST_LABELS = 24; // number of names that fit next to a plot
const MOST_OUTLIERS = 3;

function pointsOf(board, line, { metric, words, baseline }, style) {
  return board.workloads.flatMap((workload, place) => {
    const quantity = measured(metric, line, place, baseline);
    if (!quantity) return [];
    const [value, low, high] = quantity;
    const { us, low: lowUs } = line.cases[place];
    const withUnit = (number) => text(words, metric, number);
    return [{
      line: line.label,
      x: workload.x,
      y: value,
      low,
      high,
      workload: workload.name,
      value: withUnit(value),
      interval: lowUs === undefined ? words.one_round : `${withUnit(low)} – ${withUnit(high)}`,
      latency: text(words, "latency", us),
      ...style,
    }];
  });
}

const among = (names, { slug, key }) => names.includes(slug) || names.includes(key);

// The style of each line of a figure: in colour if it stands out or is picked, else in grey.
function styles(board, { baseline, pages, only }, picked) {
  const base = baseline || board.baseline;
  const standsOut = (line) => {
    if (picked.includes(line.label) || only) return true;
    return pages ? among(pages, line) : line.key === base || line.rank?.number === 1;
  };
  return ({ colour, dash, shape, ...line }) => ({ colour, dash, shape, strong: standsOut(line) });
}

// The lines that the axes cover, and the others. The axes always cover picked lines and the
// page's lines.
function divided(lines, { pages, only }, picked) {
  const covers = (line) => line.contends || Boolean(only) || picked.includes(line.label)
    || Boolean(pages && among(pages, line));
  const near = lines.filter(covers);
  return near.length ? [near, lines.filter((line) => !covers(line))] : [lines, []];
}

// The points, those of coloured lines last, so that they are drawn over grey ones.
const strongLast = (points) => [...points].sort((a, b) => a.strong - b.strong);

// The rows of `last` for which there is room for a name; coloured lines take precedence.
function labelled(last) {
  const chosen = new Set([...last].sort((a, b) => b.strong - a.strong).slice(0, MOST_LABELS));
  return last.filter((row) => chosen.has(row));
}

const unnamed = (lines) => Math.max(0, lines.length - MOST_LABELS);

// Notes about lines beyond an axis, made from the last point of each.
function outliers(last, arrow) {
  const shown = last.length <= MOST_OUTLIERS ? last : last.slice(0, MOST_OUTLIERS - 1);
  const rows = shown.map(({ line, value, strong }) => (
    { line, text: `${line} ${value} ${arrow}`, strong }));
  const more = last.length - shown.length;
  return more ? [...rows, { line: "", text: `and ${more} more in the table ${arrow}`, strong: false }] : rows;
}

// options: metric; baseline (a key); pages (those whose lines are in colour); only (lines to show).
function chart(board, words, options, picked) {
  const { metric, only } = options;
  const { title, log, better } = words.metrics[metric];
  const baseline = chosen(board, options.baseline);
  const styleOf = styles(board, options, picked);
  const points = new Map(board.lines.map((line) => (
    [line, pointsOf(board, line, { metric, words, baseline }, styleOf(line))])));
  const shown = board.lines.filter((line) => points.get(line).length && (!only || among(only, line)));
  const [within, beyond] = log ? divided(shown, options, picked) : [shown, []];
  const last = (lines) => lines.map((line) => points.get(line).at(-1));
  const lengths = board.workloads.map(({ x }) => x);
  const named = !lengths.every(Number.isInteger);
  const names = shown.map(({ label }) => label);
  const over = metric === "speedup" && baseline ? title.replace("the baseline", baseline.label) : title;
  return {
    kind: `${log ? "log_" : ""}${named ? "named_lines" : "lines"}`,
    description: `${title} against sequence length on ${board.name}: ${names.join(", ")}. `
      + "A table contains the same numbers.",
    data: {
      points: strongLast(within.flatMap((line) => points.get(line))),
      labels: labelled(last(within)),
      outliers: outliers(last(beyond), better === "lower" ? "↑" : "↓"),
    },
    params: {
      y_title: log ? `${over}, log scale` : over,
      lengths: named ? [] : lengths,
      unnamed: unnamed(within),
      picked,
    },
    connect: (view, figure) => report.picks.connect(view, figure, names),
  };
}

report.lines = { styles, divided, strongLast, labelled, unnamed, outliers };
report.kinds.lines = async (options, figure) => {
  const [board, words] = await Promise.all([
    report.boards.named(options.board, options.run), report.load("words")]);
  return chart(board, words, options, report.picks.of(figure));
};
