// The chart of ratios about 1, for the pairs of the compare page.
(() => {
  "use strict";

  const report = (window.report ??= {});
  const { pairs, format } = report;
  const LOOKS = {
    "A is faster": ["#0077bb", "M-.9,-1.1L1.2,0L-.9,1.1Z"],
    "B is faster": ["#d9541e", "M.9,-1.1L-1.2,0L.9,1.1Z"],
    indistinguishable: ["#7c8492", "M1,0A1,1,0,1,1,-1,0A1,1,0,1,1,1,0Z"],
    "one round: nobody can tell": ["#7d7f00", "M-.9,-.9H.9V.9H-.9Z"],
  };
  const LEAST = 0.01; // of an axis on either side of 1: less would make noise look large
  const TICKS = 6;

  function standing({ value, indistinguishable }) {
    if (indistinguishable === null) return "one round: nobody can tell";
    if (indistinguishable) return "indistinguishable";
    return value > 1 ? "A is faster" : "B is faster";
  }

  function pointOf({ label, found, cells }) {
    const { value } = found;
    const us = (cell) => (cell?.us ? `${format.microseconds(cell.us)} µs` : "");
    return {
      name: label, value, low: found.low ?? value, high: found.high ?? value, verdict: standing(found),
      ratio: pairs.exact(value), interval: pairs.reach(found),
      a: cells ? us(cells[0]) : `over ${format.counted(found.covered, "workload")}`,
      b: cells ? us(cells[1]) : "",
    };
  }

  // Ticks at round distances; over more than a factor of three, those of a logarithmic axis.
  function axisOf(points) {
    const ends = points.flatMap(({ low, high }) => [low, high]);
    const most = Math.max(1 + LEAST, ...ends);
    const least = Math.min(1 / (1 + LEAST), ...ends);
    const [low, high] = [least / (most / least) ** 0.06, most * (most / least) ** 0.06];
    if (high > 3 * low) return { low, high, ticks: report.metrics.logAxis([low, high]).ticks };
    const decade = 10 ** Math.floor(Math.log10((high - low) / TICKS));
    const step = [1, 2, 5, 10].map((s) => s * decade).find((s) => (high - low) / s <= TICKS);
    const first = Math.ceil(low / step);
    const count = Math.floor(high / step) - first + 1;
    return { low, high, ticks: Array.from({ length: count }, (_, n) => (first + n) * step) };
  }

  function values(pair) {
    const points = pair.rows.filter(({ found }) => found).map(pointOf);
    const present = Object.entries(LOOKS).filter(([name]) => points.some((p) => p.verdict === name));
    const all = points.map(({ name, ratio, verdict }) => `${name} ${ratio} ${verdict}`);
    return {
      description: `Speed of ${pair.labels[0]} (A) over that of ${pair.labels[1]} (B) `
        + `${pair.where}: ${all.join("; ")}. A table holds the same numbers.`,
      points,
      lines: present.map(([name]) => name),
      colours: present.map(([, [colour]]) => colour),
      shapes: present.map(([, [, shape]]) => shape),
      ...report.lines.axis("x", "Speed of A over that of B (1: level)", axisOf(points)),
      ...report.lines.rows(points.map(({ name }) => name)),
    };
  }

  report.kinds.ratios = async (options) => ({ values: values(await pairs.load(options)) });
})();
