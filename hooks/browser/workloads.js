// The page of one workload: which board, which workload, and how far the ranked chart reaches.
(() => {
  "use strict";

  const report = (window.report ??= {});
  const { element } = report;
  const NAMES = ["board", "workload", "span"];

  const titled = ({ name, x }) => (
    Number.isInteger(x) ? `${report.format.fixed(x, 0)} tokens (${name})` : name);

  // What was asked for, where it exists, and a sentence about what does not.
  function resolve(boards, root, asked) {
    const board = boards.find(({ name }) => name === asked.board)
      ?? boards.find(({ name }) => name === root.dataset.board) ?? boards[0];
    const missing = [];
    if (asked.board && board.name !== asked.board) missing.push(`no results called “${asked.board}”`);
    let at = board.workloads.findIndex(({ name }) => name === asked.workload);
    if (at < 0) {
      if (asked.workload) missing.push(`no workload “${asked.workload}” here`);
      at = board.workloads.findIndex(({ name }) => name === board.longest);
    }
    return { board, at, missing };
  }

  function told(root, { board, at, missing }) {
    const shown = `${board.workloads[at].name} on ${board.name}`;
    const text = missing.length ? `There is ${missing.join(" and ")}; this is ${shown}.` : shown;
    root.querySelector(".report-told").textContent = text;
  }

  function setForm(form, { board, at }, { span }) {
    form.elements.board.value = board.name;
    form.elements.workload.replaceChildren(...board.workloads.map((workload) => (
      element("option", { value: workload.name }, titled(workload)))));
    form.elements.workload.value = board.workloads[at].name;
    form.elements.span.value = span === "near" ? "near" : "";
  }

  // A chart of nothing is left out: memory, for one, is not known on a CPU.
  async function draw(root, { board, at }, { span }) {
    for (const figure of root.querySelectorAll(".report-chart")) {
      const options = { board: board.name, workload: board.workloads[at].name, span };
      const shown = await report.workload.chart({ ...JSON.parse(figure.dataset.chart), ...options });
      figure.closest("section").hidden = !shown;
      if (shown) report.redraw(figure, options);
    }
  }

  report.mount(".report-workloads", (root) => {
    const form = root.querySelector("form");
    const asked = report.address.read(NAMES);
    let turn = 0;

    async function show() {
      const own = ++turn;
      const boards = await report.boards.all();
      if (own !== turn || !root.isConnected) return;
      const found = resolve(boards, root, asked);
      told(root, found);
      setForm(form, found, asked);
      const { board, at } = found;
      await report.workload.table(root.querySelector(".report-listed"), { board: board.name, workload: board.workloads[at].name });
      await draw(root, found, asked);
    }

    form.addEventListener("change", ({ target }) => {
      asked[target.name] = target.value;
      if (target.name === "board") delete asked.workload; // of another suite
      report.address.write({ ...Object.fromEntries(NAMES.map((name) => [name, ""])), ...asked });
      show();
    });
    form.addEventListener("submit", (event) => event.preventDefault());
    form.querySelector(".report-copy").addEventListener("click", () => {
      const { board, workload, span } = form.elements;
      const full = { board: board.value, workload: workload.value, span: span.value };
      report.address.copy(report.address.withChoices(full), form.querySelector(".report-copied"));
    });
    root.querySelector(".report-others").hidden = true;
    show().then(() => { form.hidden = false; }, console.error);
  });
})();
