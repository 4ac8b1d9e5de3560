// Statistics of samples, as in bench/analysis/stats.py: readers choose what to compare, and check what
// is published. A test compares the two.
(() => {
  "use strict";

  const report = (window.report ??= {});

  const KNOWN_TO = 0.0025; // how near, as a share, a median over rounds is known at best

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

  // The sum with the rounding errors of all additions added back (Neumaier, ZAMM 54, 1974): to the
  // last digit or the one before it what Python's exact sum gives.
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

  // The mean of positive ratios under which 2 and 1/2 cancel.
  function geometricMean(ratios) {
    if (!ratios.length) throw new RangeError("no geometric mean of nothing");
    return Math.exp(mean(ratios.map(Math.log)));
  }

  // By the number of rounds: how far the range of their medians is widened.
  const FARTHER = { 2: 9.17, 3: 2.69, 4: 1.87, 5: 1.58 };

  // The 95 % interval of the median of the rounds' medians: their range, with each end 2.69 times as
  // far from the middle for three rounds, never nearer than 0.25 %; null for fewer than two rounds.
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

  // From six rounds on: the largest k for which P(Binomial(n, 1/2) < k) <= 0.025.
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
})();
