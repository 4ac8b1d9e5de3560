// The menu in the corner of a chart that saves it as a picture.

const SHARP = 2; // pixels of a PNG per px of the chart

async function save(view, name, format) {
  const href = await view.toImageURL(format, format === "png" ? SHARP : 1);
  report.element("a", { href, download: `${name}.${format}` }).click();
}

report.saveMenu = (view, name) => {
  const item = (format) => {
    const button = report.element("button", { type: "button" }, `Save as ${format.toUpperCase()}`);
    button.addEventListener("click", () => save(view, name, format));
    return button;
  };
  const summary = report.element("summary", { "aria-label": "Save the chart as a picture" }, "⋯");
  const items = report.element("div", {}, item("svg"), item("png"));
  const menu = report.element("details", { class: "report-save" }, summary, items);
  menu.addEventListener("toggle", () => {
    if (menu.open) items.scrollIntoView({ block: "nearest" });
  });
  menu.addEventListener("keydown", ({ key }) => {
    if (key !== "Escape" || !menu.open) return;
    menu.open = false;
    summary.focus();
  });
  menu.addEventListener("focusout", ({ relatedTarget }) => {
    if (relatedTarget && !menu.contains(relatedTarget)) menu.open = false;
  });
  return menu;
};
