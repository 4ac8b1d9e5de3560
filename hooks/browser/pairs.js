// The two sides of a comparison and their cases. A side is a line in the newest results, a line in a
// run, or a whole run. Ratios and verdicts are computed by stats.js.

const { verdict, format, boards: { all: boardsOf, line: lineOf } } = report;
const RUN = "run:";

// "flash_attn3" → { key }; "run:ID" → { run }.
const parse = (name) => (name.startsWith(RUN) ? { run: name.slice(RUN.length) } : { key: name });

// The run and the key of the line of each side; without a key, the side is a whole run.
function specifications({ a, b, line }) {
  const [first, second] = [parse(a), parse(b)];
  if (first.run && second.run) return [{ ...first, key: line }, { ...second, key: line }];
  return [{ key: second.key, ...first }, { key: first.key, ...second }];
}

// Whether two leaderboards, of different devices, have the same suite, operation, dtype, mask and direction.
const SCOPE = ["suite", "operation", "dtype", "mask", "direction"];
const alike = (first, second) => SCOPE.every((part) => first[part] === second[part]);

// The leaderboard of each side: the wanted one, else the first that has both lines. Two runs may be of
// different devices.
function common([boardsA, boardsB], specs, wanted) {
  const knows = (board, { key }) => board && (!key || lineOf(board, key));
  const runs = specs.every(({ run }) => run);
  const pairs = boardsA.map((board) => [board, boardsB.find(({ name }) => name === board.name)
    ?? (runs ? boardsB.find((other) => alike(board, other)) : undefined)]);
  const fits = (pair) => pair.every((board, n) => knows(board, specs[n]));
  const named = pairs.find(([board]) => board.name === wanted);
  return named ?? pairs.find(fits) ?? pairs[0] ?? [undefined, undefined];
}

const dated = (id) => id.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z.*$/, "$1-$2-$3 $4:$5");

const across = ([a, b]) => a.device !== b.device;

function labelOf({ run, key }, n, boards, other) {
  const line = lineOf(boards[n], key)?.label ?? key;
  if (!run) return other.run ? `${line}, newest results` : line;
  const where = across(boards) ? ` on ${boards[n].device}` : "";
  return key ? `${line}, run of ${dated(run)}${where}` : `the run of ${dated(run)}${where}`;
}

// The scope of both sides, for sentences and captions.
function whereOf(boards) {
  const [{ name, device }] = boards;
  return across(boards) ? `of ${name.slice(device.length + 2)}` : `on ${name}`;
}

// The name and label of each workload; the label is its length or short name if no two share one.
function workloadsOf(boards) {
  const xs = new Map();
  for (const board of boards) for (const { name, x } of board.workloads) xs.set(name, x);
  const distinct = new Set(xs.values()).size === xs.size;
  return [...xs].map(([name, x]) => ({
    name, label: !distinct ? name : Number.isInteger(x) ? `${format.fixed(x, 0)} tokens` : x,
  }));
}

// The results of two lines at each workload, and the speed of A over B's; null if one has no latency.
function casesOf(boards, lines, workloads) {
  return workloads.map(({ name, label }) => {
    const sides = lines.map((line, n) => (
      line?.cases[boards[n].workloads.findIndex((workload) => workload.name === name)]));
    return { name, label, sides, ratio: verdict.ratio(sides[1], sides[0]) };
  });
}

const measured = ({ sides }) => sides.some(Boolean);

// The same over all shared cases: the geometric mean, and whether its interval contains 1.
function overall(cases) {
  const [a, b] = [0, 1].map((n) => cases.map(({ sides }) => sides[n]));
  const ratio = verdict.slowdown(b, a);
  return ratio && { ...ratio, indistinguishable: ratio.low === null ? null : ratio.low <= 1 && 1 <= ratio.high };
}

// Two lines: the rows are their cases.
function linePair(boards, specs) {
  const lines = specs.map(({ key }, n) => lineOf(boards[n], key));
  const cases = casesOf(boards, lines, workloadsOf(boards)).filter(measured);
  return { lines, rows: cases, cases };
}

const change = ({ ratio }) => (ratio ? Math.abs(Math.log(ratio.value)) : -1);

// Two runs: the rows are all lines of either, the largest change first, lines without a ratio last.
function runPair(boards) {
  const workloads = workloadsOf(boards);
  const keys = [...new Set(boards.flatMap((board) => board.lines.map(({ key }) => key)))];
  const rows = keys.map((key) => {
    const lines = boards.map((board) => lineOf(board, key));
    const cases = casesOf(boards, lines, workloads);
    return { key, label: (lines[0] ?? lines[1]).label, lines, cases, ratio: overall(cases) };
  }).sort((a, b) => change(b) - change(a));
  const cases = rows.flatMap((row) => row.cases.map((each) => ({ ...each, line: row.label })));
  return { workloads, rows, cases: cases.filter(measured) };
}

// Messages about why two sides cannot be compared; empty if they can.
function problems(boards, specs, wanted) {
  return specs.flatMap(({ run, key }, n) => {
    const where = wanted || (boards[0] ?? boards[1])?.name;
    if (!boards[n]) return [`Run ${run} has no results on ${where}.`];
    if (key && !lineOf(boards[n], key)) {
      return [`There is no “${key}” in ${run ? `run ${run}` : "the newest results"} on ${boards[n].name}.`];
    }
    return [];
  });
}

// options: a, b, board?, line? → { problems } or { boards, specs, labels, whole (whether whole runs are
// compared), lines or workloads, rows, cases (those with a result on either side), overall, board, where }
async function load(options) {
  const specs = specifications(options);
  const all = await Promise.all(specs.map(({ run }) => boardsOf(run)));
  const boards = common(all, specs, options.board);
  const messages = problems(boards, specs, options.board);
  if (messages.length) return { problems: [...new Set(messages)] };
  const whole = specs.every(({ run, key }) => run && !key);
  const pair = whole ? runPair(boards) : linePair(boards, specs);
  const labels = specs.map((spec, n) => labelOf(spec, n, boards, specs[1 - n]));
  const names = { board: boards[0].name, where: whereOf(boards) };
  return { ...pair, ...names, overall: overall(pair.cases), whole, boards, labels, specs, problems: [] };
}

// A ratio for sentences: 1.124×, 29.1×, with a fourth decimal if three would hide the difference.
function factor(value) {
  if (Math.abs(value - 1) < 0.001) return format.times(value, 4);
  return format.times(value, value < 2 ? 3 : value < 10 ? 2 : 1);
}

// A ratio for columns, with more digits.
const exact = (value) => format.times(value, value < 2 ? 4 : value < 10 ? 3 : 2);

const VERDICTS = ["A is faster", "B is faster", "indistinguishable", "undecided: one round"];

// The verdict on a ratio, one of VERDICTS; and in words, such as "A is 1.124× as fast".
function verdictOn({ value, indistinguishable }) {
  if (indistinguishable === false) return VERDICTS[value > 1 ? 0 : 1];
  return VERDICTS[indistinguishable ? 2 : 3];
}

function words(ratio) {
  const times = factor(Math.max(ratio.value, 1 / ratio.value));
  return verdictOn(ratio).replace("faster", `${times} as fast`);
}

const reach = ({ low, high }) => (
  low === null ? "no interval" : `${exact(low)} – ${exact(high)}`);

report.pairs = { load, words, verdictOn, factor, exact, reach, RUN, VERDICTS };
