// The compare page: which two, on which board; all of it in the address.
(() => {
  "use strict";

  const report = (window.report ??= {});
  const { element, pairs, format } = report;
  const NAMES = ["a", "b", "board", "line"];

  const values = (select) => [...select.options].map(({ value }) => value);
  const isRun = (name) => name.startsWith(pairs.RUN);

  // What is not there by that name, in words.
  function unknown(form, state) {
    const found = [];
    for (const side of ["a", "b"]) {
      if (state[side] && !values(form.elements[side]).includes(state[side])) {
        const what = isRun(state[side]) ? "run" : "implementation";
        const name = state[side].replace(pairs.RUN, "");
        found.push(`There is no ${what} called “${name}” here; choose another ${side.toUpperCase()}.`);
      }
    }
    if (state.board && !values(form.elements.board).includes(state.board)) {
      found.push(`There are no results called “${state.board}”; choose others.`);
    }
    return found;
  }

  // Without a choice: the fastest of the first board beside the next one.
  async function usual(state) {
    if (state.a && state.b) return state;
    const [board] = await report.boards.all();
    const ranked = board.lines.map(({ key }) => key);
    const other = ranked.find((key) => key !== (state.a || state.b || ranked[0]));
    const own = ranked.find((key) => key !== (state.b || other));
    return { ...state, a: state.a || own, b: state.b || other };
  }

  function sentence(pair) {
    const { overall, labels, total, whole } = pair;
    if (!overall) return `${labels[0]} and ${labels[1]} have no workload in common that both completed.`;
    const over = `over ${overall.covered} of ${total} ${whole ? "cases" : "workloads"} ${pair.where}`;
    if (overall.indistinguishable) {
      return `${labels[0]} and ${labels[1]} are indistinguishable ${over}.`;
    }
    if (overall.indistinguishable === null) {
      return `${labels[0]} and ${labels[1]}: nobody can tell, as one of them has a single round; `
        + `the ratio is ${pairs.factor(overall.value)} ${over}.`;
    }
    const [fast, slow] = overall.value > 1 ? labels : [labels[1], labels[0]];
    const times = pairs.factor(Math.max(overall.value, 1 / overall.value));
    return `${fast} is ${times} as fast as ${slow} ${over}.`;
  }

  const capital = (text) => text[0].toUpperCase() + text.slice(1);

  function counts({ rows, overall, whole }) {
    const told = (test) => rows.filter(({ found }) => found && test(found)).length;
    const parts = [
      [told((f) => f.indistinguishable), "indistinguishable"],
      [told((f) => f.indistinguishable === false && f.value > 1), "A faster"],
      [told((f) => f.indistinguishable === false && f.value < 1), "B faster"],
      [told((f) => f.indistinguishable === null), "of one round"],
    ].filter(([count]) => count).map(([count, name]) => `${count} ${name}`);
    const mean = `Geometric mean of A’s speed over B’s: ${pairs.exact(overall.value)}`;
    const interval = overall.low === null ? "no interval" : `95 % interval ${pairs.reach(overall)}`;
    return `${mean}, ${interval}. ${whole ? "Lines" : "Workloads"}: ${parts.join(", ")}.`;
  }

  // Two precision classes do not compute the same.
  function caution({ lines = [], whole }) {
    if (whole || new Set(lines.map(({ precision }) => precision)).size < 2) return null;
    const told = lines.map(({ label, precision }) => `${label} is ${precision}`).join(", ");
    return element("p", { class: "report-note" },
      `${told}: they compute different things, and are not ranked together.`);
  }

  class Comparison {
    constructor(root) {
      this.root = root;
      this.form = root.querySelector("form");
      this.figure = root.querySelector(".report-chart");
      this.outcome = root.querySelector(".report-outcome");
      this.turn = 0;
      this.state = report.address.read(NAMES);
      const { a, b } = this.form.elements;
      b.replaceChildren(...[...a.children].map((group) => group.cloneNode(true)));
      this.form.addEventListener("change", ({ target }) => this.choose({ [target.name]: target.value }));
      this.form.addEventListener("submit", (event) => event.preventDefault());
      root.querySelector(".report-swap").addEventListener("click", () => (
        this.choose({ a: b.value, b: a.value })));
      root.querySelector(".report-copy").addEventListener("click", () => this.copy());
    }

    choose(changes) {
      const { a, b } = this.form.elements;
      // Both are written: what was shown without being asked for stays.
      this.state = { ...this.state, a: a.value, b: b.value, ...changes };
      if (!(isRun(this.state.a) && isRun(this.state.b))) this.state.line = "";
      report.address.write(this.state);
      this.show();
    }

    copy() {
      const { a, b, board } = this.form.elements;
      const full = { ...this.state, a: a.value, b: b.value, board: board.value };
      report.address.copy(report.address.withChoices(full), this.root.querySelector(".report-copied"));
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

    // Of two runs, all lines or one of them.
    async setLines(state, pair) {
      const { line } = this.form.elements;
      const runs = isRun(state.a ?? "") && isRun(state.b ?? "");
      line.closest("label").hidden = !runs;
      if (!runs || !pair?.boards) return;
      const found = new Map(pair.boards.flatMap(({ lines }) => lines)
        .map((one) => [one.key, one.label]));
      line.replaceChildren(element("option", { value: "" }, "all"),
        ...[...found].map(([key, label]) => element("option", { value: key }, label)));
      line.value = state.line ?? "";
    }

    async show() {
      const turn = ++this.turn;
      const missing = unknown(this.form, this.state);
      const state = await usual(this.state);
      const pair = missing.length ? { problems: missing } : await pairs.load(state);
      const words = await report.load("words");
      if (turn !== this.turn || !this.root.isConnected) return;
      this.set(state, pair);
      await this.fill(state, pair, words, turn);
      this.form.hidden = false;
    }

    async fill(state, pair, words, turn) {
      const listed = this.root.querySelector(".report-pairs");
      const drawn = this.root.querySelector(".report-drawn");
      drawn.hidden = Boolean(pair.problems.length) || !pair.overall;
      if (pair.problems.length) {
        this.outcome.replaceChildren(...pair.problems.map((text) => element("p", {}, text)));
        return listed.replaceChildren();
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
        element("h2", { id: "differences" }, "What else differs"), differences];
      return listed.replaceChildren(...all.flat().filter(Boolean));
    }
  }

  report.mount(".report-compare", (root) => {
    new Comparison(root).show().catch(console.error);
  });
})();
