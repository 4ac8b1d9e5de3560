// Statistics of samples, and comparisons that a reader chooses, as in bench/analysis/stats.py and verdict.py;
// a test compares the implementations.
// A case is { us, low, high, rounds, run }: the latency in µs, its 95 % interval (absent with a single
// round), the median of each round, and the run that measured it.

const KNOWN_TO = 0.0025; // smallest half-width of an interval, as a share of the median

const ordered = (samples) => Float64Array.from(samples).sort();

function median(samples) {
  const sorted = ordered(samples);
  const half = Math.floor(sorted.length / 2);
  return sorted.length % 2 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
}

// Its rounding errors, of which each addition makes one, are far below the last digit that is shown.
const mean = (samples) => samples.reduce((sum, sample) => sum + sample, 0) / samples.length;

// The geometric mean of positive ratios: 2 and 1/2 cancel.
const geometricMean = (ratios) => Math.exp(mean(ratios.map(Math.log)));

// Factors by which the range of the rounds' medians is widened, by the number of rounds.
const FARTHER = { 2: 9.17, 3: 2.69, 4: 1.87, 5: 1.58 };

// The 95 % interval of the median of the rounds' medians; null for fewer than two rounds. It is the
// range of the medians, with each end moved (for three rounds) to 2.69 times its distance from the
// middle, and always to at least 0.25 %.
function roundsInterval(medians) {
  const count = medians.length;
  if (count < 2) return null;
  const sorted = ordered(medians);
  const rank = medianRank(count);
  const middle = median(medians);
  const [low, high] = [sorted[rank - 1], sorted[count - rank]];
  const farther = FARTHER[count] ?? 1;
  return [
    middle * Math.min(1 - KNOWN_TO, (low / middle) ** farther),
    middle * Math.max(1 + KNOWN_TO, (high / middle) ** farther),
  ];
}

// The largest k for which P(Binomial(n, 1/2) < k) <= 0.025; 1 for fewer than six rounds.
function medianRank(count) {
  let rank = 0;
  let ways = 1;
  for (let total = 1; total <= 0.025 * 2 ** count; total += ways) {
    rank += 1;
    ways = (ways * (count - rank + 1)) / rank;
  }
  return Math.max(rank, 1);
}

const hasInterval = ({ low, high }) => low != null && high != null;

// The geometric mean of the ratios of latencies, as { value, low, high, covered }; null if the two share
// no workload. Both arguments are cases by workload.
function slowdown(cases, others) {
  const pairs = Object.keys(cases)
    .filter((workload) => others[workload]?.us && cases[workload]?.us)
    .map((workload) => [cases[workload], others[workload]]);
  if (!pairs.length) return null;
  const value = geometricMean(pairs.map(([first, second]) => first.us / second.us));
  const sameRun = pairs.every(([first, second]) => first.run === second.run);
  const [low, high] = (sameRun ? roundByRound : farthest)(pairs) ?? [null, null];
  return { value, low, high, covered: pairs.length };
}

// Within a run, the interval of the ratios in each round: conditions that both share cancel.
function roundByRound(pairs) {
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

report.stats = { median, mean, geometricMean, roundsInterval };
report.verdict = { slowdown, ratio };
