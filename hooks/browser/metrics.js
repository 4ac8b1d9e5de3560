// What a chart may show of a latency: the twin of hooks/charts/metrics.py and hooks/charts/axes.py,
// for the baseline and the run that a reader chooses. A test holds the two together.
(() => {
  "use strict";

  const report = (window.report ??= {});
  const { format } = report;

  const METRICS = {
    latency: { title: "Median latency (µs, log scale)", unit: " µs", log: true },
    tflops: { title: "TFLOP/s", unit: " TFLOP/s", log: false },
    peak: { title: "Share of the datasheet’s dense peak (%)", unit: " %", log: false },
    speedup: { title: "Speed-up over the baseline (log scale)", unit: "×", log: true },
  };

  // The ends of a cell's interval; of one round, which has none, the latency itself.
  const bounds = ({ us, low, high }) => [low ?? us, high ?? us];

  // { value, low, high } of a line at the workload of index `place`; null without one.
  function measured(metric, board, line, place, baseline) {
    const cell = line.cells[place];
    if (!cell?.us) return null;
    const [low, high] = bounds(cell);
    if (metric === "latency") return { value: cell.us, low, high };
    if (metric === "speedup") {
      const other = baseline?.cells[place];
      if (!other?.us) return null;
      const [least, most] = bounds(other);
      return { value: other.us / cell.us, low: least / high, high: most / low };
    }
    let rate = board.workloads[place].flops / 1e6;
    if (metric === "peak") {
      const peak = board.peaks[line.precision];
      if (!peak) return null;
      rate *= 100 / peak;
    }
    return { value: rate / cell.us, low: rate / high, high: rate / low };
  }

  function text(metric, value) {
    const digits = metric === "latency" ? format.microseconds(value) : format.number(value);
    return digits + METRICS[metric].unit;
  }

  function logAxis(values) {
    const low = values.length ? Math.min(...values) * 0.9 : 1;
    const high = values.length ? Math.max(...values) * 1.1 : 10;
    const steps = high > 8 * low ? [1, 2, 5] : [1, 1.5, 2, 2.5, 3, 4, 5, 6, 7, 8, 9];
    const ticks = [];
    for (let decade = Math.floor(Math.log10(low)); decade <= Math.ceil(Math.log10(high)); decade++) {
      for (const step of steps) ticks.push(step * 10 ** decade);
    }
    return { low, high, ticks: ticks.filter((tick) => low <= tick && tick <= high), log: true };
  }

  const TICKS = 7;

  function linearAxis(values) {
    const high = (values.length ? Math.max(...values) : 1) * 1.05;
    const decade = 10 ** Math.floor(Math.log10(high / TICKS));
    const step = [1, 2, 5, 10].map((s) => s * decade).find((s) => high / s <= TICKS);
    const ticks = Array.from({ length: Math.trunc(high / step) + 1 }, (_, n) => step * n);
    return { low: 0, high, ticks, log: false };
  }

  // The line that speed-ups are over: the page a reader chose, else the board's own.
  function baselineOf(board, chosen) {
    const named = (name) => board.lines.find((line) => report.key(line) === name || line.slug === name);
    return named(chosen) ?? named(board.baseline);
  }

  // What names a line in links: its page, and the variant where a page has several.
  report.key = (line) => (line.variant ? `${line.slug}.${line.variant}` : line.slug);

  report.metrics = { METRICS, measured, text, logAxis, linearAxis, baselineOf, bounds };
})();
