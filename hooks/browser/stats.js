// Statistics of samples: the twins of stats.py and special.py in bench/verdicts, with the same closed
// forms, steps and constants, so that a reader's browser gets the digits that were published. A test
// holds them to it.
(() => {
  "use strict";

  const report = (window.report ??= {});

  const LEVEL = 0.95; // coverage that every interval aims at
  const KNOWN_TO = 0.0025; // how near, as a share, a median over rounds is known at best

  // What `make` returned for these numbers before: the same few are asked for again and again.
  function remembered(make) {
    const known = new Map();
    return (...numbers) => {
      const key = numbers.join(" ");
      if (!known.has(key)) known.set(key, make(...numbers));
      return known.get(key);
    };
  }

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

  // The 95 % interval of the median of the rounds' medians; null for fewer than two rounds.
  // The law behind it stands at the twin in Python.
  function roundsInterval(rounds) {
    const count = rounds.length;
    if (count < 2) return null;
    const sorted = rounds.map(ordered);
    const atoms = sorted.flatMap(medianAtoms).sort((a, b) => a[0] - b[0] || a[1] - b[1]);
    const middle = median(sorted.map((samples) => interpolated(samples, 0.5)));
    const wider = fewRoundsFactor(count);
    const shape = (count + 1) / 2;
    const low = reached(atoms, count, betaQuantile((1 - LEVEL) / 2, shape));
    const high = reached(atoms, count, betaQuantile((1 + LEVEL) / 2, shape));
    return [
      middle * Math.min(1 - KNOWN_TO, (low / middle) ** wider),
      middle * Math.max(1 + KNOWN_TO, (high / middle) ** wider),
    ];
  }

  // The value at which the running sum of the atoms' weights first exceeds `share`.
  function reached(atoms, count, share) {
    let total = 0;
    for (const [value, weight] of atoms) {
      total += weight / count;
      if (total > share) return value;
    }
    return atoms[atoms.length - 1][0];
  }

  // How much wider an interval from so few rounds has to be than their bootstrap says.
  const fewRoundsFactor = remembered((rounds) => {
    const students = studentQuantile((1 + LEVEL) / 2, rounds - 1);
    const normal = studentQuantile((1 + LEVEL) / 2, 1e7);
    return (students / normal) * Math.sqrt(rounds / (rounds - 1));
  });

  // The samples that may be the median of as many draws from them, each with its chance.
  function medianAtoms(sorted) {
    const { first, weights } = medianWeights(sorted.length);
    return weights.map((weight, place) => [sorted[first + place], weight]);
  }

  // Chances of neighbouring places, from the first one that is not below 1 in 10⁹.
  const medianWeights = remembered((count) => {
    const shape = (count + 1) / 2;
    const reach = Math.ceil(3.2 * Math.sqrt(count));
    const middle = Math.floor(count / 2);
    const first = Math.max(0, middle - reach);
    const last = Math.min(count, middle + reach + 1);
    const weights = [];
    let before = betaCdf(first / count, shape, shape);
    for (let place = first + 1; place <= last; place += 1) {
      const after = betaCdf(place / count, shape, shape);
      weights.push(after - before);
      before = after;
    }
    return { first, weights };
  });

  // The p quantile (over 1/2) of Student's t with `freedom` degrees of freedom.
  const studentQuantile = remembered((p, freedom) => {
    const below = (t) => 1 - betaCdf(freedom / (freedom + t * t), freedom / 2, 0.5) / 2;
    return inverse(below, p, 0, 1e3);
  });

  // The p quantile of the symmetric Beta(shape, shape).
  const betaQuantile = remembered((p, shape) => inverse((x) => betaCdf(x, shape, shape), p, 0, 1));

  // Where a rising function reaches `target`, by halving.
  function inverse(rising, target, low, high) {
    for (let turn = 0; turn < 80; turn += 1) {
      const middle = (low + high) / 2;
      if (rising(middle) < target) low = middle;
      else high = middle;
    }
    return (low + high) / 2;
  }

  // The regularised incomplete beta function I_x(a, b), by its continued fraction
  // (DLMF 8.17.22) with Lentz's method.
  function betaCdf(x, a, b) {
    if (x <= 0 || x >= 1) return x >= 1 ? 1 : 0;
    if (x > (a + 1) / (a + b + 2)) return 1 - betaCdf(1 - x, b, a);
    let front = logGamma(a + b) - logGamma(a) - logGamma(b);
    front += a * Math.log(x) + b * Math.log1p(-x);
    const tiny = 1e-300;
    let c = 1;
    let d = 1 / (1 - ((a + b) * x) / (a + 1) || tiny);
    let fraction = d;
    for (let m = 1; m < 100_000; m += 1) {
      for (const term of [
        (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m)),
        (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1)),
      ]) {
        d = 1 / (1 + term * d || tiny);
        c = 1 + term / c || tiny;
        fraction *= d * c;
      }
      if (Math.abs(d * c - 1) < 1e-14) break;
    }
    return (Math.exp(front) * fraction) / a;
  }

  // Lanczos' approximation with the coefficients of Python's math.lgamma (from Boost), so that both
  // sides lose the same digits where large values cancel.
  const G = 6.02468004077673;
  const LANCZOS = [
    [23531376880.41076, 0], [42919803642.6491, 39916800], [35711959237.35567, 120543840],
    [17921034426.03721, 150917976], [6039542586.352028, 105258076], [1439720407.3117216, 45995730],
    [248874557.86205417, 13339535], [31426415.585400194, 2637558], [2876370.6289353725, 357423],
    [186056.26539522348, 32670], [8071.672002365816, 1925], [210.82427775157936, 66],
    [2.5066282746310002, 1],
  ];
  const REVERSED = [...LANCZOS].reverse();

  const logGamma = remembered((x) => {
    if (x === 1 || x === 2) return 0;
    let above = 0;
    let below = 0;
    // Ends with the largest term, which for large x is the last one.
    for (const [one, other] of x < 5 ? REVERSED : LANCZOS) {
      above = x < 5 ? above * x + one : above / x + one;
      below = x < 5 ? below * x + other : below / x + other;
    }
    return Math.log(above / below) - G + (x - 0.5) * (Math.log(x + G - 0.5) - 1);
  });

  report.stats = {
    quantile, median, mean, geometricMean, betaCdf, betaQuantile, studentQuantile, fewRoundsFactor,
    roundsInterval,
  };
})();
