// The chart of a metric over the sequence length, for what a reader chooses; for what a page shows
// before that, hooks/report/charts/over_lengths.py makes the same rows.
(() => {
  "use strict";

  const report = (window.report ??= {});
  const { measured, text, chosen } = report.metrics;
  const MOST_LABELS = 24; // names that fit beside a plot, one below the other
  const MOST_OUTLIERS = 3;

  function pointsOf(board, line, { metric, words, baseline }, look) {
    return board.workloads.flatMap((workload, place) => {
      const found = measured(metric, line, place, baseline);
      if (!found) return [];
      const [value, low, high] = found;
      const { us, low: least } = line.cases[place];
      const said = (number) => text(words, metric, number);
      return [{
        line: line.label,
        x: workload.x,
        y: value,
        low,
        high,
        workload: workload.name,
        value: said(value),
        interval: least === undefined ? words.one_round : `${said(low)} – ${said(high)}`,
        latency: text(words, "latency", us),
        ...look,
      }];
    });
  }

  const among = (names, { slug, key }) => names.includes(slug) || names.includes(key);

  // How each line of a figure is drawn: in its colour where it stands out or is picked, else in grey.
  function looks(board, { baseline, own, only }, picked) {
    const base = baseline || board.baseline;
    const standsOut = (line) => {
      if (picked.includes(line.label) || only) return true;
      return own ? among(own, line) : line.key === base || line.rank?.number === 1;
    };
    return ({ colour, dash, shape, ...line }) => ({ colour, dash, shape, strong: standsOut(line) });
  }

  // The lines that the axes cover, and those that they do not. What a reader picked is drawn wherever
  // it lies, and so is what a page is about.
  function divided(lines, { own, only }, picked) {
    const covers = (line) => line.contends || Boolean(only) || picked.includes(line.label)
      || Boolean(own && among(own, line));
    const near = lines.filter(covers);
    return near.length ? [near, lines.filter((line) => !covers(line))] : [lines, []];
  }

  // Lines in colour are drawn over those in grey.
  const strongLast = (points) => [...points].sort((a, b) => a.strong - b.strong);

  // Those of the lines, the best first, that have room for a name; in colour before grey.
  function labelled(last) {
    const first = new Set([...last].sort((a, b) => b.strong - a.strong).slice(0, MOST_LABELS));
    return last.filter((row) => first.has(row));
  }

  const unnamed = (lines) => Math.max(0, lines.length - MOST_LABELS);

  // What to say of lines beyond an axis, by the last point of each.
  function outliers(last, arrow) {
    const shown = last.length <= MOST_OUTLIERS ? last : last.slice(0, MOST_OUTLIERS - 1);
    const rows = shown.map(({ line, value, strong }) => (
      { line, text: `${line} ${value} ${arrow}`, strong }));
    const more = last.length - shown.length;
    return more ? [...rows, { line: "", text: `and ${more} more, in the table ${arrow}`, strong: false }] : rows;
  }

  // options: metric, baseline (a key), own (pages in colour among others in grey), only (lines).
  function chart(board, words, options, picked) {
    const { metric, only } = options;
    const { title, log, better } = words.metrics[metric];
    const baseline = chosen(board, options.baseline);
    const lookOf = looks(board, options, picked);
    const points = new Map(board.lines.map((line) => (
      [line, pointsOf(board, line, { metric, words, baseline }, lookOf(line))])));
    const shown = board.lines.filter((line) => points.get(line).length && (!only || among(only, line)));
    const [within, beyond] = log ? divided(shown, options, picked) : [shown, []];
    const last = (lines) => lines.map((line) => points.get(line).at(-1));
    const lengths = board.workloads.map(({ x }) => x);
    const named = !lengths.every(Number.isInteger);
    const names = shown.map(({ label }) => label);
    const over = metric === "speedup" && baseline ? title.replace("the baseline", baseline.label) : title;
    return {
      kind: `${log ? "log_" : ""}${named ? "named_lines" : "lines"}`,
      description: `${title} against sequence length on ${board.name}: ${names.join(", ")}. `
        + "A table holds the same numbers.",
      data: {
        points: strongLast(within.flatMap((line) => points.get(line))),
        labels: labelled(last(within)),
        outliers: outliers(last(beyond), better === "lower" ? "↑" : "↓"),
      },
      params: {
        y_title: log ? `${over}, log scale` : over,
        lengths: named ? [] : lengths,
        unnamed: unnamed(within),
        picked,
      },
      connect: (view, figure) => report.picks.connect(view, figure, names),
    };
  }

  report.lines = { looks, divided, strongLast, labelled, unnamed, outliers };
  report.kinds.lines = async (options, figure) => {
    const [board, words] = await Promise.all([
      report.boards.named(options.board, options.run), report.load("words")]);
    return chart(board, words, options, report.picks.of(figure));
  };
})();
