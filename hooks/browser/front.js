// The front page: a reader chooses the leaderboard, metric, baseline, run and p; the choices are in
// the URL.

const { element, format, verdict, boards } = report;
const PARTS = ["device", "suite", "operation", "dtype", "mask", "direction"];
const NAMES = [...PARTS, "metric", "baseline", "run", "p"];

// The section that matches the wanted parts best; earlier parts count more.
function closest(sections, wanted) {
  const score = (section) => PARTS.reduce(
    (sum, part) => 2 * sum + (!wanted[part] || section.dataset[part] === wanted[part]), 0);
  return sections.reduce((a, b) => (score(b) > score(a) ? b : a));
}

function showScope(form, sections, shown) {
  for (const section of sections) section.hidden = section !== shown;
  for (const part of PARTS) {
    const select = form.elements[part];
    for (const option of select.options) option.disabled = !offers(sections, shown, part, option.value);
    select.value = shown.dataset[part];
    const same = sections.every((section) => section.dataset[part] === shown.dataset[part]);
    select.closest("label").hidden = same || !shown.dataset[part];
  }
}

// Whether a section has this value of a part and agrees with the shown one in all earlier parts.
function offers(sections, shown, part, value) {
  const earlier = PARTS.slice(0, PARTS.indexOf(part));
  return sections.some((section) => section.dataset[part] === value
    && earlier.every((name) => section.dataset[name] === shown.dataset[name]));
}

report.mount(".report-boards", (root) => {
  const form = root.querySelector(".report-select");
  const sections = [...root.querySelectorAll(".report-board")];
  const shownBoards = new Map(sections.map((section) => [section, new Board(section)]));
  const show = () => {
    showScope(form, sections, shown);
    return shownBoards.get(shown).show(state);
  };
  const { state, choose } = report.address.choices(root, NAMES, { form, show });
  let shown = closest(sections, state);

  form.addEventListener("change", ({ target: { name, value } }) => {
    const scope = { ...shown.dataset, [name]: value };
    shown = closest(sections.filter((section) => section.dataset[name] === value), scope);
    const parts = Object.fromEntries(PARTS.map((part) => [part, shown.dataset[part]]));
    const baseline = shownBoards.get(shown).offers("baseline", state.baseline) ? state.baseline : "";
    choose({ ...parts, run: "", baseline }); // a different device has different runs
  });
  form.hidden = [...form.querySelectorAll("label")].every((label) => label.hidden);
  show();
});

// A speed-up and, in small print, its interval, which is empty for a line compared with itself.
function factor(speedup) {
  if (!speedup) return "–";
  const { value, low, high, covered } = speedup;
  const known = low !== null;
  const reach = known ? `95 % interval: ${low.toFixed(4)} – ${high.toFixed(4)}×` : "one round";
  const spread = !known ? "one round" : low < high ? format.plusMinus(value, low, high) : "";
  return element("span", { title: `${reach}; over ${covered} workloads` },
    `${format.times(value)} `, element("small", {}, spread));
}

function writeSpeedups(table, board, key) {
  const baseline = boards.line(board, key);
  if (!baseline) return;
  for (const line of board.lines) {
    const cell = table.querySelector(`tr[data-line="${CSS.escape(line.key)}"] .speedup`);
    cell?.replaceChildren(factor(verdict.slowdown(baseline.cases, line.cases)));
  }
}

// Replace the rows of `table` by those of `board` or, for the newest results, by those of `original`, the
// table as served; checked boxes stay checked.
function fill(table, original, board, baseline) {
  const checked = new Set([...table.querySelectorAll(".pick input:checked")].map((box) => box.value));
  const rows = board.table ? report.build(board.table).querySelector("table") : original.cloneNode(true);
  table.tHead.replaceWith(rows.tHead);
  table.tBodies[0].replaceWith(rows.tBodies[0]);
  for (const box of table.querySelectorAll(".pick input")) box.checked = checked.has(box.value);
  writeSpeedups(table, board, baseline);
}

report.ranking = { fill };

// The section of a leaderboard: its form, charts and table.
class Board {
  constructor(section) {
    this.section = section;
    [this.figure, this.curve] = section.querySelectorAll(".report-chart");
    this.tools = section.querySelector(".report-tools");
    this.table = section.querySelector("table.summary");
    this.headline = section.querySelector(".report-headline");
    this.turn = 0;
    this.defaults = new FormData(this.tools);
    this.tools.addEventListener("change", ({ target: { name, value } }) => {
      report.address.choose(section, { [name]: value === this.defaults.get(name) ? "" : value });
    });
    this.tools.hidden = false;
  }

  // Whether a selector or a row of buttons offers this value.
  offers(name, value) {
    const options = this.tools.querySelectorAll(`[name=${name}] option, input[name=${name}]`);
    return [...options].some((option) => option.value === value);
  }

  // Set the form to the choices, or to its defaults where it does not offer them.
  set(state) {
    for (const [name, usual] of this.defaults) {
      this.tools.elements[name].value = this.offers(name, state[name]) ? state[name] : usual;
    }
    return this.tools.elements.metric.value;
  }

  async show(state) {
    const turn = ++this.turn;
    const metric = this.set(state);
    const { run, baseline } = state;
    report.redraw(this.figure, { metric, run, baseline });
    const [board, words] = await Promise.all([
      report.boards.named(this.section.dataset.board, run), report.load("words")]);
    if (turn !== this.turn) return undefined;
    if (board) report.fastp.show(this.section, board, state);
    if (this.curve && board) report.redraw(this.curve, { run, baseline, p: state.p });
    if (!run && !baseline && !this.original) return undefined; // the table is as served
    this.original ??= this.table.cloneNode(true);
    if (board) fill(this.table, this.original, board, baseline);
    return this.pinned(run, board);
  }

  // Replace the headline, which is about the newest results, by a note about the chosen run.
  pinned(run, board) {
    this.section.querySelector(".report-pinned")?.remove();
    this.headline.hidden = Boolean(run);
    const legend = this.section.querySelector(".report-legend"); // it explains the newest results
    if (legend) legend.hidden = Boolean(run);
    if (!run) return;
    const link = element("a", { href: `${report.url("runs/")}#${run}` }, run);
    const text = board ? [`${board.name}: only the results of run `, link, "."]
      : ["Run ", link, " has no results here."];
    const back = element("button", { type: "button" }, "Show the newest");
    back.addEventListener("click", () => report.address.choose(this.section, { run: "" }));
    this.headline.after(element("p", { class: "report-pinned" }, text, " ", back));
  }
}
