// What a mouse shows of a `title`, for touch and keyboard: a tap shows it, and so does reaching an
// abbreviation with the Tab key. Escape, or leaving it, takes it away.
(() => {
  "use strict";

  const report = (window.report ??= {});
  const ROOM = 12; // px to the edge of the window
  let hint = null;
  let shown = null; // the element that the hint is of

  // Links and controls have a use of their own for a tap.
  const titled = (target) => {
    const found = target.closest?.("main [title]");
    return found && !target.closest("a, button, label, input, select, summary") ? found : null;
  };

  function hide() {
    hint?.remove();
    shown?.removeAttribute("aria-describedby");
    shown = null;
  }

  function show(element) {
    hide();
    shown = element;
    hint ??= report.element("div", { class: "report-hint", id: "report-hint", role: "tooltip" });
    hint.textContent = element.title;
    document.body.append(hint);
    element.setAttribute("aria-describedby", hint.id);
    const { left, bottom } = element.getBoundingClientRect();
    const most = document.documentElement.clientWidth - hint.offsetWidth - ROOM;
    hint.style.left = `${Math.max(ROOM, Math.min(left, most)) + window.scrollX}px`;
    hint.style.top = `${bottom + window.scrollY + 4}px`;
  }

  document.addEventListener("click", ({ target }) => {
    const found = titled(target);
    if (found) show(found);
    else hide();
  });
  document.addEventListener("focusin", ({ target }) => {
    if (target.matches("main abbr[title]")) show(target);
    else hide();
  });
  document.addEventListener("focusout", hide);
  document.addEventListener("keydown", ({ key }) => {
    if (key === "Escape") hide();
  });

  // The signs of a summary are explained below it: on the way to its links they would be in the way.
  report.mount("main table:not(.summary) abbr[title]", (element) => {
    element.tabIndex = 0;
    return hide;
  });
  // The same in a table that is written anew.
  report.hints = (table) => {
    for (const element of table.querySelectorAll("abbr[title]")) element.tabIndex = 0;
  };
})();
