// The charts of one workload: the twin of hooks/charts/workload_charts.py; a test holds that both
// fill the templates alike.
(() => {
  "use strict";

  const report = (window.report ??= {});
  const { BEST, SLOWER, QUANTISED } = report.spots;
  const CIRCLE = "M1,0A1,1,0,1,1,-1,0A1,1,0,1,1,1,0Z";
  const DIAMOND = "M0,-1.2L1.2,0L0,1.2L-1.2,0Z";
  const STANDINGS = {
    [BEST]: ["#0077bb", CIRCLE], [SLOWER]: ["#7c8492", CIRCLE], [QUANTISED]: ["#d9541e", DIAMOND],
  };
  const ROOM = 0.35; // of the axis, beyond the largest value: for the number beside it

  // Put into a template all that a filling says: description, datasets, looks, axes, rows.
  function fill(spec, { description, datasets, looks, x, y, rows = 1 }) {
    const names = Object.keys(looks);
    const ranges = { color: 0, shape: 1 };
    for (const { encoding } of spec.layer) {
      for (const [channel, definition] of Object.entries(encoding)) {
        if (channel in ranges) {
          const range = names.map((name) => looks[name][ranges[channel]]);
          definition.scale = { domain: names, range };
        } else if ((channel === "x" || channel === "y") && "field" in definition) {
          const more = channel === "x" ? x : y;
          Object.assign(definition, more, { axis: { ...definition.axis, ...more.axis } });
        }
      }
    }
    const height = spec.height * rows;
    return Object.assign(spec, { description, data: { name: "points" }, datasets, height });
  }

  function log(title, values, numbers) {
    const axis = report.metrics.logAxis(values);
    return {
      title,
      scale: { type: "log", domain: [axis.low, axis.high], nice: false },
      axis: { values: axis.ticks, format: numbers },
    };
  }

  function beyond(values) {
    if (!values.length) return [];
    const [low, high] = [Math.min(...values), Math.max(...values)];
    return [high * (high / low) ** ROOM];
  }

  const rowsOf = (found) => ({
    y: { scale: { domain: found.map(({ line }) => line) } }, rows: Math.max(1, found.length),
  });

  const told = (title, where, found) => (
    `${title} at ${where}: ${found.map(({ line }) => line).join(", ")}. `
    + "A table holds the same numbers.");

  // options.span: "near" leaves out what takes more than twice as long as the fastest.
  function dots(all, where, _, { span }) {
    const title = "Median latency (µs, log scale)";
    const found = span === "near" ? all.filter(({ us }) => us <= 2 * all[0].us) : all;
    const ends = found.flatMap(({ low, high }) => [low, high]);
    const standings = new Set(found.map(({ standing }) => standing));
    return {
      description: told(title, where, found),
      datasets: { points: found },
      looks: Object.fromEntries(Object.entries(STANDINGS).filter(([name]) => standings.has(name))),
      x: log(title, [...ends, ...beyond(ends)], ",~r"),
      ...rowsOf(found),
    };
  }

  function accuracy(all, where, lines) {
    const title = "Relative error (log scale)";
    const found = all.filter(({ error }) => error);
    const limits = new Map(found.filter(({ bound }) => bound)
      .map(({ precision, bound }) => [`${precision} ${bound}`, { bound, label: `bound of ${precision}` }]));
    const bounds = [...limits.values()];
    const errors = found.map(({ error }) => error);
    return {
      description: told(`${title} over median latency`, where, found),
      datasets: { points: found, bounds },
      looks: Object.fromEntries(found.map(({ line }) => [line, lines.get(line)])),
      x: log("Median latency (µs, log scale)", found.map(({ us }) => us), ",~r"),
      y: log(title, [...errors, ...bounds.map(({ bound }) => bound)], "~g"),
    };
  }

  const classOrder = (a, b) => (b === "exact") - (a === "exact") || (a < b ? -1 : 1);

  function footprint(all, where) {
    const title = "Peak memory (MiB, log scale)";
    const found = all.filter((spot) => spot.memory !== null).sort((a, b) => a.memory - b.memory);
    const classes = [...new Set(found.map(({ precision }) => precision))].sort(classOrder);
    const high = Math.max(0, ...found.map((spot) => spot.memory)) * 6 + 1;
    const decades = Array.from({ length: 12 }, (_, power) => 10 ** power);
    return {
      description: told(title, where, found),
      datasets: { points: found },
      looks: Object.fromEntries(classes.map(
        (name) => [name, STANDINGS[name === "exact" ? BEST : QUANTISED]])),
      x: {
        title,
        // Unlike a logarithm it has a place for zero.
        scale: { type: "symlog", constant: 1, domain: [0, high], nice: false },
        axis: { values: [0, ...decades.filter((decade) => decade <= high)], format: ",~r" },
      },
      ...rowsOf(found),
    };
  }

  const KINDS = { dots, accuracy, footprint };

  // What a chart shows of options.workload on options.board.
  async function filling(kind, options) {
    const board = await report.boards.named(options.board, options.run);
    const place = board.workloads.findIndex(({ name }) => name === options.workload);
    const looks = new Map(board.lines.map(({ label, colour, shape }) => [label, [colour, shape]]));
    const where = `${options.workload} on ${board.device}`;
    return KINDS[kind](report.spots.of(board, place), where, looks, options);
  }

  for (const kind of Object.keys(KINDS)) {
    report.kinds[kind] = async ({ template, options }) => {
      const found = await filling(kind, options);
      return { spec: fill(template, found), names: Object.keys(found.looks) };
    };
  }

  report.workloadCharts = { filling, fill };
})();
