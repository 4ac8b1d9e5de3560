// The fast_p chart for a reader's choices: the share of workloads where a line is correct and more
// than p times as fast as the baseline. hooks/report/charts/fastp.py makes the same rows for the still
// picture. A reader chooses p with the slider or by a click.

const { metrics, format } = report;
const ROOM = 1.1; // factor by which the axis extends beyond the largest and smallest speed-up

const speedups = (board, line, baseline) => board.workloads
  .map((_, place) => metrics.measured("speedup", line, place, baseline)?.[0])
  .filter(Boolean).sort((a, b) => a - b);

const share = (ratios, p, workloads) => (
  (100 * ratios.filter((ratio) => ratio > p).length) / workloads);

// { ends, over, count, curves: [{ line, ratios }], within, beyond } for the lines with a speed-up: the
// ends of the axis, the label of the baseline, the number of workloads, and all curves, those that the
// axis covers and the others.
function curvesOf(board, options, picked = []) {
  const baseline = metrics.chosen(board, options.baseline);
  const ratios = new Map(board.lines.map((line) => [line, speedups(board, line, baseline)]));
  const curves = (lines) => lines.map((line) => ({ line, ratios: ratios.get(line) }));
  const shown = board.lines.filter((line) => ratios.get(line).length);
  const [within, beyond] = report.lines.divided(shown, {}, picked);
  const covered = [1, ...within.flatMap((line) => ratios.get(line))];
  return {
    ends: { low: Math.min(...covered) / ROOM, high: Math.max(...covered) * ROOM },
    over: baseline?.label ?? board.lines.find(({ key }) => key === board.baseline)?.label ?? "the baseline",
    count: board.workloads.length,
    curves: curves(shown),
    within: curves(within),
    beyond: curves(beyond),
  };
}

function points({ ends, count }, { line, ratios }, style) {
  return [ends.low, ...new Set(ratios), ends.high].map((p, n, all) => {
    const y = share(ratios, p, count);
    return {
      line: line.label, x: p, y, value: `${format.fixed(y, 0)} %`, interval: `from ${format.number(p)}`,
      falls: n > 0 && n < all.length - 1, ...style,
    };
  });
}

function chart(board, options, picked) {
  const { lines } = report;
  const all = curvesOf(board, options, picked);
  const over = options.baseline ? all.over : "the baseline";
  const styleOf = lines.styles(board, options, picked);
  const curves = all.within.map((curve) => points(all, curve, styleOf(curve.line)));
  const beyond = all.beyond.map(({ line, ratios }) => (
    { line: line.label, value: `${format.number(ratios.at(-1))}×`, ...styleOf(line) }));
  const names = all.curves.map(({ line }) => line.label);
  return {
    description: "Share of workloads that are correct and more than p times as fast as "
      + `${over}, for every p, on ${board.name}: ${names.join(", ")}. A table contains the same numbers.`,
    data: {
      points: lines.strongLast(curves.flat()),
      labels: lines.labelled(curves.map((curve) => curve.at(-1))),
      outliers: lines.outliers(beyond, "←"),
      chosen: [{ p: Number(options.p) || 1 }],
    },
    params: { picked, unnamed: lines.unnamed(curves) },
    connect: (view, figure) => {
      report.picks.connect(view, figure, names);
      view.addEventListener("click", (event) => pin(view, figure, event, all.ends));
    },
  };
}

report.fastp = { curvesOf, share };
report.kinds.fastp = async (options, figure) => {
  const board = await report.boards.named(options.board, options.run);
  return chart(board, options, report.picks.of(figure));
};

// A click in the plot chooses the p at that place.
function pin(view, figure, event, { low, high }) {
  const box = view.scenegraph().root.items[0];
  const frame = figure.querySelector("svg.marks").getBoundingClientRect();
  const x = event.clientX - frame.left - view.origin()[0] - (box.x ?? 0);
  const y = event.clientY - frame.top - view.origin()[1] - (box.y ?? 0);
  if (x < 0 || x > view.width() || y < 0 || y > view.height()) return;
  choose(figure, low * (high / low) ** (x / view.width()));
}

const rounded = (p) => Number(p.toPrecision(3));

function choose(element, p) {
  const detail = { p: rounded(p) === 1 ? "" : String(rounded(p)) };
  element.dispatchEvent(new CustomEvent("report:choice", { bubbles: true, detail }));
}

const at = ({ value, max }, { low, high }) => low * (high / low) ** (value / max);

// The slider is linear in the logarithm of p; it has a thousand steps.
report.fastp.connect = (section) => {
  const form = section.querySelector(".report-p");
  const slider = form?.querySelector("input");
  slider?.addEventListener("input", () => {
    choose(form, at(slider, form.ends));
  });
  if (form) form.hidden = false;
};

// Show p and the shares at p in the table.
report.fastp.show = (section, board, { p, baseline, run }) => {
  const form = section.querySelector(".report-p");
  if (!form) return;
  const all = curvesOf(board, { baseline });
  const { low, high } = all.ends;
  const chosen = Math.min(Math.max(Number(p) || 1, low), high);
  form.ends = all.ends;
  const slider = form.querySelector("input");
  // Several steps of the slider round to the same p: it is moved only if the rounded p changes,
  // because arrow keys could not move it otherwise.
  if (rounded(at(slider, all.ends)) !== rounded(chosen)) {
    slider.value = Math.round((Math.log(chosen / low) / Math.log(high / low)) * slider.max);
  }
  const text = format.number(chosen);
  slider.setAttribute("aria-valuetext", `p = ${text}`);
  form.querySelector("output").textContent = text;
  if (!form.written && chosen === 1 && !baseline && !run) return; // the table is as served
  form.written = true;
  const table = section.querySelector("table.fastp");
  table.caption.textContent = `Share of workloads more than p times as fast as ${all.over}`;
  table.closest(".report-scroll").setAttribute("aria-label", table.caption.textContent);
  table.tHead.querySelector(".chosen").textContent = `At p = ${text}`;
  table.tBodies[0].replaceChildren(...all.curves.map((curve) => row(all, curve, chosen)));
};

function row({ count }, { line, ratios }, p) {
  const { element } = report;
  const number = (text) => element("td", { class: "number" }, text);
  const all = ratios.length === count ? `${format.number(ratios[0])}×` : "–";
  return element("tr", {},
    element("th", { scope: "row" }, line.label),
    number(`${format.fixed(share(ratios, p, count), 0)} %`),
    number(all),
    number(`${format.number(ratios.at(-1))}×`));
}
