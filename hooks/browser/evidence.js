// The charts of the evidence for a case: the distribution of its samples in each round, and its
// history. A reader chooses the case.

const { format, stats } = report;
const SHOWN = 0.99; // share of samples that is shown: the slowest few would flatten the rest

// The points where the share of samples changes.
const steps = (samples, round) => [...Float64Array.from(samples).sort()]
  .map((us, place) => ({ us, share: (place + 1) / samples.length, round }))
  .filter((_, place) => place / samples.length < SHOWN);

report.kinds.samples = async (options) => {
  const rounds = (await report.load(options.samples))[options.case];
  const names = rounds.map((_, n) => `Round ${n + 1}`);
  const medians = rounds.map(stats.median);
  const us = stats.median(medians);
  const [low, high] = stats.roundsInterval(medians) ?? [us, us];
  return {
    description: `Share of samples up to each latency, ${format.counted(rounds.length, "round")} of `
      + `${options.label}; median ${format.microseconds(us)} µs. A table contains the percentiles.`,
    data: {
      points: rounds.flatMap((samples, n) => steps(samples, names[n])),
      published: [{ us, low, high }],
    },
  };
};

report.kinds.history = async (options) => {
  const { runs, cases } = await report.load(options.history);
  const points = (cases[options.case] ?? []).map((row) => ({ ...row, ...runs[row.run] }));
  const description = `Median latency of ${options.label} in ${format.counted(points.length, "run")}, `
    + "the oldest first, with 95 % intervals. A table contains the same numbers.";
  return { description, data: { points }, params: { colour: options.colour } };
};

// The form of a page's evidence: both charts show the chosen case.
report.mount(".report-evidence", (section) => {
  const select = section.querySelector("select");
  const show = () => {
    const { textContent: label, dataset: { colour } } = select.selectedOptions[0];
    for (const figure of section.querySelectorAll(".report-chart")) {
      report.redraw(figure, { case: select.value, label, colour });
    }
  };
  select.addEventListener("change", show);
  select.form.addEventListener("submit", (event) => event.preventDefault());
  select.form.hidden = false;
  show();
});
