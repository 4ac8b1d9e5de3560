// Says what a chart shows once a reader has chosen something else: who does not see it change hears
// it. The first drawing of a chart is no news.
(() => {
  "use strict";

  const report = (window.report ??= {});
  const shown = new WeakMap(); // figure → what it was last drawn of
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
    const described = target.querySelector("[aria-roledescription=visualization]");
    status.textContent = (described?.getAttribute("aria-label") ?? "").split(": ")[0];
  });
})();
