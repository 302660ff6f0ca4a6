/** Numbers with a minus that is as wide as a plus. */
function signed(text: string): string {
  return text.replaceAll("-", "−");
}

/** A number for people: about three digits that say something; a dash where there is none. */
export function numberText(value: number | undefined): string {
  if (value === undefined || !Number.isFinite(value)) return "–";
  const size = Math.abs(value);
  if (size !== 0 && (size < 0.0005 || size >= 1e6)) return signed(value.toExponential(1));
  const decimals = size >= 1000 ? 0 : size >= 100 ? 1 : size >= 10 ? 2 : 3;
  const text = value.toFixed(decimals);
  return signed(Number(text) === 0 ? (0).toFixed(decimals) : text);
}

/** A difference, with its sign. */
export function differenceText(value: number): string {
  const text = numberText(value);
  return value > 0 && Number.isFinite(value) ? `+${text}` : text;
}

/** From the one to the other. */
export function intervalText(interval: readonly [number, number] | undefined): string {
  const [low, high] = interval ?? [NaN, NaN];
  return Number.isFinite(low) && Number.isFinite(high) ? `${numberText(low)} to ${numberText(high)}` : "–";
}

/** The probability that chance alone does as much. */
export function probabilityText(p: number): string {
  if (!Number.isFinite(p)) return "–";
  return p < 0.001 ? "< 0.001" : p.toFixed(3);
}

/** A time for people. */
export function timeText(ms: number | undefined): string {
  if (ms === undefined || !Number.isFinite(ms)) return "–";
  if (ms < 10) return `${ms.toFixed(1)} ms`;
  if (ms < 999.5) return `${Math.round(ms)} ms`;
  if (ms < 59_950) return `${(ms / 1000).toFixed(1)} s`;
  const minutes = ms / 60_000;
  return minutes < 59.5 ? `${minutes.toFixed(1)} min` : `${(minutes / 60).toFixed(1)} h`;
}
