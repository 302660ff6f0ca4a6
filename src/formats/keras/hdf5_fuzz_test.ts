/**
 * Damaged HDF5 files of all versions, read in full: each comes to an end soon, with what it holds or with one clear line.
 * The seeds are the same each time; GRADCAM_FUZZ_FROM is the first.
 */
import { gunzipSync } from "node:zlib";
import { assert, assertEquals, assertGreater } from "@std/assert";
import { ModelError } from "../../base/errors.ts";
import { bytesSource } from "../../platform/byte_source.ts";
import { now } from "../../testing/clock.ts";
import { testdata } from "../../testing/mod.ts";
import { damageBytes, seededRandom } from "../fuzzing/testing.ts";
import { type Hdf5, withHdf5 } from "./hdf5.ts";

const from = Number(Deno.env.get("GRADCAM_FUZZ_FROM") ?? 0);
const trials = 120;

/** How long one may take, in ms: twenty times what a sound one takes. */
const limitMs = 3000;

/** Attributes of the files that are read. */
const attributes = [
  "long text",
  "long texts",
  "fixed texts",
  "opaque",
  "attribute 29",
  "large",
  "large texts",
];

/** Read all that a file holds; what is damaged is counted. */
function readAll(file: Hdf5): number {
  let damages = 0;
  function attempt(read: () => void): void {
    try {
      read();
    } catch (error) {
      if (!(error instanceof ModelError)) throw error;
      assert(!error.message.includes("\n"));
      damages++;
    }
  }
  function visit(path: string): void {
    attempt(() => attributes.forEach((name) => [file.text(path, name), file.texts(path, name)]));
    attempt(() => {
      const array = file.array(path);
      const count = array?.shape.reduce((product, size) => product * size, 1) ?? 0;
      if (array && count < 1e6) array.readInto(new Float32Array(count));
    });
    attempt(() => file.keys(path)?.forEach((key) => visit(path ? `${path}/${key}` : key)));
  }
  visit("");
  return damages;
}

Deno.test("withHdf5() comes to an end with damaged files of all versions", async () => {
  const folder = new URL("hdf5/", testdata);
  const names = Array.from(Deno.readDirSync(folder), ({ name }) => name).filter((name) =>
    name.endsWith(".gz")
  );
  const sound = names.sort().map((name) =>
    new Uint8Array(gunzipSync(Deno.readFileSync(new URL(name, folder))))
  );
  for (const bytes of sound) assertEquals(await withHdf5(bytesSource(bytes), "sound", readAll), 0);
  let [refused, damaged] = [0, 0];
  for (let seed = from; seed < from + trials; seed++) {
    const random = seededRandom(seed);
    const bytes = damageBytes(sound[random(sound.length)]!, random);
    const start = now();
    try {
      if (await withHdf5(bytesSource(bytes), "damaged", readAll) > 0) damaged++;
    } catch (error) {
      assert(error instanceof ModelError, `Seed ${seed}: ${(error as Error).stack}`);
      refused++;
    }
    const ms = now() - start;
    assert(ms < limitMs, `Seed ${seed} took ${ms} ms`);
  }
  assertGreater(refused, 10);
  assertGreater(damaged, 10);
});
