/**
 * What several tests need. It is not published.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import { assertEquals } from "@std/assert";
import { type BackendName, selectBackend } from "../../backends/mod.ts";

/** Where the test data lies. */
export const testdata: URL = new URL("../../testdata/", import.meta.url);

/** All backends, each of which the conformance tests run on where it can be had. */
export const testedBackends: readonly BackendName[] = ["cpu", "wasm", "webgpu"];

/** Select a backend, or say why it cannot be had. */
export async function tryBackend(backend: BackendName): Promise<string | undefined> {
  try {
    await selectBackend({ backend });
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

/** Little-endian 32-bit floats, as the scripts in tools/ write them. */
export async function readFloats(url: URL): Promise<Float32Array<ArrayBuffer>> {
  const { buffer } = await Deno.readFile(url);
  return new Float32Array(buffer);
}

/** The largest difference of two arrays; infinite where their lengths differ or one holds what is no number. */
export function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) return Infinity;
  let largest = 0;
  for (let index = 0; index < a.length; index++) {
    const difference = Math.abs(a[index]! - b[index]!);
    if (!Number.isFinite(difference)) return Infinity;
    largest = Math.max(largest, difference);
  }
  return largest;
}

/** The value farthest from 0. */
export function largestMagnitude(values: Iterable<number>): number {
  let largest = 0;
  for (const value of values) largest = Math.max(largest, Math.abs(value));
  return largest;
}

/** Run something and check that it left no tensor behind. */
export async function leavingNoTensors<T>(run: () => Promise<T> | T): Promise<T> {
  const before = tf.memory().numTensors;
  const result = await run();
  assertEquals(tf.memory().numTensors, before, "Tensors are left over");
  return result;
}

/** Whether a folder or file is there. */
export async function exists(url: URL): Promise<boolean> {
  try {
    await Deno.stat(url);
    return true;
  } catch {
    return false;
  }
}

/** A `data:` URL of some content. */
export function encodeBase64Url(mediaType: string, bytes: Uint8Array): string {
  return `data:${mediaType};base64,${btoa(String.fromCharCode(...bytes))}`;
}

const root = new URL("../../", import.meta.url);
const mediaTypes: Readonly<Record<string, string>> = {
  js: "text/javascript",
  ts: "text/typescript",
  json: "application/json",
};

/** Serve the checkout over http, as a registry serves the package, and do something with its origin. */
export async function withCheckoutOverHttp(use: (origin: string) => Promise<void>): Promise<void> {
  const server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen: () => {} }, async (request) => {
    const path = new URL(request.url).pathname;
    try {
      const body = await Deno.readFile(new URL(`.${path}`, root));
      const type = mediaTypes[path.split(".").at(-1)!] ?? "application/octet-stream";
      return new Response(body, { headers: { "content-type": type } });
    } catch {
      return new Response(null, { status: 404 });
    }
  });
  try {
    await use(`http://127.0.0.1:${server.addr.port}/`);
  } finally {
    await server.shutdown();
  }
}

/** What stands in for packages from JSR, which cannot be reached everywhere. */
const standIns = ["./compat/assert", "./compat/cli"];

async function copyStandIns(folder: string): Promise<void> {
  for (const standIn of standIns) {
    await Deno.mkdir(`${folder}/${standIn}`, { recursive: true });
    for await (const { name } of Deno.readDir(new URL(standIn, root))) {
      await Deno.copyFile(new URL(`${standIn}/${name}`, root), `${folder}/${standIn}/${name}`);
    }
  }
}

/** Run a script that imports from an origin, in a folder and with a process of its own. */
export async function runOverHttp(
  origin: string,
  script: string,
  flags: readonly string[] = [],
): Promise<{ code: number; stdout: string; stderr: string }> {
  const folder = await Deno.makeTempDir();
  try {
    const { imports } = JSON.parse(await Deno.readTextFile(new URL("deno.json", root)));
    await copyStandIns(folder);
    await Deno.writeTextFile(`${folder}/deno.json`, JSON.stringify({ imports, links: standIns }));
    await Deno.writeTextFile(`${folder}/script.ts`, script);
    const { host } = new URL(origin);
    const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["run", "--quiet", "--no-prompt", "--no-lock", `--allow-import=${host}`, ...flags, "script.ts"],
      cwd: folder,
    }).output();
    const decoder = new TextDecoder();
    return { code, stdout: decoder.decode(stdout), stderr: decoder.decode(stderr) };
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}
