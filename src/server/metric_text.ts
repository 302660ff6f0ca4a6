/** One number of a family, with its labels. */
export interface Sample {
  /** What its name has after the family's, in histograms. */
  readonly suffix?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly value: number;
}

/** Numbers of one name. */
export interface Family {
  /** Its name, with its unit, as Prometheus has them. */
  readonly name: string;
  readonly type: "counter" | "gauge" | "histogram";
  /** What it counts, in one line. */
  readonly help: string;
  readonly samples: readonly Sample[];
}

/** A number that only grows. */
export function counter(name: string, help: string, value: number): Family {
  return { name, type: "counter", help, samples: [{ value }] };
}

/** A number that is what it is now. */
export function gauge(name: string, help: string, value: number): Family {
  return { name, type: "gauge", help, samples: [{ value }] };
}

/** A label's value: a backslash, a quote and a line's end would end it. */
function escape(text: string): string {
  return text.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n");
}

function sampleText(name: string, { suffix = "", labels = {}, value }: Sample): string {
  const pairs = Object.entries(labels).map(([label, text]) => `${label}="${escape(text)}"`);
  return `${name}${suffix}${pairs.length > 0 ? `{${pairs.join(",")}}` : ""} ${value}`;
}

/** The media type of {@linkcode metricText}. */
export const metricMediaType = "text/plain; version=0.0.4; charset=utf-8";

/** Numbers in the text format that Prometheus reads. */
export function metricText(families: readonly Family[]): string {
  return families.map(({ name, type, help, samples }) =>
    [`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`, ...samples.map((sample) => sampleText(name, sample))]
      .map((line) => `${line}\n`).join("")
  ).join("");
}
