/**
 * The tables of service.md, from the options and limits themselves. Run as a program it writes them there:
 * `deno run --allow-read=docs --allow-write=docs docs/service_tables.ts`, and `deno fmt docs/service.md` after it.
 */
import type { OptionSpec } from "../src/cli/option.ts";
import { serveCommand } from "../src/cli/serve.ts";
import { limitOptionNames } from "../src/cli/serve_limits.ts";
import { serverOptions } from "../src/cli/serve_options.ts";
import { limitNames, limits } from "../src/server/limits.ts";
import { handlerRules } from "../src/server/options.ts";

/** The page that has the tables. */
export const page: URL = new URL("./service.md", import.meta.url);

/** What each option of the service that is no limit does, and its options on the command line. */
const optionWords: Readonly<Record<string, readonly [cli: string, what: string]>> = {
  model: ["--model", "where the model lies; in a program also an open one, which no worker can share"],
  models: ["--models", "several models by id, in its place; the first is meant where a request names none"],
  labels: ["--labels", "the names of the classes"],
  preprocess: ["--preprocess", "how the model was trained to see pixels, where its files do not say"],
  identity: ["--identity", "layers that leave their input as it is"],
  weights: ["--weights", "the file of the model's weights"],
  fit: ["--fit", "how photos are brought to the model's shape, where a request does not say"],
  defaults: [
    "--output, --input, --inputs, --input-values, --size",
    "likewise, for what goes in and comes out",
  ],
  backend: ["--backend", "where to compute"],
  threads: ["--threads", "threads of each worker (default: the cores, divided among the workers)"],
  workers: [
    "--workers",
    "how many photos are explained at a time, beside the thread that answers (default: 1)",
  ],
  preload: ["", "open the models at once; `gradcam serve` always does, before it listens"],
  photoCache: [
    "--photo-cache",
    "what is kept, for ten minutes, of photos that were sent with `keep` (default: 64 MB)",
  ],
  photoHosts: ["--photo-host", "hosts that photos may be fetched from (default: none)"],
  cors: ["--cors", "origins whose pages may ask (default: none)"],
  tokens: ["--token-file, --token", "bearer tokens, one of which is needed (default: none)"],
  rateLimit: ["--rate, --burst", "how many requests each client may send (default: no limit)"],
  clientOf: ["--client-header", "who a request is from (default: its token, or its connection's address)"],
  onRequest: ["--log", "is told of each request when it has been answered"],
  onError: ["", "is told of the server's own errors (default: they are printed)"],
};

/** Options on the command line that set none of the service's. */
const ofServer = ["port", "host", "header-timeout", "max-connections", "grace"];

function row(...cells: readonly string[]): string {
  return `| ${cells.join(" | ")} |`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [row(...head), row(...head.map(() => "---")), ...rows.map((cells) => row(...cells))].join("\n");
}

function code(names: string): string {
  return names.split(", ").filter((name) => name !== "").map((name) => `\`${name}\``).join(", ");
}

function findOption(name: string): OptionSpec {
  return serveCommand.options.find((option) => option.name === name)!;
}

/** A number with commas between its thousands. */
function spaced(value: number): string {
  return value.toLocaleString("en");
}

const beyond = (text: string) => /^\d+$/.test(text) ? `answer ${text}` : text;

/** The tables by the names of their marks. */
export const tables: Readonly<Record<string, string>> = {
  limits: table(
    ["option", "`gradcam serve`", "default", "what is limited", "beyond it"],
    limitNames.map((name) => {
      const option = findOption(limitOptionNames.get(name)!);
      const { default: usual, what, beyond: then } = limits[name];
      return [`\`${name}\``, `\`--${option.name} ${option.value}\``, spaced(usual), what, beyond(then)];
    }),
  ),
  options: table(
    ["option", "`gradcam serve`", "what it does"],
    Object.keys(handlerRules).filter((name) => !(name in limits)).map((name) => {
      const [cli, what] = optionWords[name] ?? ["", ""];
      return [`\`${name}\``, code(cli), what];
    }),
  ),
  server: table(
    ["option", "what it does"],
    serverOptions.filter(({ name }) => ofServer.includes(name)).map(({ name, value, description }) => [
      `\`--${name} ${value}\``,
      description,
    ]),
  ),
};

/** What stands between two marks of the page. */
export function between(text: string, name: string): string {
  return new RegExp(`<!-- ${name}: begin -->\n(.*?)<!-- ${name}: end -->`, "s").exec(text)![1]!.trim();
}

/** All options of the command line that the tables name. */
export const named: ReadonlySet<string> = new Set(
  Object.values(tables).join("\n").matchAll(/`--([\w-]+)/g).map(([, name]) => name!),
);

if (import.meta.main) {
  let text = await Deno.readTextFile(page);
  for (const [name, content] of Object.entries(tables)) {
    const marks = new RegExp(`(<!-- ${name}: begin -->\n).*?(<!-- ${name}: end -->)`, "s");
    text = text.replace(marks, (_all, begin, end) => `${begin}\n${content}\n\n${end}`);
  }
  await Deno.writeTextFile(page, text);
}
