// The chart of speed ratios on the compare page.

const { pairs, format } = report;

function pointOf({ label, ratio, sides }) {
  const { value } = ratio;
  const us = (result) => (result?.us ? `${format.microseconds(result.us)} µs` : "");
  return {
    name: label, value, low: ratio.low ?? value, high: ratio.high ?? value, verdict: pairs.verdictOn(ratio),
    ratio: pairs.exact(value), interval: pairs.reach(ratio),
    a: sides ? us(sides[0]) : `over ${format.counted(ratio.covered, "workload")}`,
    b: sides ? us(sides[1]) : "",
  };
}

report.kinds.ratios = async (options) => {
  const pair = await pairs.load(options);
  const points = pair.rows.filter(({ ratio }) => ratio).map(pointOf);
  const present = new Set(points.map((point) => point.verdict));
  const all = points.map((point) => `${point.name} ${point.ratio} ${point.verdict}`);
  return {
    description: `Speed of ${pair.labels[0]} (A) over speed of ${pair.labels[1]} (B) `
      + `${pair.where}: ${all.join("; ")}. A table contains the same numbers.`,
    data: { points },
    params: { shown: pairs.VERDICTS.filter((name) => present.has(name)) },
  };
};
