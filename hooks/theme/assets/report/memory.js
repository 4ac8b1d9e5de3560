// How much memory a call takes, beside the other lines of a board: dots, and a table of the same.
(() => {
  "use strict";

  const { element, format } = report;
  const GREY = "#9a9fa8"; // as in lines.js: lines of other pages
  const MOST = 24; // lines of other pages that are shown; the least first

  const STEP = 20; // px from line to line

  const text = (mib) => `${format.number(mib)}${"\u00a0"}MiB`;

  // { line, mib, own } of every line that was measured, the least first.
  async function found({ board: name, workload, own }) {
    const board = await report.boards.named(name);
    const place = board.workloads.findIndex((one) => one.name === workload);
    const all = board.lines
      .filter((line) => line.cells[place]?.memory !== undefined)
      .map((line) => ({
        line, mib: line.cells[place].memory / 2 ** 20, own: own.includes(line.slug),
      }))
      .sort((a, b) => a.mib - b.mib);
    const others = new Set(all.filter((one) => !one.own).slice(0, MOST));
    return all.filter((one) => one.own || others.has(one));
  }

  report.kinds.memory = async ({ template, options, figure }) => {
    const shown = await found(options);
    template.data = {
      values: shown.map(({ line, mib, own }) => ({
        line: line.label,
        mib,
        value: text(mib),
        colour: own ? line.colour : GREY,
        shape: own ? line.shape : "circle",
      })),
    };
    template.description = "Most memory allocated during a call, beyond the inputs, of "
      + `${shown.map(({ line }) => line.label).join(", ")}. A table holds the same numbers.`;
    template.height = STEP * shown.length;
    template.encoding.x.scale.domain = [0, 2 * Math.max(1, ...shown.map(({ mib }) => mib))];
    template.encoding.y.axis.labelLimit = figure.clientWidth * 0.45;
    return { spec: template };
  };

  function row({ line, mib, own }) {
    const name = own ? element("strong", {}, line.label) : line.label;
    return element("tr", {}, element("th", { scope: "row" }, name),
      element("td", { class: "number" }, text(mib)));
  }

  // The table has the page's own lines already: where nothing more comes, they stay.
  report.mount("table.memory", (table) => {
    const figure = table.closest("details").querySelector(".report-chart");
    found(JSON.parse(figure.dataset.chart)).then(
      (shown) => table.tBodies[0].replaceChildren(...shown.map(row)), console.error);
  });
})();
