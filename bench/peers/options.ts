import { parseArgs } from "node:util";
import type { Environment } from "./environments.ts";
import { defaultFolder } from "./folder.ts";
import { peers } from "./mod.ts";
import { networks } from "./networks.ts";
import { ratiosNamed, Wanted } from "./wanted.ts";

/** What is measured, in the order in which it is. */
export const parts = ["warm", "memory", "cold", "batches"] as const;

/** What the command line asks for. */
export interface Options {
  readonly folder: string;
  readonly python: string;
  readonly given: Readonly<Partial<Record<Environment["name"], string>>>;
  readonly rounds: number;
  readonly only: readonly string[];
  readonly networks: readonly string[];
  readonly parts: readonly string[];
  /** What is needed for the rows that are asked for. */
  readonly wanted: Wanted;
  /** Whether what was measured for the same wish before is taken. */
  readonly resume: boolean;
  /** All that decides what is measured, in one text. */
  readonly wish: string;
  /** Whether the tables are printed and no file is changed: where not all is measured too. */
  readonly print: boolean;
}

const usage = `Usage: deno task bench:peers [options]

Measure Grad-CAM of Python's packages and ours side by side. It takes some 25 minutes on a quiet machine of two
cores; the first time it also installs Python packages of some gigabytes and makes the networks.

  --rounds N          how often each program has its turn (default: 15)
  --only NAME,...     of ${peers.map(({ option }) => option).join(", ")}
  --networks NAME,... of ${networks.map(({ name }) => name).join(", ")}
  --parts NAME,...    of ${parts.join(", ")}
  --rows TEXT         only what is needed for the rows of the table of ratios whose names contain it; it may be repeated
  --resume            go on where a run with the same options was interrupted
  --print             print the tables, and leave bench/RESULTS.md and README.md as they are; so it is too where
                      --only, --networks, --parts or --rows leave something out
  --folder PATH       where environments and networks are made (default: what GRADCAM_PEERS says, else
                      gradcam-peers in the user's cache)
  --python PATH       what makes the environments, 3.10 or 3.11 (default: python3)
  --python-tf PATH, --python-k2 PATH, --python-torch PATH
                      environments that are there already, taken as they are`;

/** Names out of a list, all where none is given. */
function chosen(option: string, value: string | undefined, all: readonly string[]): readonly string[] {
  if (value === undefined) return all;
  const names = value.split(",").map((name) => name.trim());
  const unknown = names.find((name) => !all.includes(name));
  if (unknown !== undefined) {
    throw new RangeError(`Unknown ${option} "${unknown}": use one of ${all.join(", ")}`);
  }
  return names;
}

/**
 * Read the command line; with `--help` print what there is and end.
 *
 * @throws {RangeError} If an option is wrong.
 */
export function readOptions(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      help: { type: "boolean", short: "h" },
      rounds: { type: "string", default: "15" },
      only: { type: "string" },
      networks: { type: "string" },
      parts: { type: "string" },
      rows: { type: "string", multiple: true },
      resume: { type: "boolean", default: false },
      print: { type: "boolean", default: false },
      folder: { type: "string", default: defaultFolder() },
      python: { type: "string", default: "python3" },
      "python-tf": { type: "string" },
      "python-k2": { type: "string" },
      "python-torch": { type: "string" },
    },
  });
  if (values.help) {
    console.log(usage);
    Deno.exit(0);
  }
  const rounds = Number(values.rounds);
  if (!Number.isInteger(rounds) || rounds < 1) {
    throw new RangeError(`Cannot run ${values.rounds} rounds: use 1 or more`);
  }
  const given: Options["given"] = {
    ...(values["python-tf"] !== undefined && { tf: values["python-tf"] }),
    ...(values["python-k2"] !== undefined && { k2: values["python-k2"] }),
    ...(values["python-torch"] !== undefined && { torch: values["python-torch"] }),
  };
  const only = chosen("--only", values.only, peers.map(({ option }) => option));
  const rows = values.rows === undefined ? undefined : ratiosNamed(values.rows);
  if (rows?.length === 0) throw new RangeError(`No row of the table contains "${values.rows!.join('", "')}"`);
  return {
    folder: values.folder,
    python: values.python,
    given,
    rounds,
    only: ["ours", ...only.filter((name) => name !== "ours")], // the others are compared with it
    networks: chosen("--networks", values.networks, networks.map(({ name }) => name)),
    parts: chosen("--parts", values.parts, parts),
    wanted: new Wanted(rows),
    resume: values.resume,
    wish: JSON.stringify([rounds, values.only, values.networks, values.parts, values.rows]),
    print: values.print ||
      [values.only, values.networks, values.parts, values.rows].some((value) => value !== undefined),
  };
}
