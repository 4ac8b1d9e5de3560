// Draws charts: a figure says which kind of chart it is and of what; the kinds are in scripts of
// their own (report.kinds), which fill a Vega-Lite template with data.
//
// report.kinds[NAME] = async ({ template, options, figure }) =>
//   ({ spec, names?, picked?: true, alternative? })
(() => {
  "use strict";

  const report = (window.report ??= {});
  const NARROW = 860; // px of a figure below which the legend goes under the plot
  const TIGHT = 480; // px below which neighbouring sequence lengths would touch
  const drawn = new Map(); // figure → { result, narrow }
  const wished = new WeakMap(); // figure → what stands for its latest wish to be drawn

  report.kinds = {};

  // The page's own colours, read from its style sheet whenever the palette changes.
  function config(figure) {
    const style = getComputedStyle(figure);
    const ink = style.getPropertyValue("--report-ink").trim();
    const line = style.getPropertyValue("--report-line").trim();
    const grid = style.getPropertyValue("--report-grid").trim();
    return {
      background: "transparent",
      font: getComputedStyle(document.body).fontFamily,
      view: { stroke: null },
      axis: {
        labelColor: ink, titleColor: ink, domainColor: line, tickColor: line, gridColor: grid,
        labelFontSize: 12, titleFontSize: 12, titleFontWeight: "normal", titlePadding: 12,
      },
      legend: { labelColor: ink, labelFontSize: 12.5, rowPadding: 5 },
      title: { color: ink, fontSize: 12.5, fontWeight: 600, anchor: "start" },
      header: { labelColor: ink, titleColor: ink },
      text: { color: ink },
      rule: { color: ink },
    };
  }

  // Under the plot the legend has as many columns as its longest name leaves room for.
  function legend(figure, narrow, names) {
    const width = figure.clientWidth;
    if (!narrow) return { orient: "right", offset: 24, labelLimit: width / 2 };
    const longest = Math.max(0, ...names.map((name) => name.length)) * 7 + 40; // px, roughly
    const columns = Math.max(1, Math.floor((width - 60) / longest));
    return { orient: "bottom", columns, offset: 16, labelLimit: width - 110 };
  }

  async function filled(figure) {
    const options = JSON.parse(figure.dataset.chart);
    const [templates] = await Promise.all([report.load("templates"), report.script("assets/vega.js")]);
    const template = structuredClone(templates[options.kind]);
    return report.kinds[options.kind]({ template, options, figure });
  }

  async function draw(figure, wanted) {
    const before = drawn.get(figure);
    const narrow = figure.clientWidth < NARROW;
    const state = { result: null, narrow };
    drawn.set(figure, state);
    const made = await filled(figure);
    const current = () => drawn.get(figure) === state && figure.isConnected;
    if (!current()) return;
    const settings = config(figure);
    if (figure.clientWidth < TIGHT) {
      settings.axisX = { labelAngle: -45, labelAlign: "right" };
      settings.axisY = { labelLimit: figure.clientWidth * 0.38 }; // names leave room for the plot
    }
    else settings.axisY = { labelLimit: 260 };
    settings.legend = { ...settings.legend, ...legend(figure, narrow, made.names ?? []) };
    const view = figure.querySelector(".report-view");
    const host = report.element("div", { class: "report-view" });
    host.style.minHeight = `${view.clientHeight}px`; // no jump while it is drawn again
    view.replaceWith(host);
    before?.result?.finalize();
    state.result = await window.vegaEmbed(host, made.spec, {
      ast: true,
      actions: { export: true, source: false, compiled: false, editor: false },
      config: settings,
      defaultStyle: false,
      forceActionsMenu: true, // without Vega-Embed's style sheet there would be none
      downloadFileName: JSON.parse(figure.dataset.chart).metric ?? "chart",
      renderer: made.canvas ? "canvas" : "svg",
      tooltip: { theme: "report", disableDefaultStyle: true },
    });
    host.style.minHeight = "";
    host.querySelector("summary")?.setAttribute("aria-label", "Save the chart as a picture");
    // Vega-Embed makes the picture when a mouse goes down: for a keyboard, as the link is reached.
    for (const link of host.querySelectorAll(".vega-actions a")) {
      link.addEventListener("focus", () => link.dispatchEvent(new MouseEvent("mousedown")));
    }
    if (!current()) return state.result.finalize();
    made.connect?.(state.result.view, figure);
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
      drawn.get(figure)?.result?.finalize();
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
  document.addEventListener("DOMContentLoaded", () => {
    repaint.observe(document.body, { attributeFilter: ["data-md-color-scheme"] });
  });
})();
