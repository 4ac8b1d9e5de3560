// Comparisons that a reader chooses: `ratio` of two cases and `slowdown` of two lines, as in
// bench/analysis/verdict.py; a test compares the two implementations.
// A case is { us, low, high, rounds, run }: the latency in µs, its 95 % interval (absent with a single
// round), the median of each round, and the run that measured it.

const hasInterval = ({ low, high }) => low != null && high != null;

// The geometric mean of the ratios of latencies, as { value, low, high, covered }; null if the two share
// no workload. Both arguments are cases by workload.
function slowdown(cases, others) {
  const pairs = Object.keys(cases)
    .filter((workload) => others[workload]?.us && cases[workload]?.us)
    .map((workload) => [cases[workload], others[workload]]);
  if (!pairs.length) return null;
  const value = report.stats.geometricMean(pairs.map(([first, second]) => first.us / second.us));
  const sameRun = pairs.every(([first, second]) => first.run === second.run);
  const [low, high] = (sameRun ? roundByRound : farthest)(pairs) ?? [null, null];
  return { value, low, high, covered: pairs.length };
}

// Within a run, the interval of the ratios in each round: conditions that both share cancel.
function roundByRound(pairs) {
  const { geometricMean, roundsInterval } = report.stats;
  const count = Math.min(...pairs.flat().map(({ rounds: medians }) => medians.length));
  const rounds = Array.from({ length: count }, (_, round) => (
    geometricMean(pairs.map(([first, second]) => first.rounds[round] / second.rounds[round]))));
  // A line against itself is exactly 1.
  if (count > 1 && rounds.every((ratio) => ratio === 1)) return [1, 1];
  return roundsInterval(rounds);
}

// Rounds of different runs share no conditions: from the smallest to the largest ratio that the
// intervals allow.
function farthest(pairs) {
  const { geometricMean } = report.stats;
  if (!pairs.flat().every(hasInterval)) return null;
  return [
    geometricMean(pairs.map(([first, second]) => first.low / second.high)),
    geometricMean(pairs.map(([first, second]) => first.high / second.low)),
  ];
}

// The latency of a case over another's, as { value, low, high, indistinguishable }; null if one has no
// latency. `indistinguishable` is whether the intervals overlap; null if one has none.
function ratio(first, second) {
  if (!first?.us || !second?.us) return null;
  const value = first.us / second.us;
  if (![first, second].every(hasInterval)) return { value, low: null, high: null, indistinguishable: null };
  const indistinguishable = first.low <= second.high && second.low <= first.high;
  return { value, low: first.low / second.high, high: first.high / second.low, indistinguishable };
}

report.verdict = { slowdown, ratio };
