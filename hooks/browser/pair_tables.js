// The tables of the compare page: every number of its chart, and how the environments differ.

const { element, format, pairs } = report;

// A table that scrolls sideways within the page, as in hooks/report/elements.py.
function table(kind, caption, head, rows) {
  return element("div", { class: "report-scroll", role: "region", tabindex: 0, "aria-label": caption },
    element("table", { class: `report-table ${kind}` }, element("caption", {}, caption),
      element("thead", {}, element("tr", {}, head.map(([name, number]) => (
        element("th", { scope: "col", class: number ? "number" : null }, name))))),
      element("tbody", {}, rows)));
}

const heading = (...content) => element("th", { scope: "row" }, ...content);
const number = (...content) => element("td", { class: "number" }, ...content);

function plain(caption, head, rows) {
  return table("differences", caption, head.map((name) => [name]), rows.map(([name, ...values]) => (
    element("tr", {}, heading(name), values.map((value) => element("td", { class: "name" }, value))))));
}

function signs(marks, words) {
  const labels = marks.map((mark) => words.marks[mark]).filter(({ sign }) => sign);
  if (!labels.length) return null;
  return element("sup", { class: "signs" }, labels.map(({ word, sign, meaning }) => (
    element("abbr", { title: `${word}: ${meaning}` },
      element("span", { "aria-hidden": "true" }, sign),
      element("span", { class: "report-unseen" }, ` ${word}`)))));
}

function latency(result, words) {
  if (!result) return element("td", { class: "status" }, "not measured");
  if (!result.us) {
    return element("td", { class: "status" },
      element("abbr", { title: result.reason }, words.statuses[result.status].word));
  }
  const ends = result.low === undefined ? "one round" : format.between(result.low, result.high);
  return number(format.microseconds(result.us), signs(result.marks ?? [], words), " ",
    element("small", { class: "wide" }, ends));
}

const VERDICT = [["A’s speed over B’s", 1], ["95 % interval", 1], ["Verdict"]];

const sureness = ({ indistinguishable }) => (indistinguishable === false ? "sure" : "unsure");

// Three cells: the ratio, its interval, and the verdict in words.
function verdict(ratio) {
  if (!ratio) return [number("–"), number("–"), element("td", {}, "–")];
  return [number(pairs.exact(ratio.value)), number(pairs.reach(ratio)),
    element("td", { class: sureness(ratio) }, pairs.words(ratio))];
}

function ofLines(pair, words) {
  const head = [["Workload"], ...VERDICT,
    [`A: ${pair.labels[0]}, µs`, 1], [`B: ${pair.labels[1]}, µs`, 1]];
  const rows = pair.rows.map(({ name, label, sides, ratio }) => element("tr", {},
    heading(element("span", { title: name }, label)), verdict(ratio),
    sides.map((result) => latency(result, words))));
  return table("pairs", `Workload by workload, ${pair.where}`, head, rows);
}

const short = ({ ratio }) => (ratio
  ? element("td", { class: `number ${sureness(ratio)}`, title: pairs.words(ratio) }, pairs.exact(ratio.value))
  : number("–"));

function ofRuns(pair, choose) {
  const head = [["Line"], ...VERDICT, ["Coverage", 1], ...pair.workloads.map(({ label }) => [label, 1])];
  const rows = pair.rows.map(({ key, label, ratio, cases }) => {
    const link = element("a", { href: report.address.withChoices({ line: key }) }, label);
    link.addEventListener("click", (event) => {
      event.preventDefault();
      choose(key);
    });
    return element("tr", {}, heading(link), verdict(ratio),
      number(`${ratio?.covered ?? 0} of ${pair.workloads.length}`), cases.map(short));
  });
  return table("pairs", `Line by line, the largest change first, ${pair.where}`, head, rows);
}

// A list of the cases without a latency, grouped by reason; null if there are none.
function failures(pair, words) {
  const byReason = new Map();
  for (const { line, label, sides } of pair.cases) {
    sides.forEach((result, n) => {
      if (!result || result.us) return;
      const side = line ? `${"AB"[n]}, ${line}` : "AB"[n];
      const text = `${side}: ${words.statuses[result.status].word}: ${result.reason}`;
      byReason.set(text, [...(byReason.get(text) ?? []), label]);
    });
  }
  if (!byReason.size) return null;
  const items = [...byReason].map(([text, names]) => element("li", {}, text,
    names.length === 1 ? ` (${names[0]})` : ` (${names.length} workloads)`));
  return [element("h3", {}, "Without a latency"), element("ul", {}, items)];
}

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
async function differences(pair) {
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
    rows.length ? plain("Differences in environment", ["", "A", "B"], rows) : null,
  ];
}

report.pairTables = { ofLines, ofRuns, failures, differences };
