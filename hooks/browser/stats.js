// Statistics of samples, as in bench/analysis/stats.py, for comparisons that readers choose and for
// the audit. A test compares the two implementations.

const KNOWN_TO = 0.0025; // smallest half-width of an interval, as a share of the median

function ordered(samples) {
  return Float64Array.from(samples).sort();
}

// The p quantile (0 to 1), interpolated linearly (type 7 of Hyndman and Fan, 1996).
function quantile(samples, p) {
  return interpolated(ordered(samples), p);
}

function interpolated(sorted, p) {
  if (!sorted.length || !(p >= 0 && p <= 1)) {
    throw new RangeError(`no ${p} quantile of ${sorted.length} samples`);
  }
  const position = p * (sorted.length - 1);
  const below = Math.floor(position);
  const above = Math.min(below + 1, sorted.length - 1);
  return sorted[below] + (sorted[above] - sorted[below]) * (position - below);
}

function median(samples) {
  return quantile(samples, 0.5);
}

// The sum with the rounding errors of all additions added back (Neumaier, ZAMM 54, 1974). It agrees
// with Python's exact sum up to the last one or two digits.
function sum(values) {
  let total = 0;
  let lost = 0;
  for (const value of values) {
    const next = total + value;
    lost += Math.abs(total) >= Math.abs(value) ? total - next + value : value - next + total;
    total = next;
  }
  return total + lost;
}

function mean(samples) {
  if (!samples.length) throw new RangeError("no mean of nothing");
  return sum(samples) / samples.length;
}

// The geometric mean of positive ratios: 2 and 1/2 cancel.
function geometricMean(ratios) {
  if (!ratios.length) throw new RangeError("no geometric mean of nothing");
  return Math.exp(mean(ratios.map(Math.log)));
}

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
  const middle = interpolated(sorted, 0.5);
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

report.stats = { quantile, median, mean, geometricMean, roundsInterval };
