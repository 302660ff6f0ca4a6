import { parseArgs } from "node:util";
import { photoKinds } from "./photos.ts";
import { ways } from "./ways.ts";

/** What can be measured. */
export const parts = ["load", "memory", "health", "soak"] as const;

/** What the command line asks for. */
export interface LoadOptions {
  readonly ways: readonly string[];
  readonly photos: readonly string[];
  readonly clients: readonly number[];
  readonly seconds: number;
  readonly parts: readonly string[];
  readonly soakMinutes: number;
  readonly requests: number;
  /** The file that the tables go to, between its marks; without it they are printed alone. */
  readonly write: string | undefined;
}

const usage = `Usage: deno task bench:service [options]

Measure the service under load on loopback. Each client sends photos of its own, one after the other, waits as long as a
503 tells it to, and holds every answer to the one that its photo got when it was sent alone.

  --ways NAME,...     of ${ways.map(({ option }) => option).join(", ")}
  --photos NAME,...   of ${Object.keys(photoKinds).join(", ")}
  --clients N,...     how many send at a time (default: 1,8,32,64)
  --seconds N         how long each is measured, after it was warmed (default: 10)
  --memory            what it holds after a tenth of the requests, and after all of them
  --requests N        how many those are (default: 5000)
  --health            how soon /health and /healthz answer while a photo of 24 megapixels and full load are worked on
  --soak MINUTES      full load with 1 % hostile requests among it
  --write FILE        put the tables between the marks "load" of a file

With --memory, --health or --soak that is measured, and nothing else.`;

function chosen(option: string, value: string | undefined, all: readonly string[]): readonly string[] {
  const names = value?.split(",") ?? all;
  const unknown = names.find((name) => !all.includes(name));
  if (unknown === undefined) return names;
  throw new RangeError(`Unknown ${option} "${unknown}": use some of ${all.join(", ")}`);
}

function positive(option: string, value: string): number {
  const number = Number(value);
  if (value.trim() !== "" && number > 0 && number < Infinity) return number;
  throw new RangeError(`Cannot use ${option} "${value}": give a number above 0`);
}

/**
 * Read the command line; with `--help` print what there is and end.
 *
 * @throws {RangeError} If an option is wrong.
 * @throws {TypeError} If there is no such option.
 */
export function readLoadOptions(args: readonly string[]): LoadOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      help: { type: "boolean", short: "h" },
      ways: { type: "string" },
      photos: { type: "string" },
      clients: { type: "string", default: "1,8,32,64" },
      seconds: { type: "string", default: "10" },
      memory: { type: "boolean", default: false },
      requests: { type: "string", default: "5000" },
      health: { type: "boolean", default: false },
      soak: { type: "string" },
      write: { type: "string" },
    },
  });
  if (values.help) {
    console.log(usage);
    Deno.exit(0);
  }
  const wanted = [values.memory && "memory", values.health && "health", values.soak !== undefined && "soak"];
  const clients = values.clients.split(",").map((value) => positive("--clients", value));
  const unfit = clients.find((count) => !Number.isInteger(count) || count > 64);
  if (unfit !== undefined) {
    throw new RangeError(`Cannot let ${unfit} clients send: use whole numbers from 1 to 64`);
  }
  const some = wanted.filter((part) => part !== false);
  return {
    clients,
    ways: chosen("--ways", values.ways, ways.map(({ option }) => option)),
    photos: chosen("--photos", values.photos, Object.keys(photoKinds)),
    seconds: positive("--seconds", values.seconds),
    parts: some.length > 0 ? some : ["load"],
    soakMinutes: positive("--soak", values.soak ?? "10"),
    requests: Math.round(positive("--requests", values.requests)),
    write: values.write,
  };
}
