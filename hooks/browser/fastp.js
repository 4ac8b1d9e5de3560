// The fast_p chart for a reader's choices: the share of workloads where a line is correct and more
// than p times as fast as the baseline, as in hooks/report/charts/fastp.py. A reader chooses p with the
// slider or by a click.

const { boards, format } = report;

const speedups = (line, baseline) => line.cases
  .map((result, place) => baseline.cases[place]?.us / result?.us)
  .filter((ratio) => ratio > 0).sort((a, b) => a - b);

const share = (ratios, p, workloads) => (
  (100 * ratios.filter((ratio) => ratio > p).length) / workloads);

// { baseline, count, curves: [{ line, ratios }] }: the number of workloads, and the lines with a speed-up.
function curvesOf(board, key) {
  const baseline = boards.line(board, key) ?? boards.line(board, board.baseline);
  const curves = baseline ? board.lines.map((line) => ({ line, ratios: speedups(line, baseline) })) : [];
  return { baseline, count: board.workloads.length, curves: curves.filter(({ ratios }) => ratios.length) };
}

report.kinds.fastp = async (options, figure) => {
  const board = await boards.named(options.board, options.run);
  const { baseline, count, curves } = curvesOf(board, options.baseline);
  const over = options.baseline ? baseline.label : "the baseline";
  const names = curves.map(({ line }) => line.label);
  return {
    description: "Share of workloads that are correct and more than p times as fast as "
      + `${over}, for every p, on ${board.name}: ${names.join(", ")}. A table contains the same numbers.`,
    data: { points: report.rowsOf(board), chosen: [{ p: Number(options.p) || 1 }] },
    params: { picked: report.picks.of(figure), baseline: baseline?.key ?? "", workloads: count },
    connect: (view) => {
      report.picks.connect(view, figure, names);
      view.addEventListener("click", (event) => pin(view, figure, event));
    },
  };
};

// A click in the plot chooses the p at that place.
function pin(view, figure, event) {
  const box = view.scenegraph().root.items[0];
  const frame = figure.querySelector("svg.marks").getBoundingClientRect();
  const x = event.clientX - frame.left - view.origin()[0] - (box.x ?? 0);
  const y = event.clientY - frame.top - view.origin()[1] - (box.y ?? 0);
  if (x < 0 || x > view.width() || y < 0 || y > view.height()) return;
  choose(figure, view.scale("x").invert(x));
}

const rounded = (p) => Number(p.toPrecision(3));

function choose(element, p) {
  report.address.choose(element, { p: rounded(p) === 1 ? "" : String(rounded(p)) });
}

// Show p and the shares at p in the table. The slider is linear in the logarithm of p.
function show(section, board, { p, baseline }) {
  const form = section.querySelector(".report-p");
  if (!form) return;
  const all = curvesOf(board, baseline);
  const chosen = Number(p) > 0 ? Number(p) : 1;
  const slider = form.querySelector("input");
  slider.oninput = () => choose(form, 10 ** slider.value);
  form.hidden = false;
  // Several steps of the slider round to the same p: it is moved only if the rounded p changes,
  // because arrow keys could not move it otherwise.
  if (rounded(10 ** slider.value) !== rounded(chosen)) slider.value = Math.log10(chosen);
  const text = format.number(chosen);
  slider.setAttribute("aria-valuetext", `p = ${text}`);
  form.querySelector("output").textContent = text;
  const table = section.querySelector("table.fastp");
  table.caption.textContent = `Share of workloads more than p times as fast as ${all.baseline?.label ?? "the baseline"}`;
  table.closest(".report-scroll").setAttribute("aria-label", table.caption.textContent);
  table.tHead.querySelector(".chosen").textContent = `At p = ${text}`;
  table.tBodies[0].replaceChildren(...all.curves.map((curve) => row(all, curve, chosen)));
}

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

report.fastp = { share, show };
