// Draws charts: a figure says which kind of chart it is and of what; the kinds are in scripts of
// their own (report.kinds), which say what goes into the Vega template of their name.
//
// report.kinds[NAME] = async (options) => ({ values, template?, connect? })
(() => {
  "use strict";

  const report = (window.report ??= {});
  const NARROW = 860; // px of a figure below which the legend goes under the plot
  const TIGHT = 480; // px below which neighbouring sequence lengths would touch
  const drawn = new Map(); // figure → { view, narrow }
  const wished = new WeakMap(); // figure → what stands for its latest wish to be drawn

  report.kinds = {};

  // A template with values in it: the twin of `fill` in hooks/charts/templates.py.
  function fill(template, values) {
    if (typeof template === "string") {
      if (!template.startsWith("$")) return template;
      const name = template.slice(1);
      if (!(name in values)) throw new Error(`the chart has no ${name}`);
      return values[name];
    }
    if (Array.isArray(template)) {
      return template.flatMap((part) => {
        const one = fill(part, values);
        return typeof part === "string" ? one : [one]; // a list goes into the one that it is named in
      });
    }
    if (template === null || typeof template !== "object") return template;
    return Object.fromEntries(
      Object.entries(template).map(([name, part]) => [name, fill(part, values)]));
  }

  report.fill = fill;

  // The page's own colours, read from its style sheet whenever the palette changes.
  function palette(figure) {
    const style = getComputedStyle(figure);
    const colour = (name) => style.getPropertyValue(`--report-${name}`).trim();
    return {
      ink: colour("ink"), line: colour("line"), grid: colour("grid"),
      font: getComputedStyle(document.body).fontFamily,
    };
  }

  // Under the plot the legend has as many columns as its longest name leaves room for.
  function legend(width, narrow, names) {
    if (!narrow) return { orient: "right", offset: 24, labelLimit: width / 2 };
    const longest = Math.max(0, ...names.map((name) => name.length)) * 7 + 40; // px, roughly
    const columns = Math.max(1, Math.floor((width - 60) / longest));
    return { orient: "bottom", columns, offset: 16, labelLimit: width - 110 };
  }

  // What depends on the room that there is.
  function layout(width, narrow, names) {
    const tight = width < TIGHT;
    return {
      legend: legend(width, narrow, names),
      axisX: tight ? { labelAngle: -45, labelAlign: "right" } : {},
      // The names of rows: beside the plot, or where there is no room for that above their marks.
      axisBand: tight
        ? { labelAlign: "left", labelBaseline: "bottom", labelOffset: -7, labelPadding: -3, labelLimit: width }
        : { labelPadding: 8, labelLimit: 260 },
    };
  }

  async function wantedOf(figure) {
    const options = JSON.parse(figure.dataset.chart);
    const [templates, made] = await Promise.all([
      report.load("templates"),
      report.kinds[options.kind](options),
      report.script("assets/vega.js"),
    ]);
    return { ...made, template: templates[made.template ?? options.kind] };
  }

  async function show(host, figure, narrow, { template, values }) {
    const { vega } = window;
    const spec = fill(template, { ...values, ...palette(figure) });
    const runtime = vega.parse(spec, layout(figure.clientWidth, narrow, values.named ?? values.lines ?? []), { ast: true });
    const tooltip = new vega.Handler({ theme: "report", disableDefaultStyle: true });
    const view = new vega.View(runtime, {
      container: host,
      expr: vega.expressionInterpreter,
      renderer: "svg",
      tooltip: tooltip.call,
    });
    await view.runAsync();
    host.querySelector(".vega-bindings").remove(); // an empty form
    return view;
  }

  async function draw(figure, wanted) {
    const before = drawn.get(figure);
    const narrow = figure.clientWidth < NARROW;
    const state = { view: null, narrow };
    drawn.set(figure, state);
    const made = await wantedOf(figure);
    const current = () => drawn.get(figure) === state && figure.isConnected;
    if (!current()) return;
    const view = figure.querySelector(".report-view");
    const host = report.element("div", { class: "report-view" });
    host.style.minHeight = `${view.clientHeight}px`; // no jump while it is drawn again
    view.replaceWith(host);
    before?.view?.finalize();
    state.view = await show(host, figure, narrow, made);
    host.style.minHeight = "";
    if (!current()) {
      state.view.finalize();
      return;
    }
    host.append(report.saveMenu(state.view, JSON.parse(figure.dataset.chart).metric ?? "chart"));
    made.connect?.(state.view, figure);
    if (!wanted()) return; // it is about to be drawn again
    figure.dataset.drawn = narrow ? "narrow" : "wide";
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
      if (!state || state.narrow !== target.clientWidth < NARROW) attempt(target);
    }
  });

  const repaint = new MutationObserver(() => {
    for (const figure of drawn.keys()) if (figure.clientWidth) attempt(figure);
  });
  // At once: Material may choose the palette, and a chart may have been drawn, before the page is ready.
  repaint.observe(document.body, { attributeFilter: ["data-md-color-scheme"] });
})();
