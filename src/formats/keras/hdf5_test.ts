import { gunzipSync } from "node:zlib";
import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { ModelError } from "../../base/errors.ts";
import { bytesSource, partOf } from "../../platform/byte_source.ts";
import { now } from "../../testing/clock.ts";
import { largestDifference, testdata } from "../../testing/mod.ts";
import { type Hdf5, withHdf5 } from "./hdf5.ts";
import { writeHdf5 } from "./hdf5/testing.ts";
import type { KerasArray } from "./keras_file.ts";

async function read<T>(bytes: Uint8Array, use: (file: Hdf5) => T): Promise<T> {
  return await withHdf5(bytesSource(bytes), "written.h5", use);
}

function numbersOf(array: KerasArray): Float32Array {
  const numbers = new Float32Array(array.shape.reduce((product, size) => product * size, 1));
  array.readInto(numbers);
  return numbers;
}

const shape = [40, 30];
const values = Array.from({ length: 1200 }, (_, index) => index % 100 - 50);

Deno.test("array() reads numbers of all types, packed or not, as float32", async (t) => {
  const types: Record<string, { data: unknown; dtype?: string }> = {
    float32: { data: Float32Array.from(values) },
    float64: { data: Float64Array.from(values) },
    int8: { data: Int8Array.from(values) },
    int16: { data: Int16Array.from(values) },
    int32: { data: Int32Array.from(values) },
    int64: { data: BigInt64Array.from(values.map(BigInt)) },
  };
  for (const [name, type] of Object.entries(types)) {
    for (const packing of [{}, { chunks: [10, 10] }, { chunks: [10, 10], compression: 9 }]) {
      await t.step(`${name} ${JSON.stringify(packing)}`, async () => {
        const bytes = await writeHdf5((file) =>
          file.create_dataset({ name: "weights", shape, ...type, ...packing })
        );
        const array = await read(bytes, (file) => {
          const found = file.array("weights")!;
          return { shape: found.shape, data: numbersOf(found) };
        });
        assertEquals(array.shape, shape);
        assertEquals(largestDifference(array.data, values), 0);
      });
    }
  }
});

Deno.test("array() reads what is larger than it reads at once", async () => {
  const numbers = Float64Array.from({ length: 5 * 500 * 1000 }, (_, index) => index);
  for (const shape of [[5, 500, 1000], [2500000], []]) {
    const data = shape.length > 0 ? numbers : numbers.subarray(7, 8);
    const bytes = await writeHdf5((file) => file.create_dataset({ name: "weights", data, shape }));
    const found = await read(bytes, (file) => numbersOf(file.array("weights")!));
    assertEquals(largestDifference(found, data), 0, `${shape}`);
  }
});

Deno.test("array() refuses what is no numbers, and what would fill memory", async () => {
  const texts = await writeHdf5((file) => file.create_dataset({ name: "weights", data: ["a", "b"] }));
  await read(texts, (file) => {
    assertThrows(() => numbersOf(file.array("weights")!), ModelError, 'its weights "weights" are no numbers');
    assertEquals(file.array("biases"), undefined);
  });
  // Zeros that are never written down, a thousandfold of the file.
  const zeros = await writeHdf5((file) =>
    file.create_dataset({ name: "weights", data: new Float32Array(4e6), chunks: [4e6], compression: 9 })
  );
  await read(zeros, (file) => {
    const array = file.array("weights")!;
    assertEquals(array.shape, [4e6]);
    assertThrows(
      () => numbersOf(array),
      ModelError,
      `would take 16000000 bytes, but the file has ${zeros.length}`,
    );
  });
});

Deno.test("text() comes to an end with a heap of texts that does not", async () => {
  const bytes = await Deno.readFile(new URL("zoo/teachable/keras3.h5", testdata));
  const heap = new TextDecoder("latin1").decode(bytes).indexOf("GCOL");
  const view = new DataView(bytes.buffer);
  for (const [at, value] of [[24, 2n ** 32n - 16n], [24, 2n ** 63n], [8, 2n ** 40n], [8, 8n]] as const) {
    const before = view.getBigUint64(heap + at, true);
    view.setBigUint64(heap + at, value, true);
    await assertRejects(
      () => read(bytes, (file) => file.text("", "model_config")),
      ModelError,
      'its HDF5 file is damaged at "model_config"',
    );
    view.setBigUint64(heap + at, before, true);
  }
  assert((await read(bytes, (file) => file.text("", "model_config")))!.startsWith("{"));
});

/** The files of all versions, of which each array is there twice: stored in some way, and plainly. */
const folder = new URL("hdf5/", testdata);
const files = Array.from(Deno.readDirSync(folder), ({ name }) => name)
  .filter((name) => name.endsWith(".h5.gz")).sort();

function readPacked(name: string): Uint8Array {
  return new Uint8Array(gunzipSync(Deno.readFileSync(new URL(name, folder))));
}

