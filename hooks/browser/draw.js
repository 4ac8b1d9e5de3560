// Draws charts: a figure says which kind of chart it is and of what; the kinds are in scripts of
// their own (report.kinds), which say what goes into the Vega specification of that kind.
//
// report.kinds[NAME] = async (options, figure) => ({ kind?, description, data, params?, connect? })
// data: rows by the name of the data set; params: values by the name of the signal.
(() => {
  "use strict";

  const report = (window.report ??= {});
  const NARROW = 860; // px of a figure below which not every line has a name at its end
  const TIGHT = 480; // px below which neighbouring sequence lengths would touch
  const drawn = new Map(); // figure → { view, room }
  const wished = new WeakMap(); // figure → what stands for its latest wish to be drawn

  report.kinds = {};

  const roomOf = ({ clientWidth: width }) => (width < TIGHT ? "tight" : width < NARROW ? "narrow" : "wide");

  // The page's own colours, read from its style sheet whenever the palette changes.
  function colours(figure) {
    const style = getComputedStyle(figure);
    return Object.fromEntries(
      ["ink", "line", "grid", "grey"].map((name) => [name, style.getPropertyValue(`--report-${name}`).trim()]));
  }

  // The page's own font, and a legend beside the plot or, where there is little room, below it.
  function config(figure, room) {
    const font = getComputedStyle(document.body).fontFamily;
    const texts = ["guide-label", "guide-title", "group-title", "text"];
    const legend = room === "wide" ? { orient: "right", offset: 24, labelLimit: 300 }
      : { orient: "bottom", columns: room === "tight" ? 1 : 3, offset: 16, labelLimit: figure.clientWidth - 110 };
    return { style: Object.fromEntries(texts.map((name) => [name, { font }])), legend };
  }

  // One configuration over another, part by part.
  function over(under, upper) {
    const made = { ...under };
    for (const [name, value] of Object.entries(upper)) {
      const parts = value !== null && typeof value === "object" && typeof made[name] === "object";
      made[name] = parts ? over(made[name], value) : value;
    }
    return made;
  }

  async function wantedOf(figure) {
    const options = JSON.parse(figure.dataset.chart);
    const [specifications, made] = await Promise.all([
      report.load("charts"),
      report.kinds[options.kind](options, figure),
      report.script("assets/vega.js"),
    ]);
    return { ...made, specification: specifications[made.kind ?? options.kind] };
  }

  function fill(view, { data, params = {} }) {
    for (const [name, rows] of Object.entries(data)) view.data(name, rows);
    for (const [name, value] of Object.entries(params)) view.signal(name, value);
  }

  async function show(host, figure, room, made) {
    const { vega } = window;
    const { specification, description } = made;
    const spec = { ...specification, description, config: over(specification.config, config(figure, room)) };
    const runtime = vega.parse(spec, undefined, { ast: true });
    const tooltip = new vega.Handler({ theme: "report", disableDefaultStyle: true });
    const view = new vega.View(runtime, {
      container: host,
      expr: vega.expressionInterpreter,
      renderer: "svg",
      tooltip: tooltip.call,
    });
    fill(view, made);
    fill(view, { data: {}, params: { ...colours(figure), room } });
    await view.runAsync();
    host.querySelector(".vega-bindings").remove(); // an empty form
    return view;
  }

  async function draw(figure, wanted) {
    const before = drawn.get(figure);
    const room = roomOf(figure);
    const state = { view: null, room };
    drawn.set(figure, state);
    const made = await wantedOf(figure);
    const current = () => drawn.get(figure) === state && figure.isConnected;
    if (!current()) return;
    const view = figure.querySelector(".report-view");
    const host = report.element("div", { class: "report-view" });
    host.style.minHeight = `${view.clientHeight}px`; // no jump while it is drawn again
    view.replaceWith(host);
    before?.view?.finalize();
    state.view = await show(host, figure, room, made);
    host.style.minHeight = "";
    if (!current()) {
      state.view.finalize();
      return;
    }
    host.append(report.saveMenu(state.view, JSON.parse(figure.dataset.chart).metric ?? "chart"));
    made.connect?.(state.view, figure);
    if (!wanted()) return; // it is about to be drawn again
    figure.dataset.drawn = room;
    figure.dispatchEvent(new CustomEvent("report:drawn", { bubbles: true }));
  }

  // One after the other, the first on the page first: two at once would both be late. What was asked
  // for again in the meantime is drawn only as it was asked for last.
  let turn = Promise.resolve();

  function attempt(figure) {
    const wish = {};
    wished.set(figure, wish);
    delete figure.dataset.drawn;
    const wanted = () => wished.get(figure) === wish && figure.isConnected;
    turn = turn.then(() => wanted() && draw(figure, wanted)).catch((error) => {
      if (!figure.isConnected) return;
      figure.dataset.failed = error.message;
      console.error(error);
    }).then(() => new Promise((rested) => { setTimeout(rested); })); // a reader may want something
  }

  // Draw a figure again with other options.
  report.redraw = (figure, changes) => {
    const options = JSON.stringify({ ...JSON.parse(figure.dataset.chart), ...changes });
    if (options === figure.dataset.chart) return;
    figure.dataset.chart = options;
    if (drawn.has(figure)) attempt(figure);
  };

  // Draw other rows in the view that a figure has: what a reader picks changes nothing else.
  report.refill = async (figure) => {
    const { view } = drawn.get(figure) ?? {};
    if (!view) return; // it is being drawn
    const options = JSON.parse(figure.dataset.chart);
    const made = await report.kinds[options.kind](options, figure);
    if (drawn.get(figure)?.view !== view) return;
    fill(view, made);
    await view.runAsync();
  };

  // The figures that have a view, for whoever asks whether one was left behind.
  report.figures = () => [...drawn.keys()];

  report.mount(".report-chart[data-chart]", (figure) => {
    // A figure that is hidden has no width: the observer reports it once it has one.
    resized.observe(figure);
    return () => {
      drawn.get(figure)?.view?.finalize();
      drawn.delete(figure);
      resized.unobserve(figure);
      figure.replaceChildren(); // finalising alone keeps the view's tree alive
    };
  });

  const resized = new ResizeObserver((entries) => {
    for (const { target } of entries) {
      const state = drawn.get(target);
      if (!target.clientWidth) continue;
      if (!state || state.room !== roomOf(target)) attempt(target);
    }
  });

  const repaint = new MutationObserver(() => {
    for (const figure of drawn.keys()) if (figure.clientWidth) attempt(figure);
  });
  // At once: Material may choose the palette, and a chart may have been drawn, before the page is ready.
  repaint.observe(document.body, { attributeFilter: ["data-md-color-scheme"] });
})();
