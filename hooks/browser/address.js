// The reader's choices in the URL, so that links, reloads and the back button restore them.

// The choices of these names that the URL contains.
function read(names) {
  const query = new URLSearchParams(location.search);
  return Object.fromEntries(
    names.filter((name) => query.get(name)).map((name) => [name, query.get(name)]));
}

// The URL with these choices; empty ones are removed from it.
function withChoices(choices) {
  const url = new URL(location.href);
  for (const [name, value] of Object.entries(choices)) {
    if (value) url.searchParams.set(name, value);
    else url.searchParams.delete(name);
  }
  return url.href;
}

// Put the choices of these names into the URL and remove the others of them.
function write(names, choices) {
  const all = Object.fromEntries(names.map((name) => [name, choices[name]]));
  history.replaceState(history.state, "", withChoices(all));
}

// Copy a URL to the clipboard or, where the browser does not allow it, show it in a field.
async function copy(url, output) {
  const [text] = url.split("#"); // the fragment is not part of the view
  try {
    await navigator.clipboard.writeText(text);
    output.textContent = "Copied";
  } catch {
    const field = report.element("input", {
      readonly: true, value: text, "aria-label": "Link to this view",
    });
    output.replaceChildren(field, " Press Ctrl+C to copy it");
    field.select();
  }
}

report.address = { read, write, withChoices, copy };
