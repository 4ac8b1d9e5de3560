// What a reader chose, in the address: so that a link, a reload and the way back restore it.
(() => {
  "use strict";

  const report = (window.report ??= {});

  // The choices of these names that the address holds.
  function read(names) {
    const asked = new URLSearchParams(location.search);
    return Object.fromEntries(
      names.filter((name) => asked.get(name)).map((name) => [name, asked.get(name)]));
  }

  // The address with these choices; those that are empty leave it.
  function withChoices(choices) {
    const url = new URL(location.href);
    for (const [name, value] of Object.entries(choices)) {
      if (value) url.searchParams.set(name, value);
      else url.searchParams.delete(name);
    }
    return url.href;
  }

  const write = (choices) => history.replaceState(history.state, "", withChoices(choices));

  // Into the clipboard; where the browser has none to give, into a field to copy it from.
  async function copy(address, output) {
    const [text] = address.split("#"); // the place on the page is no part of the view
    try {
      await navigator.clipboard.writeText(text);
      output.textContent = "Copied";
    } catch {
      const field = report.element("input", {
        readonly: true, value: text, "aria-label": "Link to this view",
      });
      output.replaceChildren(field, " Ctrl+C copies it");
      field.select();
    }
  }

  report.address = { read, write, withChoices, copy };
})();
