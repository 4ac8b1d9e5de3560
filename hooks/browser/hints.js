// Shows `title` attributes, which browsers only show on hovering, for touch and keyboard too: after a
// tap, or when an abbreviation has focus. Escape or leaving it hides the hint.

const ROOM = 12; // distance in px from the edge of the window
let hint = null;
let shown = null; // the element whose title is shown

// The element with a title; none within links and controls, where a tap does something else.
const titled = (target) => (
  target.closest?.("a, button, label, input, select, summary") ? null : target.closest?.("main [title]"));

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
  const element = titled(target);
  if (element) show(element);
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

// Makes the abbreviations in a table reachable with the Tab key, also in one that a script has written.
report.hints = (table) => {
  for (const element of table.querySelectorAll("abbr[title]")) element.tabIndex = 0;
};

// Not the signs in a leaderboard: they are explained below it and would be in the way of its links.
report.mount("main table:not(.summary)", (table) => {
  report.hints(table);
  return hide;
});
