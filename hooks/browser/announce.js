// Announces to screen readers what a chart shows after a choice has changed it. The first drawing of
// a chart is not announced.

const shown = new WeakMap(); // figure → the options that it was last drawn with
let status = null;

document.addEventListener("report:drawn", ({ target }) => {
  const before = shown.get(target);
  const now = target.dataset.chart;
  shown.set(target, now);
  if (before === undefined || before === now) return;
  if (!status) {
    status = report.element("output", { class: "report-unseen", "aria-live": "polite" });
    document.body.append(status);
  }
  const chart = target.querySelector("[aria-roledescription=visualization]");
  status.textContent = (chart?.getAttribute("aria-label") ?? "").split(": ")[0];
});
