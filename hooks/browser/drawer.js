// The menu of a phone by keyboard: while it is open the keyboard stays in it, Escape closes it, and
// each of its levels has a way back. Material's own is made for a finger.
(() => {
  "use strict";

  const BEHIND = ".md-header, .md-tabs, .md-content, .md-sidebar--secondary, .md-footer";
  const MENU = ".md-header [for='__drawer']";
  const LEVELS = ".md-nav__title[for^=__]:not([for=__drawer]), .md-nav__link[for]"; // what goes down a level, or back

  const panel = () => document.querySelector(".md-sidebar--primary");

  // The first stop that is in sight: what lies on a level above is hidden by the style sheet.
  function enter(within) {
    const stops = [...within.querySelectorAll("a[href], label[tabindex]")];
    stops.find((stop) => stop.checkVisibility({ visibilityProperty: true }))
      ?.focus({ preventScroll: true }); // it may still be on its way in
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
      const beside = label.parentElement.querySelector("a")?.textContent.trim();
      if (!label.textContent.trim()) label.setAttribute("aria-label", `Pages of ${beside}`);
    }
    sidebar.addEventListener("change", ({ target }) => {
      if (!target.matches(".md-nav__toggle")) return;
      enter(target.checked ? target.parentElement.querySelector(".md-nav") : target.parentElement);
    });
  });
})();