/** The paths of all objects below a group. */
function* pathsBelow(file: Hdf5, group: string): Generator<string> {
  for (const key of file.keys(group) ?? []) {
    yield `${group}/${key}`;
    yield* pathsBelow(file, `${group}/${key}`);
  }
}

Deno.test("array() reads what any version of HDF5 writes, however it is stored", async (t) => {
  assert(files.length >= 5);
  for (const name of files) {
    await t.step(name, async () => {
      const bytes = readPacked(name);
      const inArchive = new Uint8Array(bytes.length + 2000);
      inArchive.set(bytes, 1001);
      const source = partOf(bytesSource(inArchive), 1001, bytes.length);
      await withHdf5(source, name, (file) => {
        const paths = [...pathsBelow(file, "stored")];
        assert(paths.length > 40, `${paths.length} arrays`);
        for (const path of paths) {
          const [stored, plain] = [path, path.replace("stored", "plain")].map((path) => file.array(path));
          if (!plain) continue; // a group
          assertEquals(stored!.shape, plain.shape, path);
          assertEquals(numbersOf(stored!), numbersOf(plain), path);
        }
      });
    });
  }
});

Deno.test("text(), texts() and keys() read what any version of HDF5 writes", async (t) => {
  for (const name of files) {
    await t.step(name, async () => {
      await read(readPacked(name), (file) => {
        assertEquals(file.text("", "long text"), "Grüße");
        assertEquals(file.text("", "fixed text"), "of fixed length");
        assertEquals(file.text("", "opaque"), "opaque bytes");
        assertEquals(file.text("", "number"), undefined);
        assertEquals(file.text("", "nothing"), undefined);
        assertEquals(file.text("", "latin-1"), "Grüße");
        assertEquals(file.texts("", "long texts"), ["é", "bb", ""]);
        assertEquals(file.texts("", "fixed texts"), Array.from({ length: 12 }, (_, i) => `layer_${i}`));
        assertEquals(file.texts("", "empty"), []);
        assertEquals(file.texts("", "null"), []);
        assertEquals(file.texts("", "parts"), ["a", "b", "c"]);
        assertEquals(file.texts("", "nothing"), undefined);
        assertEquals(file.text("attributes", "attribute 29"), "value 29");
        assertEquals(file.text("attributes", "attribute 30"), undefined);
        const isOrdered = name.includes("ordered");
        const made = Array.from({ length: 40 }, (_, i) => `z${39 - i}`);
        assertEquals(file.keys("links"), isOrdered ? made : made.sort());
        assertEquals(file.keys("soft"), file.keys("links"));
        assertEquals(file.keys("broken"), undefined);
        assertEquals(file.keys("loop"), undefined);
        assertEquals(file.keys("outside"), undefined);
        assertEquals(file.array("outside"), undefined);
        assertEquals(file.array("links"), undefined);
        assertEquals(file.keys("stored/types/f4"), undefined);
        if (isOrdered) assertEquals(file.text("attributes", "large"), "x".repeat(100000));
      });
    });
  }
});

Deno.test("keys() and array() come to an end with groups that lie in themselves", async () => {
  const bytes = await writeHdf5((file) => {
    file.create_dataset({ name: "weights", data: [1, 2] });
    for (const name of ["a", "b"]) file.create_hard_link("/", name);
  });
  await read(bytes, (file) => {
    assertEquals(file.keys("a/b/b/a"), ["a", "b", "weights"]);
    assertEquals(file.array("a/b/weights")!.shape, [2]);
    assertThrows(() => [...pathsBelow(file, "")], ModelError, 'its HDF5 file is damaged at "/a/a/a');
    let asked = 0;
    assertThrows(() => {
      for (;; asked++) file.keys("a/b/a/b/a/b/a/b/a/b/a/b/a/b/a/b/a/b/a/b/a/b/a/b/a/b/a/b/a/b/a/b");
    }, ModelError);
    assert(asked > 1000 && asked < 100_000, `${asked} times`);
  });
});

Deno.test("withHdf5() refuses files that brought HDF5's own library down", async (t) => {
  const damaged: Record<string, string> = {
    "damaged_takes_two_gigabytes.h5": "its HDF5 file is damaged or cut short",
    "damaged_takes_three_seconds.h5": 'its HDF5 file is damaged at "model_weights"',
    "damaged_leaves_open.h5": "its HDF5 file is damaged or cut short",
  };
  for (const [name, message] of Object.entries(damaged)) {
    await t.step(name, async () => {
      const bytes = await Deno.readFile(new URL(name, folder));
      const start = now();
      await assertRejects(
        () =>
          read(bytes, (file) => {
            for (const key of ["backend", "keras_version", "model_config"]) file.text("", key);
            return [...pathsBelow(file, "model_weights")];
          }),
        ModelError,
        message,
      );
      const ms = now() - start;
      assert(ms < 300, `It took ${ms} ms`);
    });
  }
});
