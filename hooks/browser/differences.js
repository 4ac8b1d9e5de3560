// The differences between the environments of the two sides of a comparison, from the facts of runs.

const { element } = report;

// The ids of the runs that the cases of each side come from.
function runsOf(pair) {
  const cases = (n) => (pair.whole
    ? pair.rows.flatMap(({ sides }) => Object.values(sides[n]))
    : pair.rows.map((row) => row.cases[n]));
  return [0, 1].map((n) => [...new Set(cases(n).filter(Boolean).map(({ run }) => run))].sort());
}

// The values of each fact on a side: several if its runs differ. `abouts` are the facts of runs.
function valuesOf(abouts, pick) {
  const values = new Map();
  for (const about of abouts) {
    for (const [name, value] of Object.entries(pick(about))) {
      values.set(name, (values.get(name) ?? new Set()).add(value));
    }
  }
  return values;
}

const joined = (values) => [...(values ?? [])].sort().join(" / ") || "–";

// A row [name, A, B] for each fact that differs.
function unlike([a, b]) {
  const names = [...new Set([...a.keys(), ...b.keys()])];
  return names.map((name) => [name, joined(a.get(name)), joined(b.get(name))])
    .filter(([, left, right]) => left !== right);
}

// Differences of facts about lines: of the two compared lines, or of all lines in both runs.
function ofLines(abouts, pair, part, title) {
  if (!pair.whole) {
    return unlike(abouts.map((all, n) => valuesOf(all, (about) => {
      const value = about[part][pair.specs[n].key];
      return value ? { [title]: value } : {};
    })));
  }
  const shared = pair.rows.filter(({ lines }) => lines.every(Boolean));
  const names = new Map(shared.map(({ key, label }) => [key, `${title}: ${label}`]));
  const pick = (about) => Object.fromEntries(
    Object.entries(about[part]).filter(([key]) => names.has(key))
      .map(([key, value]) => [names.get(key), value]));
  return unlike(abouts.map((all) => valuesOf(all, pick)));
}

// The rows [name, A, B], the ids of the runs of each side, and the facts of all runs.
async function load(pair) {
  const runs = runsOf(pair);
  const about = (id) => report.load(`about/${id}`).catch(() => null); // old runs have none
  const abouts = await Promise.all(runs.map((ids) => Promise.all(ids.map(about))));
  const known = abouts.map((all) => all.filter(Boolean));
  const started = unlike(known.map((all) => valuesOf(all, ({ started: at }) => ({ Started: at }))));
  const facts = unlike(known.map((all) => valuesOf(all, (about_) => about_.facts)));
  const ofEach = [["kernel", "Kernel of the Hub"], ["packages", "Packages"], ["code", "Code as measured"]]
    .flatMap(([part, title]) => ofLines(known, pair, part, title));
  return { rows: [...started, ...facts, ...ofEach], runs, abouts: known.flat() };
}

// The differences as a sentence and a table.
async function show(pair) {
  const { rows, runs, abouts } = await load(pair);
  const count = new Set(runs.flat()).size;
  const text = joined(runs[0]) === joined(runs[1])
    ? `Both sides are from the same ${count === 1 ? "run" : "runs"}, on one machine with one driver and PyTorch.`
    : "Only facts that differ between the runs of the two sides are listed.";
  const links = [...new Map(abouts.map((about) => [about.id, about])).values()].flatMap((about, n) => [
    n ? ", " : "", element("a", { href: report.url(about.file), download: true }, about.id)]);
  return [
    element("p", { class: "report-note" }, text, " Every sample: ", links, "."),
    rows.length ? report.pairTables.plain("Differences in environment", ["", "A", "B"], rows) : null,
  ];
}

report.differences = { load, show };
