// The combined page: which board, which metric, over which baseline, of which run. What a reader
// chose is in the address, so that a link restores it.
(() => {
  "use strict";

  const report = (window.report ??= {});
  const { element } = report;
  const PARTS = ["device", "suite", "dtype", "mask", "direction"];
  const CHOICES = ["metric", "baseline", "run", "p", "lines"];

  function readAddress() {
    const asked = new URLSearchParams(location.search);
    return Object.fromEntries([...PARTS, ...CHOICES]
      .filter((name) => asked.has(name)).map((name) => [name, asked.get(name)]));
  }

  function writeAddress(state) {
    const url = new URL(location.href);
    for (const name of [...PARTS, ...CHOICES]) {
      if (state[name]) url.searchParams.set(name, state[name]);
      else url.searchParams.delete(name);
    }
    history.replaceState(history.state, "", url);
  }

  // The board that agrees with most of what was asked for, the first parts before the last.
  function closest(sections, asked) {
    const score = (section) => PARTS.reduce(
      (sum, part) => 2 * sum + (!asked[part] || section.dataset[part] === asked[part]), 0);
    return sections.reduce((a, b) => (score(b) > score(a) ? b : a));
  }

  function showScope(form, sections, shown) {
    for (const section of sections) section.hidden = section !== shown;
    for (const part of PARTS) {
      const select = form.elements[part];
      for (const option of select.options) option.disabled = !offers(sections, shown, part, option.value);
      select.value = shown.dataset[part];
    }
  }

  // Whether some board differs from the one that is shown in later parts at most.
  function offers(sections, shown, part, value) {
    const earlier = PARTS.slice(0, PARTS.indexOf(part));
    return sections.some((section) => section.dataset[part] === value
      && earlier.every((one) => section.dataset[one] === shown.dataset[one]));
  }

  report.mount(".report-boards", (root) => {
    const form = root.querySelector(".report-select");
    const sections = [...root.querySelectorAll(".report-board")];
    const boards = new Map(sections.map((section) => [section, new Board(section)]));
    const state = readAddress();
    let shown = closest(sections, state);

    const show = () => {
      showScope(form, sections, shown);
      return boards.get(shown).show(state);
    };
    form.addEventListener("change", ({ target }) => {
      const wanted = Object.fromEntries(PARTS.map((part) => [part, shown.dataset[part]]));
      wanted[target.name] = target.value;
      const same = sections.filter((section) => section.dataset[target.name] === target.value);
      shown = closest(same, wanted);
      for (const part of PARTS) state[part] = shown.dataset[part];
      delete state.run; // the runs of one device are not those of another
      if (!boards.get(shown).offers("baseline", state.baseline)) delete state.baseline;
      delete state.lines;
      writeAddress(state);
      show();
    });
    root.addEventListener("report:choice", ({ detail }) => {
      Object.assign(state, detail);
      writeAddress(state);
      show();
    });
    root.addEventListener("report:copy", ({ detail }) => {
      const full = { ...state };
      for (const part of PARTS) full[part] = shown.dataset[part];
      writeAddress(full);
      report.address.copy(location.href, detail);
      writeAddress(state);
    });
    root.addEventListener("submit", (event) => event.preventDefault());
    form.hidden = [...form.querySelectorAll("label")].every((label) => label.hidden);
    show();
  });

  // One board's section: its tools, chart and table.
  class Board {
    constructor(section) {
      this.section = section;
      [this.figure, this.curve] = section.querySelectorAll(".report-chart");
      report.fastp.connect(section);
      this.tools = section.querySelector(".report-tools");
      this.table = section.querySelector("table.summary");
      this.headline = section.querySelector(".report-headline");
      this.original = [this.table.tHead, this.table.tBodies[0]].map((part) => [...part.children]);
      this.turn = 0;
      const choose = (detail) => {
        section.dispatchEvent(new CustomEvent("report:choice", { bubbles: true, detail }));
      };
      this.tools.addEventListener("change", ({ target }) => {
        const { state } = target.dataset;
        if (!state) return;
        const usual = target.matches("select") ? this.usual(target) : target.defaultChecked;
        choose({ [state]: usual ? "" : target.value });
      });
      this.tools.querySelector(".report-copy").addEventListener("click", () => {
        const detail = this.tools.querySelector(".report-copied");
        section.dispatchEvent(new CustomEvent("report:copy", { bubbles: true, detail }));
      });
      this.tools.hidden = false;
    }

    usual(select) {
      const usual = [...select.options].find((option) => option.defaultSelected) ?? select.options[0];
      return select.value === usual.value;
    }

    // Whether one can choose this value here.
    offers(name, value) {
      return [...this.options(name)].some((option) => option.value === value);
    }

    options(name) {
      return this.tools.querySelector(`[data-state="${name}"]`).options;
    }

    set({ metric, baseline, run }) {
      const radios = [...this.tools.querySelectorAll('[data-state="metric"]')];
      const radio = radios.find(({ value }) => value === metric) ?? radios.find((r) => r.defaultChecked);
      radio.checked = true;
      for (const [name, value] of Object.entries({ baseline, run })) {
        const options = [...this.options(name)];
        const usual = options.find((option) => option.defaultSelected) ?? options[0];
        const found = options.find((option) => option.value === value) ?? usual;
        if (found) found.selected = true;
      }
      return radio.value;
    }

    async show(state) {
      const turn = ++this.turn;
      const metric = this.set(state);
      const { run, baseline } = state;
      this.redraw(this.figure, { metric, run, baseline });
      const [board, words] = await Promise.all([
        report.boards.named(this.section.dataset.board, run), report.load("words")]);
      if (turn !== this.turn) return undefined;
      if (board) report.fastp.show(this.section, board, state);
      if (this.curve && board) this.redraw(this.curve, { run, baseline, p: state.p });
      if (!run && !baseline) return this.restore();
      if (board) report.ranking.fill(this.table, board, { baseline });
      this.written = true;
      return this.pinned(run, board);
    }

    // Only where something has changed: what is drawn already stays.
    redraw(figure, changes) {
      const before = JSON.parse(figure.dataset.chart);
      const changed = Object.entries(changes).some(([name, value]) => (before[name] || "") !== (value || ""));
      if (changed) report.redraw(figure, changes);
    }

    restore() {
      if (!this.written) return; // it is as it was served
      const parts = [this.table.tHead, this.table.tBodies[0]];
      parts.forEach((part, n) => part.replaceChildren(...this.original[n]));
      this.pinned("");
      this.written = false;
    }

    // Say that these are not the newest results, in the place of a headline that is about them.
    pinned(run, board) {
      this.section.querySelector(".report-pinned")?.remove();
      this.headline.hidden = Boolean(run);
      const legend = this.section.querySelector(".report-legend"); // of the newest results
      if (legend) legend.hidden = Boolean(run);
      if (!run) return;
      const link = element("a", { href: `${report.url("runs/")}#${run}` }, run);
      const text = board ? [`${board.name}: the results of run `, link, " alone."]
        : ["Run ", link, " has no results here."];
      const back = element("button", { type: "button" }, "Show the newest");
      back.addEventListener("click", () => {
        this.section.dispatchEvent(new CustomEvent("report:choice", { bubbles: true, detail: { run: "" } }));
      });
      this.headline.after(element("p", { class: "report-pinned" }, text, " ", back));
    }
  }
})();
