// Recomputes the published values of each case from its raw samples, in the reader's own browser, and
// writes next to each case whether they match.

const { format, stats } = report;
const EXACT = 1e-12; // relative, because the last digit of a power differs between browsers

const NAMES = ["rounds", "samples", "median", "lower end", "upper end", "mean of all"];

// The values of a case from the samples of its rounds, in the order of NAMES.
function recomputed(rounds) {
  const all = rounds.flat();
  const medians = rounds.map(stats.median);
  const ends = stats.roundsInterval(medians) ?? [null, null];
  return [rounds.length, all.length, stats.median(medians), ...ends, stats.mean(all)];
}

const publishedIn = (row) => JSON.parse(row.dataset.published);
const alike = (value, other) => value === other || (value && Math.abs(other - value) <= EXACT * value);

// A message for each value in a row that its samples do not give.
const differences = (published, rounds) => recomputed(rounds).flatMap((value, n) => (
  alike(published[n], value) ? []
    : [`${NAMES[n]}: published ${published[n] ?? "none"}, recomputed ${value ?? "none"}`]));

// Whether the values of a row match its samples; writes the result into the row.
function check(row, rounds) {
  const published = publishedIn(row);
  const messages = rounds?.flat().length ? differences(published, rounds) : ["its samples are missing"];
  const parts = published.includes(null) ? "median matches" : "median and interval match";
  const text = `from ${format.counted(published[1], "sample")}: ${parts}`;
  mark(row.querySelector(".found"), !messages.length, messages.join("; ") || text);
  return !messages.length;
}

function mark(place, holds, text) {
  place.textContent = `${holds ? "✓" : "✗"} ${text}`;
  place.classList.toggle("holds", holds);
  place.classList.toggle("differs", !holds);
}

function conclude(section, rows, samples) {
  const wrong = rows.filter((row) => !check(row, samples[row.dataset.case]));
  const all = rows.reduce((sum, row) => sum + publishedIn(row)[1], 0);
  const from = `Recomputed in your browser from ${format.counted(all, "sample")}`;
  const good = rows.length === 1 ? "its median and interval match" :
    `the medians and intervals of all ${rows.length} cases match`;
  const bad = `${wrong.length} of ${format.counted(rows.length, "case")} ` +
    `${wrong.length === 1 ? "does" : "do"} not match the published values`;
  mark(section.querySelector(".report-audit-finding"), !wrong.length,
    `${from}: ${wrong.length ? bad : good}.`);
  if (wrong.length) section.querySelector("details").open = true;
}

async function run(section) {
  const rows = [...section.querySelectorAll("tr[data-case]")];
  try {
    conclude(section, rows, await report.load(section.dataset.samples));
  } catch (error) {
    const finding = section.querySelector(".report-audit-finding");
    finding.append(` Nothing was recomputed: ${error.message}.`);
  }
}

// Run once the browser is idle.
report.mount(".report-audit", (section) => {
  const idle = window.requestIdleCallback ?? ((call) => setTimeout(call, 2000));
  idle(() => section.isConnected && run(section));
});
