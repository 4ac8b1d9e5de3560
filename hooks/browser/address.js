// The reader's choices in the URL, so that links, reloads and the back button restore them.

// The choices of these names, empty if the URL does not contain them.
function read(names) {
  const query = new URLSearchParams(location.search);
  return Object.fromEntries(names.map((name) => [name, query.get(name) ?? ""]));
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

// The choices of these names in the view `root`: `state` has them, and `choose` changes some of them,
// also in the URL, and shows the view; parts of the view call it by `choose`. Buttons copy a URL with
// all choices of `form` as shown.
function choices(root, names, { form, show }) {
  const state = read(names);
  root.addEventListener("submit", (event) => event.preventDefault());
  root.addEventListener("click", ({ target }) => {
    const output = target.closest(".report-copy")?.form.querySelector(".report-copied");
    if (output) copy(withChoices({ ...state, ...Object.fromEntries(new FormData(form)) }), output);
  });
  const choose = (changes) => {
    Object.assign(state, changes);
    history.replaceState(history.state, "", withChoices(state));
    return show();
  };
  root.addEventListener("report:choice", ({ detail }) => choose(detail));
  return { state, choose };
}

// Make choices in the view that contains `part`.
function choose(part, detail) {
  part.dispatchEvent(new CustomEvent("report:choice", { bubbles: true, detail }));
}

report.address = { withChoices, choices, choose };
