import { GradcamError } from "../base/errors.ts";
import { readBytes, ReadError, toLocation } from "../platform/files.ts";
import type { ConnectionInfo, HandlerOptions, ServedModel } from "../server/mod.ts";
import { readExplainRequest, readInputPhotos } from "./explain_request.ts";
import { readLimitOptions } from "./serve_limits.ts";
import { readNamedModel } from "./serve_options.ts";
import { readLabels } from "./session.ts";
import { UsageError } from "./usage_error.ts";
import type { Values } from "./values.ts";

/** What stands for one model alone. */
const ofOneModel = ["model", "weights", "labels"];

function readModels(values: Values, shared: Pick<ServedModel, "preprocess" | "identity">) {
  const named = values.texts("models").map((text) => readNamedModel(text)!);
  if (named.length === 0) return undefined;
  const other = ofOneModel.find((name) => values.text(name) !== undefined);
  if (other !== undefined) {
    throw new UsageError(
      `Cannot use --${other} with --models: labels and weights are found beside each model`,
    );
  }
  const ids = named.map(([id]) => id);
  const twice = ids.find((id, index) => ids.indexOf(id) < index);
  if (twice !== undefined) {
    throw new UsageError(`Cannot use --models for "${twice}" twice: give each its own id`);
  }
  return Object.fromEntries(named.map(([id, model]) => [id, { model, ...shared }]));
}

/** The tokens of a file, one a line. */
async function readTokenFile(file: string, signal: AbortSignal): Promise<string[]> {
  const bytes = await readBytes(toLocation(file), { signal }).catch((error) => {
    if (!(error instanceof ReadError)) throw error;
    throw new GradcamError(`Cannot read tokens "${file}": ${error.message}`);
  });
  const tokens = new TextDecoder().decode(bytes).split("\n").map((line) => line.trim())
    .filter((line) => line !== "");
  if (tokens.length > 0) return tokens;
  throw new GradcamError(`Cannot read tokens "${file}": it is empty: write one token a line`);
}

async function readTokens(values: Values, signal: AbortSignal): Promise<string[] | undefined> {
  const file = values.text("token-file");
  const tokens = [...values.texts("token"), ...file === undefined ? [] : await readTokenFile(file, signal)];
  return tokens.length > 0 ? tokens : undefined;
}

function readRateLimit(values: Values): HandlerOptions["rateLimit"] {
  const perSecond = values.number("rate");
  const needing = ["burst", "client-header"].find((name) => values.text(name) !== undefined);
  if (perSecond !== undefined) return { perSecond, burst: values.number("burst") };
  if (needing !== undefined) throw new UsageError(`Cannot use --${needing} without --rate: give the rate`);
  return undefined;
}

/** Who a request is from, behind a proxy: what it has added to a header last, since all before may be invented. */
export function clientIn(header: string): NonNullable<HandlerOptions["clientOf"]> {
  return (request: Request, { remoteAddr }: ConnectionInfo) => {
    const last = request.headers.get(header)?.split(",").at(-1)?.trim();
    const address = remoteAddr && "hostname" in remoteAddr ? remoteAddr.hostname : undefined;
    return last || address || "unknown";
  };
}

function readPhotoCache(values: Values): HandlerOptions["photoCache"] {
  const megabytes = values.number("photo-cache");
  if (megabytes === undefined) return undefined;
  return megabytes === 0 ? false : { maxBytes: Math.max(Math.round(megabytes * 1_000_000), 1) };
}

/**
 * What a command line asks of the service. Models are named by their places, for workers to open; labels and tokens are read.
 *
 * @param signal Stops downloads.
 * @throws {UsageError} If options do not go together.
 * @throws {GradcamError} If a file cannot be read.
 */
export async function readServiceOptions(values: Values, signal: AbortSignal): Promise<HandlerOptions> {
  const { options, model, weights, labels, identity } = readExplainRequest(values);
  const { preprocess, fit, output, input, size, backend, threads } = options;
  const shared = { preprocess, identity };
  const models = readModels(values, shared);
  const rateLimit = readRateLimit(values);
  const header = values.text("client-header");
  const [origins, hosts] = [values.texts("cors"), values.texts("photo-host")];
  return {
    ...readLimitOptions(values),
    ...models ? { models } : {
      ...shared,
      model,
      weights,
      labels: labels === undefined ? undefined : await readLabels(labels, signal),
    },
    fit,
    defaults: { output, input, size, inputs: await readInputPhotos(options, signal) },
    backend,
    threads,
    workers: values.number("workers"),
    photoCache: readPhotoCache(values),
    photoHosts: hosts.length > 0 ? hosts : undefined,
    cors: origins.length > 0 ? origins : undefined,
    tokens: await readTokens(values, signal),
    rateLimit,
    clientOf: header === undefined ? undefined : clientIn(header),
  };
}
