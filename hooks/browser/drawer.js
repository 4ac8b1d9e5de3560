// Makes Material's menu for phones usable with a keyboard: while it is open, focus stays in it, Escape
// closes it, and the buttons between its levels can be reached.

const BEHIND = ".md-header, .md-tabs, .md-content, .md-sidebar--secondary, .md-footer";
const MENU = ".md-header [for='__drawer']";
const LEVELS = ".md-nav__title[for^=__]:not([for=__drawer]), .md-nav__link[for]"; // buttons to the next level, or back

const panel = () => document.querySelector(".md-sidebar--primary");

// Focus the first visible link or button; the style sheet hides those on other levels.
function enter(within) {
  const stops = [...within.querySelectorAll("a[href], label[tabindex]")];
  stops.find((stop) => stop.checkVisibility({ visibilityProperty: true }))
    ?.focus({ preventScroll: true }); // the menu may still be sliding in
}

report.mount("#__drawer", (drawer) => {
  const close = () => {
    drawer.click();
    document.querySelector(MENU).focus();
  };
  drawer.addEventListener("change", () => {
    for (const part of document.querySelectorAll(BEHIND)) part.inert = drawer.checked;
    if (drawer.checked) enter(panel());
  });
  document.addEventListener("keydown", ({ key }) => {
    if (key === "Escape" && drawer.checked) close();
  });
});

report.mount(".md-sidebar--primary", (sidebar) => {
  for (const label of sidebar.querySelectorAll(LEVELS)) {
    label.tabIndex = 0;
    label.setAttribute("role", "button");
    const section = label.parentElement.querySelector("a")?.textContent.trim();
    if (!label.textContent.trim()) label.setAttribute("aria-label", `Pages of ${section}`);
  }
  sidebar.addEventListener("change", ({ target }) => {
    if (!target.matches(".md-nav__toggle")) return;
    enter(target.checked ? target.parentElement.querySelector(".md-nav") : target.parentElement);
  });
});
