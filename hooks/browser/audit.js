// Recomputes the published values of each case from its raw samples, in the reader's own browser, and
// writes next to each case whether they match.

const { format, stats } = report;
const EXACT = 1e-12; // relative, because the last digit of a power differs between browsers

// A message if two values differ, else nothing.
function differs(name, published, computed, within) {
  if (published === computed) return [];
  const finite = Number.isFinite(published) && Number.isFinite(computed);
  if (finite && Math.abs(computed - published) <= within * Math.abs(published)) return [];
  return [`${name}: published ${published ?? "none"}, recomputed ${computed ?? "none"}`];
}

function value(row, name) {
  return name in row.dataset ? Number(row.dataset[name]) : null;
}

// The differences between a row and the values recomputed from its samples.
function differences(row, rounds) {
  const all = rounds.flat();
  const medians = rounds.map(stats.median);
  const [low, high] = stats.roundsInterval(medians) ?? [null, null];
  return [
    ...differs("rounds", value(row, "rounds"), rounds.length, 0),
    ...differs("samples", value(row, "samples"), all.length, 0),
    ...differs("median", value(row, "us"), stats.median(medians), EXACT),
    ...differs("lower end", value(row, "low"), low, EXACT),
    ...differs("upper end", value(row, "high"), high, EXACT),
    ...differs("mean of all", value(row, "mean"), stats.mean(all), EXACT),
  ];
}

// Whether the values of a row match its samples; writes the result into the row.
function check(row, rounds) {
  const messages = rounds?.flat().length ? differences(row, rounds) : ["its samples are missing"];
  const holds = !messages.length;
  const parts = value(row, "low") === null ? "median matches" : "median and interval match";
  const text = holds ? `from ${format.counted(rounds.flat().length, "sample")}: ${parts}` : "";
  mark(row.querySelector(".found"), holds, text || messages.join("; "));
  return holds;
}

function mark(place, holds, text) {
  place.textContent = `${holds ? "✓" : "✗"} ${text}`;
  place.classList.toggle("holds", holds);
  place.classList.toggle("differs", !holds);
}

function conclude(section, rows, samples) {
  const wrong = rows.filter((row) => !check(row, samples[row.dataset.case]));
  const all = rows.reduce((sum, row) => sum + value(row, "samples"), 0);
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

// Run once the browser is idle or the section comes into view.
report.mount(".report-audit", (section) => {
  let waiting = true;
  const once = () => {
    if (waiting) run(section);
    stop();
  };
  const seen = new IntersectionObserver((entries) => {
    if (entries.some((entry) => entry.isIntersecting)) once();
  });
  const idle = window.requestIdleCallback ?? ((call) => setTimeout(call, 2000));
  const stop = () => {
    waiting = false;
    seen.disconnect();
  };
  seen.observe(section);
  idle(once);
  return stop;
});
