// Boxes beside names and the selection of the chart follow each other, so that everything the legend
// does can be done from the keyboard. Where no table has such boxes, the figure gets some.
(() => {
  "use strict";

  const report = (window.report ??= {});
  const FIELDS = [{ type: "E", field: "line" }];

  const placeOf = (figure) => figure.closest(".report-board") ?? figure;
  const boxes = (figure) => [...placeOf(figure).querySelectorAll(".pick input")];

  // Those that are there already stay, with what is picked: a chart is drawn again with the palette.
  function addBoxes(figure, names) {
    if (boxes(figure).map(({ value }) => value).join() === names.join()) return;
    figure.querySelector(".report-picks")?.remove();
    figure.append(report.element("details", { class: "report-more report-picks" },
      report.element("summary", {}, "Pick lines out"),
      names.map((name) => report.element("label", { class: "pick" },
        report.element("input", { type: "checkbox", value: name }), ` ${name}`))));
  }

  function show(figure, view) {
    const picked = boxes(figure).filter((input) => input.checked);
    view.data("picked_store", picked.map(({ value }) => ({ unit: "", fields: FIELDS, values: [value] })));
    view.run();
  }

  function connect(view, figure) {
    const board = placeOf(figure);
    if (board === figure) addBoxes(figure, view.scale("color").domain());
    // One listener on the board, as its rows come and go with what a reader chooses.
    const listen = (event) => {
      if (event.target.matches(".pick input")) show(figure, view);
    };
    figure.report_unlisten?.();
    board.addEventListener("change", listen);
    figure.report_unlisten = () => board.removeEventListener("change", listen);
    if (boxes(figure).some((input) => input.checked)) show(figure, view);
    view.addDataListener("picked_store", (_, rows) => {
      const lines = new Set(rows.map((row) => row.values[0]));
      for (const input of boxes(figure)) input.checked = lines.has(input.value);
    });
  }

  report.picks = { connect };
})();
