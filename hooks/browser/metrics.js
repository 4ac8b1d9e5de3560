// The value of a metric: as Python computed it or, for a baseline that a reader chose, a quotient.

const { format } = report;

// [value, low, high] of a line at the workload with index `place`; null without a value. `baseline` is
// a line that a reader chose; without one, speed-ups are over the leaderboard's baseline.
function measured(metric, line, place, baseline) {
  const values = line.cases[place]?.values;
  if (metric !== "speedup" || !baseline) return values?.[metric] ?? null;
  const numerator = baseline.cases[place]?.values?.latency;
  if (!values?.latency || !numerator) return null;
  const [latency, low, high] = values.latency;
  return [numerator[0] / latency, numerator[1] / high, numerator[2] / low];
}

// A value with the unit of its metric; `words` is data/v1/words.js.
function text(words, metric, value) {
  const digits = metric === "latency" ? format.microseconds(value) : format.number(value);
  return digits + words.metrics[metric].unit;
}

// The line with the key of a chosen baseline; null without a choice.
const chosen = (board, key) => board.lines.find((line) => line.key === key) ?? null;

report.metrics = { measured, text, chosen };
