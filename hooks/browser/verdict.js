// What a reader chooses to compare: the ratio of two cases, and of two lines over all workloads that
// they share; the twins of `ratio` and `slowdown` in bench/analysis/verdict.py.
// A case is { us, low, high, rounds, run }: the latency in µs, its 95 % interval (absent where there is
// one round), the median of each round, and the run that measured it.
(() => {
  "use strict";

  const report = (window.report ??= {});

  // The interval of a latency; null where there is none.
  const interval = ({ low, high }) => (low == null || high == null ? null : [low, high]);

  // Whether two intervals share a point: then neither is faster than the other.
  const overlap = (one, other) => one[0] <= other[1] && other[0] <= one[1];

  // The geometric mean of the latency over the other's: { value, low, high, covered }; null where they
  // share no workload. Both hold cases by workload.
  function slowdown(cases, others) {
    const pairs = Object.keys(cases)
      .filter((workload) => others[workload]?.us && cases[workload]?.us)
      .map((workload) => [cases[workload], others[workload]]);
    if (!pairs.length) return null;
    const value = report.stats.geometricMean(pairs.map(([own, other]) => own.us / other.us));
    const sameRun = pairs.every(([own, other]) => own.run === other.run);
    const [low, high] = (sameRun ? roundByRound : farthest)(pairs) ?? [null, null];
    return { value, low, high, covered: pairs.length };
  }

  // Within a run, each round with the same round of the other: what both share cancels.
  function roundByRound(pairs) {
    const { geometricMean, roundsInterval } = report.stats;
    const count = Math.min(...pairs.flat().map((one) => one.rounds.length));
    const rounds = Array.from({ length: count }, (_, round) => (
      geometricMean(pairs.map(([own, other]) => own.rounds[round] / other.rounds[round]))));
    // Beside itself: no measurement is needed to know that.
    if (count > 1 && rounds.every((ratio) => ratio === 1)) return [1, 1];
    return roundsInterval(rounds);
  }

  // Rounds of different runs share nothing: the farthest ends of all latencies.
  function farthest(pairs) {
    const { geometricMean } = report.stats;
    if (!pairs.flat().every(interval)) return null;
    return [
      geometricMean(pairs.map(([own, other]) => own.low / other.high)),
      geometricMean(pairs.map(([own, other]) => own.high / other.low)),
    ];
  }

  // The latency of a case over another's: { value, low, high, indistinguishable }; null where one has
  // no latency. `indistinguishable` is whether the intervals overlap, and null where one has none.
  function ratio(own, other) {
    if (!own?.us || !other?.us) return null;
    const [ends, others] = [interval(own), interval(other)];
    const known = ends && others;
    return {
      value: own.us / other.us,
      low: known ? ends[0] / others[1] : null,
      high: known ? ends[1] / others[0] : null,
      indistinguishable: known ? overlap(ends, others) : null,
    };
  }

  report.verdict = { slowdown, ratio };
})();
