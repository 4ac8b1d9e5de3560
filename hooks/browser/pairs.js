// Two sides and what they have in common. A side is a line in the newest results, a line in a run,
// or a run whole; ratios and verdicts are those of bench/analysis, by the twins in verdict.js.
(() => {
  "use strict";

  const report = (window.report ??= {});
  const { verdict, format } = report;
  const RUN = "run:";

  // "flash_attn3" → { key }; "run:ID" → { run }.
  const parse = (name) => (name.startsWith(RUN) ? { run: name.slice(RUN.length) } : { key: name });

  // The line that each side is about; none where both are whole runs.
  function specifications({ a, b, line }) {
    const [one, other] = [parse(a), parse(b)];
    if (one.run && other.run) return [{ ...one, key: line }, { ...other, key: line }];
    return [{ key: other.key, ...one }, { key: one.key, ...other }];
  }

  // The board of the side, by its name; without a name, all of its boards.
  const boardsOf = ({ run }) => report.boards.all(run);

  const lineOf = (board, key) => board?.lines.find((line) => line.key === key);

  const byWorkload = (board, line) => Object.fromEntries(
    board.workloads.map(({ name }, place) => [name, line.cases[place]]).filter(([, cell]) => cell));

  // Boards of two devices that are of the same suite, dtype, mask and direction.
  const SCOPE = ["suite", "dtype", "mask", "direction"];
  const alike = (one, other) => SCOPE.every((part) => one[part] === other[part]);

  // The board both sides are on: the one asked for, else the first that knows both. Two runs may be
  // of two devices.
  function common([own, its], specs, wanted) {
    const knows = (board, { key }) => board && (!key || lineOf(board, key));
    const runs = specs.every(({ run }) => run);
    const pairs = own.map((board) => [board, its.find(({ name }) => name === board.name)
      ?? (runs ? its.find((other) => alike(board, other)) : undefined)]);
    const fit = (pair) => pair.every((board, n) => knows(board, specs[n]));
    const asked = pairs.find(([board]) => board.name === wanted);
    return asked ?? pairs.find(fit) ?? pairs[0] ?? [undefined, undefined];
  }

  const dated = (id) => id.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z.*$/, "$1-$2-$3 $4:$5");

  const across = ([own, its]) => own.device !== its.device;

  function labelOf({ run, key }, n, boards, other) {
    const line = lineOf(boards[n], key)?.label ?? key;
    if (!run) return other.run ? `${line}, newest results` : line;
    const where = across(boards) ? ` on ${boards[n].device}` : "";
    return key ? `${line}, run of ${dated(run)}${where}` : `the run of ${dated(run)}${where}`;
  }

  // What both sides are of, for sentences and captions.
  function whereOf(boards) {
    const [{ name, device }] = boards;
    return across(boards) ? `of ${name.slice(device.length + 2)}` : `on ${name}`;
  }

  // How much faster the first is than the second, where both have a latency.
  function speed(cells, others, name) {
    const [one, other] = [cells[name], others[name]];
    return verdict.ratio(other, one);
  }

  // The same over all that both have: the geometric mean, and whether its interval holds 1.
  function overall(cells, others) {
    const found = verdict.slowdown(others, cells);
    if (!found) return null;
    const known = found.low !== null;
    return { ...found, indistinguishable: known ? found.low <= 1 && 1 <= found.high : null };
  }

  // What to call each workload: its length where the board's lengths tell them apart.
  function workloadsOf(boards) {
    const found = new Map();
    for (const board of boards) for (const { name, x } of board.workloads) found.set(name, x);
    const short = new Set(found.values()).size === found.size;
    return [...found].map(([name, x]) => ({
      name, label: short && Number.isInteger(x) ? `${format.fixed(x, 0)} tokens` : name,
    }));
  }

  function linePair(boards, specs) {
    const lines = specs.map(({ key }, n) => lineOf(boards[n], key));
    const sides = lines.map((line, n) => byWorkload(boards[n], line));
    const rows = workloadsOf(boards)
      .filter(({ name }) => sides.some((cells) => cells[name]))
      .map(({ name, label }) => ({
        name, label, cases: sides.map((cells) => cells[name]), found: speed(...sides, name),
      }));
    return { lines, rows, overall: overall(...sides), total: rows.length };
  }

  const size = ({ found }) => (found ? Math.abs(Math.log(found.value)) : -1);

  // Every line that either run holds: the largest change first, those without one last.
  function runPair(boards) {
    const keys = [...new Set(boards.flatMap((board) => board.lines.map(({ key }) => key)))];
    const workloads = workloadsOf(boards);
    const pooled = [{}, {}];
    const rows = keys.map((key) => {
      const lines = boards.map((board) => lineOf(board, key));
      const sides = lines.map((line, n) => (line ? byWorkload(boards[n], line) : {}));
      sides.forEach((cells, n) => Object.entries(cells).forEach(([name, cell]) => {
        pooled[n][`${key} ${name}`] = cell;
      }));
      return {
        key, label: (lines[0] ?? lines[1]).label, lines, sides, found: overall(...sides),
        each: workloads.map(({ name }) => speed(...sides, name)),
      };
    });
    rows.sort((a, b) => size(b) - size(a));
    const total = new Set(pooled.flatMap(Object.keys)).size;
    return { workloads, rows, overall: overall(...pooled), total };
  }

  // Why two sides cannot be compared, in words; empty where they can.
  function problems(boards, specs, wanted) {
    return specs.flatMap(({ run, key }, n) => {
      const where = wanted ?? boards[0]?.name ?? boards[1]?.name;
      if (!boards[n]) return [`Run ${run} has no results on ${where}.`];
      if (key && !lineOf(boards[n], key)) {
        return [`${run ? `Run ${run}` : "The newest results"} on ${boards[n].name} hold no “${key}”.`];
      }
      return [];
    });
  }

  // options: a, b, board?, line? →
  // { problems } or { boards, labels, runs (of each side), lines?, workloads?, rows, overall, total }
  async function load(options) {
    const specs = specifications(options);
    const all = await Promise.all(specs.map(boardsOf));
    const boards = common(all, specs, options.board);
    const found = problems(boards, specs, options.board);
    if (found.length) return { problems: [...new Set(found)] };
    const whole = specs.every(({ run, key }) => run && !key);
    const pair = whole ? runPair(boards) : linePair(boards, specs);
    const labels = specs.map((spec, n) => labelOf(spec, n, boards, specs[1 - n]));
    const names = { board: boards[0].name, where: whereOf(boards) };
    return { ...pair, ...names, whole, boards, labels, specs, problems: [] };
  }

  // For sentences: 1.124×, 29.1×, and another digit where three would hide the difference.
  function factor(value) {
    if (Math.abs(value - 1) < 0.001) return format.times(value, 4);
    return format.times(value, value < 2 ? 3 : value < 10 ? 2 : 1);
  }

  // For columns, where digits stand below digits.
  const exact = (value) => format.times(value, value < 2 ? 4 : value < 10 ? 3 : 2);

  // "A is 1.124× as fast", "indistinguishable"; `names` are what to call the two.
  function words(found, [own, its] = ["A", "B"]) {
    if (!found) return "";
    if (found.indistinguishable) return "indistinguishable";
    if (found.indistinguishable === null) return "one round: nobody can tell";
    return found.value > 1
      ? `${own} is ${factor(found.value)} as fast` : `${its} is ${factor(1 / found.value)} as fast`;
  }

  const reach = ({ low, high }) => (
    low === null ? "no interval" : `${exact(low)} – ${exact(high)}`);

  report.pairs = { load, parse, words, factor, exact, reach, RUN };
})();
