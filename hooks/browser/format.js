// Formats numbers exactly as hooks/report/formats.py does for the tables: the same digits, rounding
// and thousands separators.

const SPACE = "\u00a0"; // a no-break space

// `value` with `digits` decimals and thousands separators. Halfway values are rounded to the even
// digit as in Python; toFixed rounds them up. Only odd multiples of 1/2^(digits + 1) are halfway.
function fixed(value, digits) {
  const size = Math.abs(value);
  let text = size.toFixed(digits);
  if ((size * 2 ** (digits + 1)) % 2 === 1) {
    const below = Math.floor(size * 10 ** digits);
    text = ((below % 2 ? below + 1 : below) / 10 ** digits).toFixed(digits);
  }
  const [whole, rest] = text.split(".");
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ",");
  const sign = value < 0 || Object.is(value, -0) ? "-" : "";
  return sign + grouped + (rest ? `.${rest}` : "");
}

// `value` to `digits` significant digits, with thousands separators and without an exponent.
function number(value, digits = 3) {
  const size = Math.abs(value);
  if (value === 0) return "0";
  if (size >= 10 ** (digits - 1)) return fixed(value, 0);
  const whole = size >= 1 ? String(Math.trunc(size)).length : 0;
  return fixed(value, digits - (size < 1e-3 ? Math.floor(Math.log10(size)) + 2 : whole));
}

// A latency in µs, with one decimal below a thousand.
function microseconds(value) {
  return fixed(value, value < 1000 ? 1 : 0);
}

// An interval in µs.
function between(low, high) {
  return `${microseconds(low)} – ${microseconds(high)}`;
}

// A share: 0.123 is 12.3 %.
function percent(share, digits = 1) {
  return `${fixed(share * 100, digits)}${SPACE}%`;
}

// Distance of `value` from the farther end of its interval, as a share.
function plusMinus(value, low, high) {
  const reach = Math.max(high - value, value - low) / value;
  return `±${percent(reach, reach < 0.001 ? 2 : 1)}`;
}

// A ratio: 1.90×.
function times(ratio, digits = 2) {
  return `${fixed(ratio, digits)}×`;
}

// A number of things: `3 rounds`, `1 round`.
function counted(count, name) {
  return `${fixed(count, 0)} ${name}${count === 1 ? "" : "s"}`;
}

report.format = { fixed, number, microseconds, between, percent, plusMinus, times, counted };
