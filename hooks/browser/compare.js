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

function sentence(pair) {
  const { overall, labels, total, whole } = pair;
  if (!overall) return `${labels[0]} and ${labels[1]} have no workload in common that both completed.`;
  const over = `over ${overall.covered} of ${total} ${whole ? "cases" : "workloads"} ${pair.where}`;
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
  const count = (test) => rows.filter(({ ratio }) => ratio && test(ratio)).length;
  const parts = [
    [count((ratio) => ratio.indistinguishable), "indistinguishable"],
    [count((ratio) => ratio.indistinguishable === false && ratio.value > 1), "A faster"],
    [count((ratio) => ratio.indistinguishable === false && ratio.value < 1), "B faster"],
    [count((ratio) => ratio.indistinguishable === null), "undecided"],
  ].filter(([number]) => number).map(([number, name]) => `${number} ${name}`);
  const mean = `Geometric mean of A’s speed over B’s: ${pairs.exact(overall.value)}`;
  const interval = overall.low === null ? "no interval" : `95 % interval ${pairs.reach(overall)}`;
  return `${mean}, ${interval}. ${whole ? "Lines" : "Workloads"}: ${parts.join(", ")}.`;
}

// A note if the two lines differ in precision class.
function caution({ lines = [], whole }) {
  if (whole || new Set(lines.map(({ precision }) => precision)).size < 2) return null;
  const classes = lines.map(({ label, precision }) => `${label} is ${precision}`).join(", ");
  return element("p", { class: "report-note" },
    `${classes}: they compute different things and are not ranked together.`);
}

class Comparison {
  constructor(root) {
    this.root = root;
    this.form = root.querySelector("form");
    this.figure = root.querySelector(".report-chart");
    this.outcome = root.querySelector(".report-outcome");
    this.turn = 0;
    const { a, b, board } = this.form.elements;
    this.choices = report.address.choices(root, NAMES, {
      full: () => ({ a: a.value, b: b.value, board: board.value }),
      show: () => this.show(),
    });
    b.replaceChildren(...[...a.children].map((group) => group.cloneNode(true)));
    this.form.addEventListener("change", ({ target }) => this.choose({ [target.name]: target.value }));
    root.querySelector(".report-swap").addEventListener("click", () => (
      this.choose({ a: b.value, b: a.value })));
  }

  choose(changes) {
    const { a, b } = this.form.elements;
    // Both sides are written, so that defaults stay as shown.
    const sides = { a: a.value, b: b.value, ...changes };
    const runs = isRun(sides.a) && isRun(sides.b);
    this.choices.choose(runs ? sides : { ...sides, line: "" });
  }

  set(state, pair) {
    const { a, b, board } = this.form.elements;
    for (const [select, value] of [[a, state.a], [b, state.b]]) {
      select.value = value;
      if (select.selectedIndex < 0) select.selectedIndex = -1;
    }
    if (pair?.board ?? state.board) board.value = pair?.board ?? state.board;
    this.setLines(state, pair);
  }

  // Fill the selector of a line, which is shown if two runs are compared.
  async setLines(state, pair) {
    const { line } = this.form.elements;
    const runs = isRun(state.a ?? "") && isRun(state.b ?? "");
    line.closest("label").hidden = !runs;
    if (!runs || !pair?.boards) return;
    const labels = new Map(pair.boards.flatMap(({ lines }) => lines).map(({ key, label }) => [key, label]));
    line.replaceChildren(element("option", { value: "" }, "all"),
      ...[...labels].map(([key, label]) => element("option", { value: key }, label)));
    line.value = state.line ?? "";
  }

  async show() {
    const turn = ++this.turn;
    const missing = unknown(this.form, this.choices.state);
    const state = await withDefaults({ ...this.choices.state });
    const pair = missing.length ? { problems: missing } : await pairs.load(state);
    const words = await report.load("words");
    if (turn !== this.turn || !this.root.isConnected) return;
    this.set(state, pair);
    await this.fill(state, pair, words, turn);
    this.form.hidden = false;
  }

  async fill(state, pair, words, turn) {
    const tables = this.root.querySelector(".report-pairs");
    this.root.querySelector(".report-drawn").hidden = Boolean(pair.problems.length) || !pair.overall;
    if (pair.problems.length) {
      this.outcome.replaceChildren(...pair.problems.map((text) => element("p", {}, text)));
      return tables.replaceChildren();
    }
    this.outcome.replaceChildren(element("p", {}, capital(sentence(pair))),
      pair.overall ? element("p", { class: "report-note" }, counts(pair)) : "", caution(pair) ?? "");
    const { a, b } = state;
    if (pair.overall) report.redraw(this.figure, { a, b, board: pair.board, line: state.line });
    const table = pair.whole
      ? report.pairTables.ofRuns(pair, (line) => this.choose({ line }))
      : report.pairTables.ofLines(pair, words);
    const differences = await report.differences.show(pair);
    if (turn !== this.turn) return undefined;
    const all = [table, report.pairTables.failures(pair, words),
      element("h2", { id: "differences" }, "Other differences"), differences];
    return tables.replaceChildren(...all.flat().filter(Boolean));
  }
}

report.mount(".report-compare", (root) => {
  new Comparison(root).show().catch(console.error);
});
