// What surrounds the two sides of a comparison: only what differs, from the script of each run.
(() => {
  "use strict";

  const report = (window.report ??= {});
  const { element } = report;

  // The runs that the cells of each side come from.
  function runsOf(pair) {
    const cells = (n) => (pair.whole
      ? pair.rows.flatMap(({ sides }) => Object.values(sides[n]))
      : pair.rows.map((row) => row.cases[n]));
    return [0, 1].map((n) => [...new Set(cells(n).filter(Boolean).map(({ run }) => run))].sort());
  }

  // The values of each fact on a side: several where its runs differ.
  function valuesOf(abouts, pick) {
    const found = new Map();
    for (const about of abouts) {
      for (const [name, value] of Object.entries(pick(about))) {
        found.set(name, (found.get(name) ?? new Set()).add(value));
      }
    }
    return found;
  }

  const joined = (values) => [...(values ?? [])].sort().join(" / ") || "–";

  function unlike([own, its]) {
    const names = [...new Set([...own.keys(), ...its.keys()])];
    return names.map((name) => [name, joined(own.get(name)), joined(its.get(name))])
      .filter(([, one, other]) => one !== other);
  }

  // Of a pair of lines, those of each; of two runs, those of every line that both hold.
  function ofLines(abouts, pair, part, title) {
    if (!pair.whole) {
      const each = abouts.map((all, n) => valuesOf(all, (about) => {
        const value = about[part][pair.specs[n].key];
        return value ? { [title]: value } : {};
      }));
      return unlike(each);
    }
    const shared = pair.rows.filter(({ lines }) => lines.every(Boolean));
    const names = new Map(shared.map(({ key, label }) => [key, `${title}: ${label}`]));
    const own = (about) => Object.fromEntries(
      Object.entries(about[part]).filter(([key]) => names.has(key))
        .map(([key, value]) => [names.get(key), value]));
    return unlike(abouts.map((all) => valuesOf(all, own)));
  }

  // { same: [run ids] } or { rows: [[name, A, B]] }
  async function load(pair) {
    const runs = runsOf(pair);
    const about = (id) => report.load(`about/${id}`).catch(() => null); // an old run has none
    const abouts = await Promise.all(runs.map((ids) => Promise.all(ids.map(about))));
    const known = abouts.map((all) => all.filter(Boolean));
    const started = unlike(known.map((all) => valuesOf(all, ({ started: at }) => ({ Started: at }))));
    const facts = unlike(known.map((all) => valuesOf(all, (one) => one.facts)));
    const own = [["kernel", "Kernel of the Hub"], ["packages", "Packages"], ["code", "Code as measured"]]
      .flatMap(([part, title]) => ofLines(known, pair, part, title));
    const wholly = joined(runs[0]) === joined(runs[1]);
    return { rows: [...started, ...facts, ...own], runs, files: known.flat(), wholly };
  }

  // What tells the sides apart, as a table and a sentence.
  async function show(pair) {
    const { rows, runs, files, wholly } = await load(pair);
    const count = new Set(runs.flat()).size;
    const told = wholly
      ? `Both sides come from the same ${count === 1 ? "run" : "runs"}: one machine, driver and torch.`
      : "What differs between the runs that the two sides come from; what is not listed is the same.";
    const links = [...new Map(files.map((one) => [one.id, one])).values()].flatMap((one, n) => [
      n ? ", " : "", element("a", { href: report.url(one.file), download: true }, one.id)]);
    return [
      element("p", { class: "report-note" }, told, " Every sample: ", links, "."),
      rows.length ? report.pairTables.plain("Where the surroundings differ", ["", "A", "B"], rows) : null,
    ];
  }

  report.differences = { load, show };
})();
