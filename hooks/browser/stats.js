// Statistics of samples, as in bench/analysis/stats.py, for comparisons that readers choose and for
// the audit. A test compares the two implementations.

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

report.stats = { median, mean, geometricMean, roundsInterval };
