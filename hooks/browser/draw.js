// Draws charts. A figure's data-chart attribute gives the kind of chart and its options; the kinds
// are functions in other scripts (report.kinds) that return the data for the Vega specification.
//
// report.kinds[NAME] = async (options, figure) => ({ kind?, description, data, params?, connect? })
// data: rows by the name of the data set; params: values by the name of the signal; connect: called
// with the view and the figure.

const NARROW = 860; // width of a figure in px below which not all lines have names at their ends
const TIGHT = 480; // width in px below which neighbouring sequence lengths would touch
const SHARP = 2; // pixels of a PNG per px of the chart
const figures = new Map(); // figure → { room, view, shown: the options that it was last drawn with }
const requests = new WeakMap(); // figure → the latest request to draw it

report.kinds = {};

const roomOf = ({ clientWidth: width }) => (width < TIGHT ? "tight" : width < NARROW ? "narrow" : "wide");

// The page's font, and a legend next to the plot or, without room, below it.
function config(figure, room) {
  const font = getComputedStyle(document.body).fontFamily;
  const texts = ["guide-label", "guide-title", "group-title", "text"];
  const legend = room === "wide" ? { orient: "right", offset: 24, labelLimit: 300 }
    : { orient: "bottom", columns: room === "tight" ? 1 : 3, offset: 16, labelLimit: figure.clientWidth - 110 };
  return { style: Object.fromEntries(texts.map((name) => [name, { font }])), legend };
}

async function chartOf(figure) {
  const options = JSON.parse(figure.dataset.chart);
  const [chart, { ink }] = await Promise.all([
    report.kinds[options.kind](options, figure), report.load("words"), report.script("assets/vega.js")]);
  return { ...chart, ink, specification: await report.load(`charts/${chart.kind ?? options.kind}`) };
}

async function show(host, figure, room, chart) {
  const { vega } = window;
  const spec = { ...chart.specification, description: chart.description };
  const runtime = vega.parse(spec, config(figure, room), { ast: true });
  const tooltip = new vega.Handler({ theme: "report", disableDefaultStyle: true });
  const view = new vega.View(runtime, {
    container: host,
    expr: vega.expressionInterpreter,
    renderer: "svg",
    tooltip: tooltip.call,
  });
  const scheme = document.body.dataset.mdColorScheme === "slate" ? "dark" : "light";
  const params = { ...chart.params, ...chart.ink[scheme], room };
  for (const [name, rows] of Object.entries(chart.data)) view.data(name, rows);
  for (const [name, value] of Object.entries(params)) view.signal(name, value);
  await view.runAsync();
  host.querySelector(".vega-bindings").remove(); // Vega's form, which is empty
  return view;
}

async function save(view, name, format) {
  const href = await view.toImageURL(format, format === "png" ? SHARP : 1);
  report.element("a", { href, download: `${name}.${format}` }).click();
}

// The menu in the corner of a chart that saves it as a picture.
function saveMenu(view, name) {
  const item = (format) => {
    const button = report.element("button", { type: "button" }, `Save as ${format.toUpperCase()}`);
    button.addEventListener("click", () => save(view, name, format));
    return button;
  };
  const summary = report.element("summary", { "aria-label": "Save the chart as a picture" }, "⋯");
  const items = report.element("div", {}, item("svg"), item("png"));
  const menu = report.element("details", { class: "report-save" }, summary, items);
  menu.addEventListener("toggle", () => {
    if (menu.open) items.scrollIntoView({ block: "nearest" });
  });
  menu.addEventListener("keydown", ({ key }) => {
    if (key !== "Escape" || !menu.open) return;
    menu.open = false;
    summary.focus();
  });
  menu.addEventListener("focusout", ({ relatedTarget }) => {
    if (relatedTarget && !menu.contains(relatedTarget)) menu.open = false;
  });
  return menu;
}

async function draw(figure, wanted) {
  const state = figures.get(figure) ?? {};
  figures.set(figure, state);
  state.room = roomOf(figure);
  const chart = await chartOf(figure);
  if (!figure.isConnected) return;
  const before = figure.querySelector(".report-view");
  const host = report.element("div", { class: "report-view" });
  host.style.minHeight = `${before.clientHeight}px`; // the page does not jump while the chart is drawn
  before.replaceWith(host);
  state.view?.finalize();
  state.view = null;
  const view = await show(host, figure, state.room, chart);
  host.style.minHeight = "";
  if (!figure.isConnected) {
    view.finalize();
    return;
  }
  state.view = view;
  host.append(saveMenu(view, JSON.parse(figure.dataset.chart).metric ?? "chart"));
  chart.connect?.(view, figure);
  if (!wanted()) return; // the figure is about to be drawn again
  figure.dataset.drawn = state.room;
  if (state.shown && state.shown !== figure.dataset.chart) announce(chart.description);
  state.shown = figure.dataset.chart;
}

// Tell screen readers what a chart shows after a choice has changed it.
function announce(description) {
  const unseen = { class: "report-unseen report-announced", "aria-live": "polite" };
  const output = document.querySelector(".report-announced") ?? report.element("output", unseen);
  document.body.append(output);
  [output.textContent] = description.split(": ");
}

// Charts are drawn one after the other in the order of the page, because two at once would both be
// late. Of several requests for a figure, only the latest is carried out.
let queue = Promise.resolve();

function request(figure) {
  const latest = {};
  requests.set(figure, latest);
  delete figure.dataset.drawn;
  const wanted = () => requests.get(figure) === latest && figure.isConnected;
  queue = queue.then(() => wanted() && draw(figure, wanted)).catch((error) => {
    if (!figure.isConnected) return;
    figure.dataset.failed = error.message;
    console.error(error);
  }).then(() => new Promise((done) => { setTimeout(done); })); // let the browser handle input first
}

// Draw a figure again if its options change; an empty option is one that is left out.
report.redraw = (figure, changes) => {
  const before = JSON.parse(figure.dataset.chart);
  const changed = Object.entries(changes).some(([name, value]) => (before[name] || "") !== (value || ""));
  if (!changed) return;
  figure.dataset.chart = JSON.stringify({ ...before, ...changes });
  if (figures.has(figure)) request(figure);
};

// The figures with a view, for a test that none is left behind.
report.figures = () => [...figures.keys()];

report.mount(".report-chart[data-chart]", (figure) => {
  // A hidden figure has no width; the observer reports it once it has one.
  resized.observe(figure);
  return () => {
    figures.get(figure)?.view?.finalize();
    figures.delete(figure);
    resized.unobserve(figure);
    figure.replaceChildren(); // finalize() alone would keep the view's elements in memory
  };
});

const resized = new ResizeObserver((entries) => {
  for (const { target } of entries) {
    const state = figures.get(target);
    if (!target.clientWidth) continue;
    if (!state || state.room !== roomOf(target)) request(target);
  }
});

const repaint = new MutationObserver(() => {
  for (const figure of figures.keys()) if (figure.clientWidth) request(figure);
});
// Observe at once: Material may set the palette, and a chart may be drawn, before the page is ready.
repaint.observe(document.body, { attributeFilter: ["data-md-color-scheme"] });
