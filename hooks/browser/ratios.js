// The chart of ratios about 1, for the pairs of the compare page.
(() => {
  "use strict";

  const report = (window.report ??= {});
  const { pairs, format } = report;
  const VERDICTS = ["A is faster", "B is faster", "indistinguishable", "one round: nobody can tell"];

  function standing({ value, indistinguishable }) {
    if (indistinguishable === null) return "one round: nobody can tell";
    if (indistinguishable) return "indistinguishable";
    return value > 1 ? "A is faster" : "B is faster";
  }

  function pointOf({ label, found, cases }) {
    const { value } = found;
    const us = (cell) => (cell?.us ? `${format.microseconds(cell.us)} µs` : "");
    return {
      name: label, value, low: found.low ?? value, high: found.high ?? value, verdict: standing(found),
      ratio: pairs.exact(value), interval: pairs.reach(found),
      a: cases ? us(cases[0]) : `over ${format.counted(found.covered, "workload")}`,
      b: cases ? us(cases[1]) : "",
    };
  }

  function chart(pair) {
    const points = pair.rows.filter(({ found }) => found).map(pointOf);
    const present = new Set(points.map(({ verdict }) => verdict));
    const all = points.map(({ name, ratio, verdict }) => `${name} ${ratio} ${verdict}`);
    return {
      description: `Speed of ${pair.labels[0]} (A) over that of ${pair.labels[1]} (B) `
        + `${pair.where}: ${all.join("; ")}. A table holds the same numbers.`,
      data: { points },
      params: { verdicts: VERDICTS.filter((name) => present.has(name)) },
    };
  }

  report.kinds.ratios = async (options) => chart(await pairs.load(options));
})();
