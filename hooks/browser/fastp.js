// The fast_p curve: the share of workloads that a line gets right and more than p times as fast as
// the baseline; the twin of hooks/charts/fastp.py. A reader pins p with the slider or by a click.
(() => {
  "use strict";

  const report = (window.report ??= {});
  const { metrics, format } = report;
  const TITLE = "Share of workloads (%)";

  const speedups = (board, line, base) => board.workloads
    .map((_, place) => metrics.measured("speedup", board, line, place, base)?.value)
    .filter(Boolean).sort((a, b) => a - b);

  const share = (ratios, p, workloads) => (
    (100 * ratios.filter((ratio) => ratio > p).length) / workloads);

  // { axis, count, curves: [{ line, ratios }] } of the lines that have a speed-up.
  function curvesOf(board, baseline) {
    const base = metrics.baselineOf(board, baseline);
    const curves = report.boards.ranking(board).rows
      .map(({ line }) => ({ line, ratios: speedups(board, line, base) }))
      .filter(({ ratios }) => ratios.length);
    const axis = metrics.logAxis([1, ...curves.flatMap(({ ratios }) => ratios)]);
    return { axis, base, count: board.workloads.length, curves };
  }

  function points({ axis, count }, { line, ratios }) {
    return [axis.low, ...new Set(ratios), axis.high].map((p) => {
      const y = share(ratios, p, count);
      const value = `${format.fixed(y, 0)} %`;
      return {
        line: line.label, x: p, y, low: y, high: y, workload: "", value,
        interval: `from ${format.number(p)}`, latency: "",
      };
    });
  }

  function values(board, { baseline, p }) {
    const found = curvesOf(board, baseline);
    const looks = report.lines.looks(found.curves.map(({ line }) => line));
    const over = found.base && baseline ? found.base.label : "the baseline";
    return {
      description: "Share of workloads that are correct and more than p times as fast as "
        + `${over}, for every p, on ${board.name}: ${looks.lines.join(", ")}. `
        + "A table holds the same numbers.",
      points: found.curves.flatMap((curve) => points(found, curve)),
      ...looks,
      ...report.lines.axis("x", `p: times as fast as ${over} (log scale)`, found.axis),
      ...report.lines.axis("y", TITLE, { low: 0, high: 102, ticks: [0, 25, 50, 75, 100], log: false }),
      chosen: [{ p: Number(p) || 1 }],
    };
  }

  report.fastp = { curvesOf, share };
  report.kinds.fastp = async (options) => {
    const board = await report.boards.named(options.board, options.run);
    const filling = values(board, options);
    const connect = (view, figure) => {
      report.picks.connect(view, figure);
      view.addEventListener("click", (event) => pin(view, figure, event, filling.x_domain));
    };
    return { values: filling, connect };
  };

  // A click in the plot pins the p at that place; one on the legend is the legend's.
  function pin(view, figure, event, [low, high]) {
    const box = view.scenegraph().root.items[0];
    const frame = figure.querySelector("svg.marks").getBoundingClientRect();
    const x = event.clientX - frame.left - view.origin()[0] - (box.x ?? 0);
    if (x < 0 || x > view.width()) return;
    const p = low * (high / low) ** (x / view.width());
    choose(figure, p);
  }

  const rounded = (p) => Number(p.toPrecision(3));

  function choose(element, p) {
    const detail = { p: rounded(p) === 1 ? "" : String(rounded(p)) };
    element.dispatchEvent(new CustomEvent("report:choice", { bubbles: true, detail }));
  }

  const at = ({ value, max }, { low, high }) => low * (high / low) ** (value / max);

  // The slider moves over the logarithm of p, in steps of a thousandth of the axis.
  report.fastp.connect = (section) => {
    const form = section.querySelector(".report-p");
    const slider = form?.querySelector("input");
    slider?.addEventListener("input", () => {
      choose(form, at(slider, form.axis));
    });
    if (form) form.hidden = false;
  };

  // Show the p and the shares at it: the table beside the curve.
  report.fastp.show = (section, board, { p, baseline, run }) => {
    const form = section.querySelector(".report-p");
    if (!form) return;
    const found = curvesOf(board, baseline);
    const chosen = Math.min(Math.max(Number(p) || 1, found.axis.low), found.axis.high);
    form.axis = found.axis;
    const slider = form.querySelector("input");
    const { low, high } = found.axis;
    // Where p is as it is shown: the slider may stand between two such places, or would never leave one.
    if (rounded(at(slider, found.axis)) !== rounded(chosen)) {
      slider.value = Math.round((Math.log(chosen / low) / Math.log(high / low)) * slider.max);
    }
    const text = format.number(chosen);
    slider.setAttribute("aria-valuetext", `p = ${text}`);
    form.querySelector("output").textContent = text;
    if (!form.written && chosen === 1 && !baseline && !run) return; // as it was served
    form.written = true;
    const table = section.querySelector("table.fastp");
    const over = found.base?.label ?? "the baseline";
    table.caption.textContent = `Share of workloads more than p times as fast as ${over}`;
    table.closest(".report-scroll").setAttribute("aria-label", table.caption.textContent);
    table.tHead.querySelector(".chosen").textContent = `At p = ${text}`;
    table.tBodies[0].replaceChildren(...found.curves.map((curve) => row(found, curve, chosen)));
  };

  function row({ count }, { line, ratios }, p) {
    const { element } = report;
    const number = (text) => element("td", { class: "number" }, text);
    const all = ratios.length === count ? `${format.number(ratios[0])}×` : "–";
    return element("tr", {},
      element("th", { scope: "row" }, report.swatch(line), " ", line.label),
      number(`${format.fixed(share(ratios, p, count), 0)} %`),
      number(all),
      number(`${format.number(ratios.at(-1))}×`));
  }
})();
