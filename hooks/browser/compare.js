// The compare page: a reader chooses two lines or runs and a leaderboard; the choices are in the URL.

const { element, pairs, format } = report;
const NAMES = ["a", "b", "board", "line"];

const values = (select) => [...select.options].map(({ value }) => value);
const isRun = (name) => name.startsWith(pairs.RUN);

// Messages about choices that do not exist.
function unknown(form, state) {
  const messages = [];
  for (const side of ["a", "b"]) {
    if (state[side] && !values(form.elements[side]).includes(state[side])) {
      const kind = isRun(state[side]) ? "run" : "implementation";
      const name = state[side].replace(pairs.RUN, "");
      messages.push(`There is no ${kind} called “${name}” here; choose another ${side.toUpperCase()}.`);
    }
  }
  if (state.board && !values(form.elements.board).includes(state.board)) {
    messages.push(`There are no results called “${state.board}”; choose others.`);
  }
  return messages;
}

// The choices, by default the two fastest lines of the first leaderboard.
async function withDefaults(state) {
  if (state.a && state.b) return state;
  const [board] = await report.boards.all();
  const ranked = board.lines.map(({ key }) => key);
  const b = state.b || ranked.find((key) => key !== (state.a || ranked[0]));
  return { ...state, a: state.a || ranked.find((key) => key !== b), b };
}

function sentence({ overall, labels, cases, whole, where }) {
  if (!overall) return `${labels[0]} and ${labels[1]} have no workload in common that both completed.`;
  const over = `over ${overall.covered} of ${cases.length} ${whole ? "cases" : "workloads"} ${where}`;
  if (overall.indistinguishable) {
    return `${labels[0]} and ${labels[1]} are indistinguishable ${over}.`;
  }
  if (overall.indistinguishable === null) {
    return `${labels[0]} against ${labels[1]}: undecided, because one of them has a single round; `
      + `the ratio is ${pairs.factor(overall.value)} ${over}.`;
  }
  const [fast, slow] = overall.value > 1 ? labels : [labels[1], labels[0]];
  const times = pairs.factor(Math.max(overall.value, 1 / overall.value));
  return `${fast} is ${times} as fast as ${slow} ${over}.`;
}

const capital = (text) => text[0].toUpperCase() + text.slice(1);

function counts({ rows, overall, whole }) {
  const verdicts = rows.filter(({ ratio }) => ratio).map(({ ratio }) => pairs.verdictOn(ratio));
  const parts = pairs.VERDICTS.filter((name) => verdicts.includes(name))
    .map((name) => `${name} (${verdicts.filter((verdict) => verdict === name).length})`);
  const mean = `Geometric mean of A’s speed over B’s: ${pairs.exact(overall.value)}`;
  const interval = overall.low === null ? "no interval" : `95 % interval ${pairs.reach(overall)}`;
  return `${mean}, ${interval}. ${whole ? "Lines" : "Workloads"}: ${parts.join(", ")}.`;
}

// A note if the two lines differ in precision class.
function caution({ lines, whole }) {
  if (whole || lines[0].precision === lines[1].precision) return null;
  const classes = lines.map(({ label, precision }) => `${label} is ${precision}`).join(", ");
  return element("p", { class: "report-note" },
    `${classes}: they compute different things and are not ranked together.`);
}

// Show the choices in the form. The selector of a line is for two runs.
function setForm({ a, b, board, line }, state, pair) {
  a.value = state.a;
  b.value = state.b;
  if (pair.board ?? state.board) board.value = pair.board ?? state.board;
  line.closest("label").hidden = ![a, b].every(({ value }) => isRun(value));
  if (!pair.boards) return;
  const labels = new Map(pair.boards.flatMap(({ lines }) => lines).map(({ key, label }) => [key, label]));
  line.replaceChildren(...[["", "all"], ...labels].map(([key, label]) => (
    element("option", { value: key }, label))));
  line.value = state.line ?? "";
}

// The sentences above the chart, and the tables below it.
function outcome({ problems, ...pair }) {
  if (problems.length) return problems.map((text) => element("p", {}, text));
  return [element("p", {}, capital(sentence(pair))),
    pair.overall ? element("p", { class: "report-note" }, counts(pair)) : "", caution(pair) ?? ""];
}

async function tables(pair, choose) {
  if (pair.problems.length) return [];
  const words = await report.load("words");
  const table = pair.whole ? report.pairTables.ofRuns(pair, (line) => choose({ line }))
    : report.pairTables.ofLines(pair, words);
  const heading = element("h2", { id: "differences" }, "Other differences");
  const differences = await report.pairTables.differences(pair);
  return [table, report.pairTables.failures(pair, words), heading, differences].flat().filter(Boolean);
}

// The chart of speed ratios.
function pointOf({ label, ratio, sides }) {
  const { value } = ratio;
  const us = (result) => (result?.us ? `${format.microseconds(result.us)} µs` : "");
  return {
    name: label, value, low: ratio.low ?? value, high: ratio.high ?? value, verdict: pairs.verdictOn(ratio),
    ratio: pairs.exact(value), interval: pairs.reach(ratio),
    a: sides ? us(sides[0]) : `over ${format.counted(ratio.covered, "workload")}`,
    b: sides ? us(sides[1]) : "",
  };
}

report.kinds.ratios = async (options) => {
  const pair = await pairs.load(options);
  const points = pair.rows.filter(({ ratio }) => ratio).map(pointOf);
  const present = new Set(points.map((point) => point.verdict));
  const all = points.map((point) => `${point.name} ${point.ratio} ${point.verdict}`);
  return {
    description: `Speed of ${pair.labels[0]} (A) over speed of ${pair.labels[1]} (B) `
      + `${pair.where}: ${all.join("; ")}. A table contains the same numbers.`,
    data: { points },
    params: { shown: pairs.VERDICTS.filter((name) => present.has(name)) },
  };
};

report.mount(".report-compare", (root) => {
  const form = root.querySelector("form");
  const { a, b } = form.elements;
  const { state, choose } = report.address.choices(root, NAMES, { form, show });
  let turn = 0;

  // Both sides are written, so that defaults stay as shown.
  function change(choice) {
    const sides = { a: a.value, b: b.value, ...choice };
    choose(isRun(sides.a) && isRun(sides.b) ? sides : { ...sides, line: "" });
  }

  async function show() {
    const current = ++turn;
    const missing = unknown(form, state);
    const chosen = await withDefaults({ ...state });
    const pair = missing.length ? { problems: missing } : await pairs.load(chosen);
    if (current !== turn || !root.isConnected) return;
    setForm(form.elements, chosen, pair);
    root.querySelector(".report-drawn").hidden = !pair.overall;
    root.querySelector(".report-outcome").replaceChildren(...outcome(pair));
    if (pair.overall) {
      const { line } = chosen;
      report.redraw(root.querySelector(".report-chart"), { a: chosen.a, b: chosen.b, board: pair.board, line });
    }
    const content = await tables(pair, change);
    if (current !== turn) return;
    root.querySelector(".report-pairs").replaceChildren(...content);
    form.hidden = false;
  }

  b.replaceChildren(...[...a.children].map((group) => group.cloneNode(true)));
  form.addEventListener("change", ({ target }) => change({ [target.name]: target.value }));
  root.querySelector(".report-swap").addEventListener("click", () => change({ a: b.value, b: a.value }));
  show().catch(console.error);
});
