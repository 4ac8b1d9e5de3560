// The ranking as a table, for a baseline or a run that a reader chose: the twin of
// hooks/tables/summary.py, which writes it for the page as it arrives.
(() => {
  "use strict";

  const report = (window.report ??= {});
  const { element, format, verdict, metrics } = report;
  const SVG = "http://www.w3.org/2000/svg";

  function drawing(name, attributes, ...content) {
    const made = document.createElementNS(SVG, name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    made.append(...content);
    return made;
  }

  // The key of a line, as the chart's legend draws it.
  report.swatch = ({ colour, dash, shape }) => {
    const line = { d: "M1 6H29", stroke: colour, "stroke-width": 2 };
    if (dash[1]) line["stroke-dasharray"] = dash.join(" ");
    return drawing("svg",
      { class: "swatch", viewBox: "0 0 30 12", width: 30, height: 12, "aria-hidden": "true" },
      drawing("path", line),
      drawing("path", { d: shape, transform: "translate(15 6) scale(4.2)", fill: colour }));
  };

  function pick(line, checked) {
    if (!line.cells.some((cell) => cell?.us)) return element("span", { class: "pick" });
    const box = element("input", {
      type: "checkbox", value: line.label, "aria-label": `Highlight ${line.label}`,
    });
    box.checked = checked;
    return element("label", { class: "pick", title: "Highlight in the chart" }, box, report.swatch(line));
  }

  function name(line, checked) {
    const shown = line.page
      ? element("a", { href: report.url(`impls/${line.slug}/`) }, line.label) : line.label;
    const chips = [];
    if (line.precision !== "exact") chips.push(element("span", { class: "chip" }, line.precision));
    if (!line.page) chips.push(element("span", { class: "chip" }, "retired"));
    return element("th", { scope: "row" }, pick(line, checked), shown, chips.flatMap((c) => [" ", c]));
  }

  const number = (...content) => element("td", { class: "number" }, ...content);

  // A factor with its interval, small; nothing small where it is compared with itself.
  function factor(found) {
    if (!found) return ["–"];
    const { value, low, high, covered } = found;
    const known = low !== null;
    const reach = known ? `95 % interval: ${low.toFixed(4)} – ${high.toFixed(4)}×` : "one round";
    const spread = !known ? "one round" : low < high ? format.plusMinus(value, low, high) : "";
    return [element("span", { title: `${reach}; over ${covered} workloads` },
      `${format.times(value)} `, element("small", {}, spread))];
  }

  function rank(place) {
    if (!place) return "–";
    return place.tied ? element("abbr", { title: "Level with another" }, `${place.rank}`, element("span", {}, "=")) : `${place.rank}`;
  }

  function signs(marks, words) {
    const shown = marks.filter((mark) => words.signs[mark]);
    if (!shown.length) return null;
    return element("sup", { class: "signs" }, shown.map((mark) => {
      const word = mark.replace("_", "-");
      return element("abbr", { title: `${word}: ${words.meanings[mark]}` },
        element("span", { "aria-hidden": "true" }, words.signs[mark]),
        element("span", { class: "report-unseen" }, ` ${word}`));
    }));
  }

  function latency(cell, best, words) {
    if (!cell) return number("–");
    if (!cell.us) {
      const told = element("abbr", { title: cell.reason }, words.statuses[cell.status]);
      return element("td", { class: "status" }, told);
    }
    const title = cell.low === undefined ? "one round: no interval"
      : `95 % interval: ${format.between(cell.low, cell.high)} µs`;
    return element("td", { class: best ? "number best" : "number", title },
      format.microseconds(cell.us), signs(cell.marks ?? [], words));
  }

  function row(board, ranked, { line, slowdown, place, covered }, { base, checked, words }) {
    const speedup = base ? verdict.slowdown(base.cells, line.cells) : null;
    return element("tr", {},
      element("td", { class: "rank" }, rank(place)),
      name(line, checked.has(line.label)),
      element("td", {}, line.provider || "–"),
      number(...factor(slowdown)),
      number(...factor(speedup)),
      board.workloads.map((_, at) => (
        latency(line.cells[at], ranked.placesAt(at).get(line)?.rank === 1, words))),
      number(`${covered} of ${board.workloads.length}`));
  }

  const HEAD = [["#", "rank"], ["Implementation", ""], ["Provider", ""], ["Slow-down", "number"],
    ["Speed-up", "number"]];

  function head(board) {
    const columns = [...HEAD, ...board.workloads.map(({ x }) => [x, "number"]), ["Coverage", "number"]];
    return element("tr", {}, columns.map(([text, kind]) => (
      element("th", { scope: "col", class: kind || null }, String(text)))));
  }

  // Put the rows of `board` into `table` in the place of those that it has.
  function fill(table, board, { baseline, words }) {
    const ranked = report.boards.ranking(board);
    const boxes = [...table.querySelectorAll(".pick input:checked")];
    const checked = new Set(boxes.map(({ value }) => value));
    const base = metrics.baselineOf(board, baseline);
    const rows = ranked.rows.map((one) => row(board, ranked, one, { base, checked, words }));
    table.tHead.replaceChildren(head(board));
    table.tBodies[0].replaceChildren(...rows);
  }

  report.ranking = { fill, rank, signs };
})();
