// Boxes beside names pick lines out in a chart, so that all of it can be done from the keyboard; a
// click on a line's name or marker in the chart is a click on its box. Where no table has such
// boxes, the figure gets some.
(() => {
  "use strict";

  const report = (window.report ??= {});

  const placeOf = (figure) => figure.closest(".report-board") ?? figure;
  const boxes = (figure) => [...placeOf(figure).querySelectorAll(".pick input")];

  // The lines that a reader has picked.
  const of = (figure) => (
    figure ? boxes(figure).filter(({ checked }) => checked).map(({ value }) => value) : []);

  // Those that are there already stay, with what is picked: a chart is drawn again with the palette.
  function addBoxes(figure, names) {
    if (boxes(figure).map(({ value }) => value).join() === names.join()) return;
    figure.querySelector(".report-picks")?.remove();
    figure.append(report.element("details", { class: "report-more report-picks" },
      report.element("summary", {}, "Pick lines out"),
      names.map((name) => report.element("label", { class: "pick" },
        report.element("input", { type: "checkbox", value: name }), ` ${name}`))));
  }

  function connect(view, figure, names) {
    const board = placeOf(figure);
    if (board === figure) addBoxes(figure, names);
    // One listener on the board, as its rows come and go with what a reader chooses.
    const listen = (event) => {
      if (event.target.matches(".pick input")) report.refill(figure);
    };
    figure.report_unlisten?.();
    board.addEventListener("change", listen);
    figure.report_unlisten = () => board.removeEventListener("change", listen);
    view.addEventListener("click", (_, item) => {
      const box = item?.datum?.line && boxes(figure).find(({ value }) => value === item.datum.line);
      box?.click();
    });
  }

  report.picks = { connect, of };
})();
