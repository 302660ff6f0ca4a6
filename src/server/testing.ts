/**
 * What tests of the service share. It is not published.
 *
 * @module
 */
import { selectBackend } from "../../backends/mod.ts";
import { loadModel } from "../formats/mod.ts";
import { leavingNoTensors, testdata } from "../testing/mod.ts";
import { writeTinyModel } from "../testing/tiny_model.ts";
import { createService, type ExplainService, type HandlerOptions, type RequestRecord } from "./mod.ts";

/** A small PNG, 40 wide and 26 high. */
export const plainPhoto: Uint8Array<ArrayBuffer> = await Deno.readFile(new URL("images/plain.png", testdata));

/** A service over the tiny model, and what it told. */
export interface TestedService {
  readonly service: ExplainService;
  /** Send a request. */
  ask(path: string, init?: RequestInit): Promise<Response>;
  /** What was told of answered requests. */
  readonly records: RequestRecord[];
  /** Errors of its own. */
  readonly errors: unknown[];
}

/** Do something with a service over the tiny model, which is open already; no tensor may be left over. */
export async function withService(
  options: HandlerOptions,
  use: (tested: TestedService) => Promise<void>,
): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await selectBackend({ backend: "cpu" });
    await leavingNoTensors(async () => {
      const model = await loadModel(await writeTinyModel(folder), { preprocess: "unit" });
      const records: RequestRecord[] = [];
      const errors: unknown[] = [];
      const service = createService({
        ...options.models ? {} : { model },
        backend: "cpu",
        workers: 0,
        onRequest: (record) => void records.push(record),
        onError: (error) => void errors.push(error),
        ...options,
      });
      const ask = (path: string, init: RequestInit = {}) =>
        service.fetch(new Request(new URL(path, "http://localhost"), init));
      try {
        await use({ service, ask, records, errors });
      } finally {
        await service.close();
        model.dispose();
      }
    });
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** A POST of the photo. */
export function posted(headers: HeadersInit = {}, body: BodyInit = plainPhoto): RequestInit {
  return { method: "POST", body, headers };
}

/** Bytes from base64. */
export function decodeBase64(text: string): Uint8Array {
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}
