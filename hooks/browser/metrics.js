// The value of a metric: as Python worked it out or, over a baseline that a reader chose, a division.
(() => {
  "use strict";

  const report = (window.report ??= {});
  const { format } = report;

  // [value, low, high] of a line at the workload of index `place`; null without a value. `baseline` is
  // a line that a reader chose; without one, speed-ups are over that of the leaderboard.
  function measured(metric, line, place, baseline) {
    const values = line.cases[place]?.values;
    if (metric !== "speedup" || !baseline) return values?.[metric] ?? null;
    const reference = baseline.cases[place]?.values?.latency;
    if (!values?.latency || !reference) return null;
    const [own, low, high] = values.latency;
    return [reference[0] / own, reference[1] / high, reference[2] / low];
  }

  // A value with the unit of its metric; `words` are those of the report.
  function text(words, metric, value) {
    const digits = metric === "latency" ? format.microseconds(value) : format.number(value);
    return digits + words.metrics[metric].unit;
  }

  // The line that a reader chose as the baseline, by its key; null without a choice.
  const chosen = (board, key) => board.lines.find((line) => line.key === key) ?? null;

  report.metrics = { measured, text, chosen };
})();
