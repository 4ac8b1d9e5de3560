// Who is faster than whom, and where nobody can tell: the twins of bench/verdicts/verdict.py.
// A cell is { us, low, high, rounds }: the latency in µs, its 95 % interval (null where there is one
// round) and the median of each round.
(() => {
  "use strict";

  const report = (window.report ??= {});

  // Whether two intervals share a point: then neither is faster than the other.
  function overlap(one, other) {
    return one[0] <= other[1] && other[0] <= one[1];
  }

  // The interval of a latency or slow-down, null where there is none.
  function interval({ low, high }) {
    return low == null || high == null ? null : [low, high];
  }

  // The place of each by its interval, lower being better: { rank, tied } under the same keys.
  // Overlap is not transitive, so no groups are formed: each is beaten by those that are certainly
  // better, and by no others.
  function places(intervals) {
    const all = Object.values(intervals);
    const made = Array.isArray(intervals) ? [] : {};
    for (const [name, own] of Object.entries(intervals)) {
      made[name] = {
        rank: 1 + all.filter((other) => other[1] < own[0]).length,
        tied: all.filter((other) => overlap(own, other)).length > 1,
      };
    }
    return made;
  }

  // The geometric mean of the latency over the fastest one, with its interval and coverage:
  // { value, low, high, covered }; null where they share no workload. Both hold cells by workload.
  function slowdown(cells, best) {
    const pairs = Object.keys(cells)
      .filter((workload) => best[workload]?.us && cells[workload]?.us)
      .map((workload) => [cells[workload], best[workload]]);
    if (!pairs.length) return null;
    const { geometricMean } = report.stats;
    const value = geometricMean(pairs.map(([own, first]) => own.us / first.us));
    const alike = pairs.every(([own, first]) => own.run === first.run);
    const [low, high] = (alike ? roundByRound : farthest)(pairs) ?? [null, null];
    return { value, low, high, covered: pairs.length };
  }

  // Each with the same round of the fastest: what both share cancels.
  function roundByRound(pairs) {
    const { geometricMean, roundsInterval } = report.stats;
    const count = Math.min(...pairs.flat().map((cell) => cell.rounds.length));
    const rounds = Array.from({ length: count }, (_, round) => (
      geometricMean(pairs.map(([own, first]) => own.rounds[round] / first.rounds[round]))));
    // Beside itself: no measurement is needed to know that.
    if (count > 1 && rounds.every((ratio) => ratio === 1)) return [1, 1];
    return roundsInterval(rounds);
  }

  // Rounds of different runs share nothing.
  function farthest(pairs) {
    const { geometricMean } = report.stats;
    if (!pairs.flat().every(interval)) return null;
    return [
      geometricMean(pairs.map(([own, first]) => own.low / first.high)),
      geometricMean(pairs.map(([own, first]) => own.high / first.low)),
    ];
  }

  // The latency of a cell over another's: { value, low, high, indistinguishable }; null where one
  // has no latency. The interval [low/high, high/low] contains 1 exactly where the two intervals
  // overlap, so that "indistinguishable" is the report's one rule; it is asked of the intervals
  // themselves, as a quotient is rounded. Where a round is all there is, nobody can tell: null.
  function ratio(cell, other) {
    if (!cell?.us || !other?.us) return null;
    const [own, its] = [interval(cell), interval(other)];
    const known = own && its;
    return {
      value: cell.us / other.us,
      low: known ? own[0] / its[1] : null,
      high: known ? own[1] / its[0] : null,
      indistinguishable: known ? overlap(own, its) : null,
    };
  }

  report.verdict = { overlap, places, slowdown, ratio };
})();
