// The workloads page: a reader chooses the leaderboard, the workload and the span of the ranked chart.
// The charts and the table of each workload are those that Python made.

const { element } = report;
const NAMES = ["board", "workload", "span"];

const titled = ({ name, x }) => (x === name ? name
  : `${Number.isInteger(x) ? `${report.format.fixed(x, 0)} tokens` : x} (${name})`);

// { table, charts } of a workload of a leaderboard.
async function load({ board, workload }) {
  const place = (await report.boards.all()).findIndex(({ name }) => name === board);
  return report.load(`workloads/${place}-${workload}`);
}

// The chart that `options` name; undefined if it has no data. With the span `near`, the ranked chart
// leaves out lines that take more than twice as long as the fastest.
report.kinds.workload = async (options) => {
  const whole = (await load(options)).charts[options.chart];
  if (!whole || options.span !== "near" || options.chart !== "ranked") return whole;
  const points = whole.data.points.filter(({ us }) => us <= 2 * whole.data.points[0].us);
  return { ...whole, data: { ...whole.data, points } };
};

// The chosen leaderboard and workload or, if they do not exist, the first and its longest, and what is shown.
function resolve(boards, state) {
  const board = boards.find(({ name }) => name === state.board) ?? boards[0];
  const known = board.workloads.some(({ name }) => name === state.workload);
  const workload = known ? state.workload : board.longest;
  const missing = [];
  if (state.board && board.name !== state.board) missing.push(`no results called “${state.board}”`);
  if (state.workload && !known) missing.push(`no workload “${state.workload}” here`);
  const shown = `${workload} on ${board.name}`;
  const text = missing.length ? `There is ${missing.join(" and ")}; this is ${shown}.` : shown;
  return { board, workload, text };
}

function setForm({ board, workload, span }, choice, state) {
  board.value = choice.board.name;
  workload.replaceChildren(...choice.board.workloads.map((each) => (
    element("option", { value: each.name }, titled(each)))));
  workload.value = choice.workload;
  span.value = state.span === "near" ? "near" : "";
}

// Sections of charts without data are hidden: memory, for example, is unknown on a CPU.
async function fill(root, options) {
  const { table, charts } = await load(options);
  const listed = root.querySelector(".report-listed");
  listed.replaceChildren(...table.map(report.build));
  report.hints(listed);
  for (const figure of root.querySelectorAll(".report-chart")) {
    const shown = JSON.parse(figure.dataset.chart).chart in charts;
    figure.closest("section").hidden = !shown;
    if (shown) report.redraw(figure, options);
  }
}

report.mount(".report-workloads", (root) => {
  const form = root.querySelector("form");
  const { state, choose } = report.address.choices(root, NAMES, { form, show });
  let turn = 0;

  async function show() {
    const current = ++turn;
    const boards = await report.boards.all();
    if (current !== turn || !root.isConnected) return;
    const choice = resolve(boards, state);
    root.querySelector(".report-told").textContent = choice.text;
    setForm(form.elements, choice, state);
    await fill(root, { board: choice.board.name, workload: choice.workload, span: state.span });
  }

  form.addEventListener("change", ({ target: { name, value } }) => {
    // A different leaderboard has different workloads.
    choose(name === "board" ? { board: value, workload: "" } : { [name]: value });
  });
  root.querySelector(".report-others").hidden = true;
  show().then(() => { form.hidden = false; }, console.error);
});
