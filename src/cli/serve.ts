import { limits } from "../server/limits.ts";
import type { HandlerOptions } from "../server/mod.ts";
import { beginServing, endServing } from "./begin_serving.ts";
import type { Command } from "./command.ts";
import { backendOptions, threadsOption } from "./options/machine.ts";
import { modelOptions, photoOptions, wiringOptions } from "./options/model.ts";
import type { CliIo } from "./io.ts";
import type { OptionSpec } from "./option.ts";
import { printError } from "./reporter.ts";
import { limitOptions } from "./serve_limits.ts";
import { accessOptions, modelsOption, serverOptions } from "./serve_options.ts";
import { readServiceOptions } from "./serve_request.ts";
import type { Values } from "./values.ts";

/** Threads, of each worker. */
const threadsOfEach: OptionSpec = {
  ...threadsOption,
  description: "Threads for WebAssembly, of each worker (default: the cores, divided among the workers)",
};

/** What the service tells whoever runs it: a line of JSON a request, where that is asked for, and errors of its own. */
async function tellingOptions(
  values: Values,
  io: CliIo,
): Promise<Pick<HandlerOptions, "onRequest" | "onError">> {
  const { logLine } = await import("../server/mod.ts");
  const ignore = () => {}; // whoever read it has gone
  return {
    onRequest: values.flag("log")
      ? (record) => void io.stdout.write(`${logLine(record)}\n`).catch(ignore)
      : undefined,
    onError: (error) => void printError(io.stderr, error, values.flag("debug")).catch(ignore),
  };
}

/** Serve with workers that were begun before all else, since what answers is imported while they import what explains. */
async function run(values: Values, io: CliIo): Promise<number> {
  io.hearInterruptions?.();
  beginServing(values.number("workers") ?? 1);
  try {
    return await serve(values, io);
  } finally {
    endServing();
  }
}

async function serve(values: Values, io: CliIo): Promise<number> {
  const options = await readServiceOptions(values, io.signal);
  const [{ createService }, { serveUntilInterrupted }] = await Promise.all([
    import("../server/mod.ts"),
    import("./serve_until.ts"),
  ]);
  const service = createService({ ...options, ...await tellingOptions(values, io) });
  const seconds = (name: string, usual: number) => (values.number(name) ?? usual) * 1000;
  await serveUntilInterrupted(service, {
    hostname: values.text("host") ?? "127.0.0.1",
    port: values.number("port") ?? 8000,
    headerTimeoutMs: seconds("header-timeout", 10),
    bodyTimeoutMs: options.bodyTimeoutMs ?? limits.bodyTimeoutMs.default,
    maxConnections: values.number("max-connections") ?? 1000,
    graceMs: seconds("grace", 10),
    signal: io.signal,
    onListen: (url) =>
      (values.flag("log") ? io.stderr : io.stdout).write(`Listening on ${url} (Ctrl+C stops)\n`),
  });
  return 0;
}

/** `gradcam serve`: the page and the HTTP interface on this machine. */
export const serveCommand: Command = {
  name: "serve",
  summary: "Serve a page to drop photos on, and the same over HTTP",
  options: [
    ...modelOptions,
    modelsOption,
    ...photoOptions,
    ...wiringOptions,
    ...serverOptions,
    ...accessOptions,
    ...limitOptions,
    ...backendOptions.map((option) => option === threadsOption ? threadsOfEach : option),
  ],
  notes: [
    "Only this machine can reach it unless --host says otherwise. It stops when interrupted: what was admitted is " +
    "answered first. --output, --input, --inputs, --input-values and --size are what a request that does not say gets.",
  ],
  examples: [
    { what: "Open http://127.0.0.1:8000/ in a browser then", line: "serve" },
    { what: "Your own model, for the whole network", line: "serve --model model.json --host 0.0.0.0" },
    {
      what: "Two photos at a time, for who shows a token",
      line: "serve --workers 2 --token-file tokens.txt --log",
    },
  ],
  run,
};
