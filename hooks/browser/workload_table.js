// The table of one workload: the twin of hooks/tables/workload.py, for the one a reader chooses.
(() => {
  "use strict";

  const report = (window.report ??= {});
  const { element, format } = report;
  const { judged, size, inOrder, ONE_ROUND } = report.spots;
  const COLUMNS = 6; // after the rank and the name

  function name(line) {
    const shown = line.page
      ? element("a", { href: report.url(`impls/${line.slug}/`) }, line.label) : line.label;
    const chip = line.precision === "exact"
      ? [] : [" ", element("span", { class: "chip" }, line.precision)];
    return element("th", { scope: "row" }, report.swatch(line), " ", shown, chip);
  }

  // Why a line has no latency, over all columns.
  function failed(cell, words) {
    const why = cell
      ? [element("abbr", { title: cell.reason }, words.statuses[cell.status]), `: ${cell.reason}`]
      : ["not measured"];
    return element("td", { class: "status", colspan: COLUMNS }, element("div", {}, why));
  }

  function values(board, line, cell, workload) {
    const rate = workload.flops / cell.us / 1e6;
    const peak = board.peaks[line.precision];
    return [
      cell.low === undefined ? ONE_ROUND : format.between(cell.low, cell.high),
      format.number(rate),
      peak ? format.percent(rate / peak) : "–",
      judged(cell) || "–",
      cell.memory === undefined ? "–" : size(cell).replace(" ", "\u00a0"),
    ];
  }

  function row(board, line, at, place, words) {
    const cell = line.cells[at];
    const start = [element("td", { class: "rank" }, report.ranking.rank(place)), name(line)];
    if (!cell?.us) return element("tr", {}, start, failed(cell, words));
    const first = element("td", { class: place?.rank === 1 ? "number best" : "number" },
      format.microseconds(cell.us), report.ranking.signs(cell.marks ?? [], words));
    const others = values(board, line, cell, board.workloads[at]);
    return element("tr", {}, start, first,
      others.map((value) => element("td", { class: "number" }, value)));
  }

  function legend(cells, words) {
    const marks = new Set(cells.flatMap((cell) => cell.marks ?? []));
    const found = Object.keys(words.signs).filter((mark) => marks.has(mark));
    const items = found.map((mark) => element("li", {}, element("b", {}, words.signs[mark]),
      ` ${mark.replace("_", "-")}: ${words.meanings[mark]}`));
    const capped = cells.filter((cell) => cell.marks?.includes("power_capped")).length;
    if (capped) {
      const text = ` In ${capped} of ${cells.length} cases ${words.meanings.power_capped}`;
      items.push(element("li", {}, element("b"), text));
    }
    return items.length ? element("ul", { class: "report-legend" }, items) : null;
  }

  // Put the lines of the workload at index `at` into the table within `host`.
  function fill(host, board, at, words) {
    const table = host.querySelector("table");
    const { ran, rest } = inOrder(board, at);
    const places = report.boards.ranking(board).placesAt(at);
    const caption = `${board.workloads[at].name} on ${board.device}, the fastest first`;
    table.caption.textContent = caption;
    host.querySelector(".report-scroll").setAttribute("aria-label", caption);
    table.tBodies[0].replaceChildren(
      ...[...ran, ...rest].map((line) => row(board, line, at, places.get(line), words)));
    report.hints(table);
    host.querySelector(".report-legend")?.remove();
    host.append(legend(ran.map((line) => line.cells[at]), words) ?? "");
  }

  report.workloadTable = { fill };
})();
