// The tables of the compare page: every number of the chart, in words where there is none.
(() => {
  "use strict";

  const report = (window.report ??= {});
  const { element, format, pairs } = report;

  // A table that scrolls sideways on its own, as hooks/report/elements.py makes it.
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

  function latency(cell, words) {
    if (!cell) return element("td", { class: "status" }, "not measured");
    if (!cell.us) {
      return element("td", { class: "status" },
        element("abbr", { title: cell.reason }, words.statuses[cell.status].word));
    }
    const ends = cell.low === undefined ? "one round" : format.between(cell.low, cell.high);
    return number(format.microseconds(cell.us), signs(cell.marks ?? [], words), " ",
      element("small", { class: "wide" }, ends));
  }

  const JUDGED = [["A’s speed over B’s", 1], ["95 % interval", 1], ["Verdict"]];

  // The ratio, its interval and the verdict in words.
  function judged(found) {
    if (!found) return [number("–"), number("–"), element("td", {}, "–")];
    const kind = found.indistinguishable === false ? "sure" : "unsure";
    return [number(pairs.exact(found.value)), number(pairs.reach(found)),
      element("td", { class: kind }, pairs.words(found))];
  }

  function ofLines(pair, words) {
    const head = [["Workload"], ...JUDGED,
      [`A: ${pair.labels[0]}, µs`, 1], [`B: ${pair.labels[1]}, µs`, 1]];
    const rows = pair.rows.map(({ name, label, cases, found }) => element("tr", {},
      heading(element("span", { title: name }, label)), judged(found),
      cases.map((cell) => latency(cell, words))));
    return table("pairs", `Workload by workload, ${pair.where}`, head, rows);
  }

  const short = (found) => {
    if (!found) return number("–");
    const sure = found.indistinguishable === false;
    return element("td", { class: sure ? "number sure" : "number unsure", title: pairs.words(found) },
      pairs.exact(found.value));
  };

  function ofRuns(pair, choose) {
    const head = [["Line"], ...JUDGED, ["Coverage", 1], ...pair.workloads.map(({ label }) => [label, 1])];
    const rows = pair.rows.map(({ key, label, found, each }) => {
      const link = element("a", { href: report.address.withChoices({ line: key }) }, label);
      link.addEventListener("click", (event) => {
        event.preventDefault();
        choose(key);
      });
      return element("tr", {}, heading(link), judged(found),
        number(`${found?.covered ?? 0} of ${pair.workloads.length}`), each.map(short));
    });
    return table("pairs", `Line by line, the largest change first, ${pair.where}`, head, rows);
  }

  // What has no latency on either side, and why: the same reason once.
  function failures(pair, words) {
    const found = new Map();
    const add = (side, label, name, cell) => {
      if (!cell || cell.us) return;
      const text = `${side}${label}: ${words.statuses[cell.status].word}: ${cell.reason}`;
      found.set(text, [...(found.get(text) ?? []), name]);
    };
    for (const row of pair.rows) {
      if (pair.whole) {
        row.sides.forEach((cells, n) => Object.entries(cells).forEach(
          ([name, cell]) => add("AB"[n], `, ${row.label}`, name, cell)));
      } else row.cases.forEach((cell, n) => add("AB"[n], "", row.label, cell));
    }
    if (!found.size) return null;
    const items = [...found].map(([text, names]) => element("li", {}, text,
      names.length === 1 ? ` (${names[0]})` : ` (${names.length} workloads)`));
    return [element("h3", {}, "Without a latency"), element("ul", {}, items)];
  }

  report.pairTables = { plain, ofLines, ofRuns, failures };
})();
