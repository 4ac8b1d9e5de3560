// Check boxes next to names highlight lines in a chart, so that the keyboard suffices. A click on a
// line's name or marker in the chart is a click on its box. A figure gets boxes of its own if no table
// has them.

const placeOf = (figure) => figure.closest(".report-board") ?? figure;
const boxes = (figure) => [...placeOf(figure).querySelectorAll(".pick input")];

// The lines that a reader has picked.
const of = (figure) => (
  figure ? boxes(figure).filter(({ checked }) => checked).map(({ value }) => value) : []);

// Existing boxes stay as they are when a chart is drawn again, as after a change of the palette.
function addBoxes(figure, names) {
  if (boxes(figure).map(({ value }) => value).join() === names.join()) return;
  figure.querySelector(".report-picks")?.remove();
  figure.append(report.element("details", { class: "report-more report-picks" },
    report.element("summary", {}, "Highlight lines"),
    names.map((name) => report.element("label", { class: "pick" },
      report.element("input", { type: "checkbox", value: name }), ` ${name}`))));
}

function connect(view, figure, names) {
  const board = placeOf(figure);
  if (board === figure) addBoxes(figure, names);
  // The listener is on the board because its rows are replaced when a reader chooses a run.
  const listen = (event) => {
    if (event.target.matches(".pick input")) view.signal("picked", of(figure)).runAsync();
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
