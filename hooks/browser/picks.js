// The boxes beside names in a table and the selection of the chart follow each other, so that
// everything the legend does can be done from the keyboard.
(() => {
  "use strict";

  const report = (window.report ??= {});
  const FIELDS = [{ type: "E", field: "line" }];

  const boxes = (figure) => {
    const board = figure.closest(".report-board");
    return board ? [...board.querySelectorAll(".pick input")] : [];
  };

  function show(figure, view) {
    const picked = boxes(figure).filter((input) => input.checked);
    view.data("picked_store", picked.map(({ value }) => ({ unit: "", fields: FIELDS, values: [value] })));
    view.run();
  }

  function connect(view, figure) {
    const board = figure.closest(".report-board");
    if (!board) return;
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
