// The differences between the environments of the two sides of a comparison, from the facts of runs.

const { element } = report;

const joined = (values) => [...new Set(values)].filter(Boolean).sort().join(" / ") || "–";

// A row [title, A, B] of a fact that `pick` takes from the facts of a run and the key of a side's line;
// several values if the runs of a side differ. None if both sides are alike.
function unlike(title, abouts, pick, keys = []) {
  const values = abouts.map((all, n) => joined(all.map((about) => pick(about, keys[n]))));
  return values[0] === values[1] ? [] : [[title, ...values]];
}

// The rows of all facts; those about lines are of the two compared lines, or of all lines in both runs.
function rowsOf(pair, abouts) {
  const names = new Set(abouts.flat().flatMap(({ facts }) => Object.keys(facts)));
  const lines = pair.whole ? pair.rows.filter((row) => row.lines.every(Boolean))
    .map(({ key, label }) => ({ keys: [key, key], name: `: ${label}` }))
    : [{ keys: pair.specs.map(({ key }) => key), name: "" }];
  const ofEach = [["kernel", "Kernel of the Hub"], ["packages", "Packages"], ["code", "Code as measured"]];
  return [
    ...unlike("Started", abouts, ({ started }) => started),
    ...[...names].flatMap((name) => unlike(name, abouts, ({ facts }) => facts[name])),
    ...ofEach.flatMap(([part, title]) => lines.flatMap(({ keys, name }) => (
      unlike(title + name, abouts, (about, key) => about[part][key], keys)))),
  ];
}

// The differences as a sentence and a table.
async function show(pair) {
  const runs = [0, 1].map((n) => [...new Set(pair.cases.map(({ sides }) => sides[n]?.run).filter(Boolean))]);
  const about = (id) => report.load(`about/${id}`).catch(() => null); // old runs have none
  const all = await Promise.all(runs.map((ids) => Promise.all(ids.map(about))));
  const abouts = all.map((each) => each.filter(Boolean));
  const rows = rowsOf(pair, abouts);
  const count = new Set(runs.flat()).size;
  const text = joined(runs[0]) === joined(runs[1])
    ? `Both sides are from the same ${count === 1 ? "run" : "runs"}, on one machine with one driver and PyTorch.`
    : "Only facts that differ between the runs of the two sides are listed.";
  const files = new Map(abouts.flat().map(({ id, file }) => [id, file]));
  const links = [...files].sort().flatMap(([id, file], n) => [
    n ? ", " : "", element("a", { href: report.url(file), download: true }, id)]);
  return [
    element("p", { class: "report-note" }, text, " Every sample: ", links, "."),
    rows.length ? report.pairTables.plain("Differences in environment", ["", "A", "B"], rows) : null,
  ];
}

report.differences = { show };
