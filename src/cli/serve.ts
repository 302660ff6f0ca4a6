import { GradcamError } from "../base/errors.ts";
import type { Command } from "./command.ts";
import { describeError } from "./describe_error.ts";
import {
  backendOptions,
  maxPhotoSideOption,
  maxPixelsOption,
  modelOptions,
  photoOptions,
  wiringOptions,
} from "./explain_options.ts";
import { readExplainRequest, readInputPhotos } from "./explain_request.ts";
import type { CliIo } from "./io.ts";
import { numberRule, type OptionSpec } from "./option.ts";
import { printError } from "./reporter.ts";
import { openModel } from "./session.ts";
import type { Values } from "./values.ts";

const megabyte = 1_000_000;

/** A server takes smaller photos than a person's own machine, unless told. */
const maxPixelsForAll: OptionSpec = {
  ...maxPixelsOption,
  description: "The largest photo accepted, in pixels (default: 25000000)",
};

const serverOptions: readonly OptionSpec[] = [
  {
    name: "port",
    short: "p",
    value: "N",
    group: "Server",
    description: "The port to listen on; 0 takes a free one (default: 8000)",
    rule: numberRule({ min: 0, max: 65535, whole: true }),
  },
  {
    name: "host",
    value: "NAME",
    group: "Server",
    description: "The address to listen on; 0.0.0.0 lets other machines in (default: 127.0.0.1)",
  },
  {
    name: "max-body",
    value: "MB",
    group: "Server",
    description: "The largest upload accepted, in megabytes (default: 20)",
    rule: numberRule({ min: 0.001, max: 1000 }),
  },
  {
    name: "concurrency",
    value: "N",
    group: "Server",
    description: "How many photos are explained at a time; others wait (default: 1)",
    rule: numberRule({ min: 1, max: 64, whole: true }),
  },
];

/** Where to listen. */
interface Address {
  readonly hostname: string;
  readonly port: number;
}

function explainRefusal(error: unknown, { hostname, port }: Address): string {
  if (error instanceof Deno.errors.AddrInUse) return "the port is in use: choose another with --port";
  if (error instanceof Deno.errors.NotCapable) {
    return `permission denied: allow it with --allow-net=${hostname}:${port}`;
  }
  if (error instanceof Deno.errors.PermissionDenied) {
    return "permission denied: choose a port from 1024 up with --port";
  }
  return describeError(error).replace(/ \([^)]*--debug[^)]*\)$/, "");
}

/** Start to listen; the caller stops it. */
function listen(handler: Deno.ServeHandler, address: Address, io: CliIo): Deno.HttpServer<Deno.NetAddr> {
  try {
    return Deno.serve({
      ...address,
      onListen: () => {}, // the caller says so on its own output
      onError: async (error) => {
        await printError(io.stderr, error, false);
        return new Response(null, { status: 500 });
      },
    }, handler);
  } catch (error) {
    const { hostname, port } = address;
    throw new GradcamError(`Cannot listen on ${hostname}:${port}: ${explainRefusal(error, address)}`);
  }
}

/** Serve until the user interrupts; requests that are under way are answered. */
async function serveUntilInterrupted(handler: Deno.ServeHandler, address: Address, io: CliIo): Promise<void> {
  const server = listen(handler, address, io);
  const stop = () => void server.shutdown();
  io.signal.addEventListener("abort", stop, { once: true });
  if (io.signal.aborted) stop();
  const host = address.hostname.includes(":") ? `[${address.hostname}]` : address.hostname;
  await io.stdout.write(`Listening on http://${host}:${server.addr.port}/ (Ctrl+C stops)\n`);
  await server.finished;
  io.signal.removeEventListener("abort", stop);
}

async function run(values: Values, io: CliIo): Promise<number> {
  const request = readExplainRequest(values);
  const { options } = request;
  const inputs = await readInputPhotos(options, io.signal);
  const model = await openModel(request, io.signal);
  try {
    const { createHandler } = await import("../server/mod.ts");
    const maxBody = values.number("max-body");
    const handler = createHandler({
      model,
      ...(options.fit && { fit: options.fit }),
      defaults: { output: options.output, input: options.input, inputs, size: options.size },
      ...(options.backend && { backend: options.backend }),
      ...(options.threads !== undefined && { threads: options.threads }),
      ...(options.maxPixels !== undefined && { maxPixels: options.maxPixels }),
      ...(options.maxPhotoSide !== undefined && { maxPhotoSide: options.maxPhotoSide }),
      ...(maxBody !== undefined && { maxBodyBytes: Math.round(maxBody * megabyte) }),
      ...(values.number("concurrency") !== undefined && { concurrency: values.number("concurrency")! }),
    });
    const address = { hostname: values.text("host") ?? "127.0.0.1", port: values.number("port") ?? 8000 };
    await serveUntilInterrupted((request) => handler(request), address, io);
    return 0;
  } finally {
    model.dispose();
  }
}

/** `gradcam serve`: the page and the HTTP interface on this machine. */
export const serveCommand: Command = {
  name: "serve",
  summary: "Serve a page to drop photos on, and the same over HTTP",
  options: [
    ...modelOptions,
    ...photoOptions,
    ...wiringOptions,
    maxPixelsForAll,
    maxPhotoSideOption,
    ...serverOptions,
    ...backendOptions,
  ],
  notes: [
    "Only this machine can reach it unless --host says otherwise. It stops when interrupted. --output, --input, " +
    "--inputs, --input-values and --size are what a request that does not say gets.",
  ],
  examples: [
    { what: "Open http://127.0.0.1:8000/ in a browser then", line: "serve" },
    { what: "Your own model, for the whole network", line: "serve --model model.json --host 0.0.0.0" },
  ],
  run,
};
