import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { ModelError } from "../../base/errors.ts";
import { largestDifference, testdata } from "../../testing/mod.ts";
import { bytesSource } from "../../platform/byte_source.ts";
import { areHeapsSound } from "./global_heap.ts";
import { type Hdf5, withHdf5 } from "./hdf5.ts";
import { abandonAfter, hdf5Library } from "./hdf5_library.ts";
import type { KerasArray } from "./keras_file.ts";

/** What is used of h5wasm to write files. */
interface WritableFile {
  create_dataset(options: {
    name: string;
    data: unknown;
    shape?: readonly number[];
    dtype?: string;
    chunks?: readonly number[];
    compression?: number;
  }): void;
  create_attribute(name: string, data: unknown): void;
  close(): void;
}

interface WritableModule {
  readonly FS: { readFile(path: string): Uint8Array<ArrayBuffer>; unlink(path: string): void };
}

/** The bytes of an HDF5 file that is written here. */
async function write(fill: (file: WritableFile) => void): Promise<Uint8Array<ArrayBuffer>> {
  const { File, module } = await hdf5Library();
  const Writable = File as unknown as new (path: string, mode: "w") => WritableFile;
  const file = new Writable("written.h5", "w");
  fill(file);
  file.close();
  const { FS } = module as unknown as WritableModule;
  const bytes = FS.readFile("written.h5");
  FS.unlink("written.h5");
  return bytes;
}

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
        const bytes = await write((file) =>
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
  // Parts of rows, of rows of rows, and of one row; the last of them shorter.
  const numbers = Float32Array.from({ length: 5 * 500 * 1000 }, (_, index) => index);
  for (
    const shape of [[5, 500, 1000], [2500, 1000], [5, 500000], [2500000], [1, 1, 5, 500000], [
      2,
      1,
      2,
      625,
      1000,
    ], []]
  ) {
    const data = shape.length > 0 ? numbers : numbers.subarray(7, 8);
    const bytes = await write((file) => file.create_dataset({ name: "weights", data, shape }));
    const found = await read(bytes, (file) => numbersOf(file.array("weights")!));
    assertEquals(largestDifference(found, data), 0, `${shape}`);
  }
});

Deno.test("array() refuses what is no numbers, and what would fill memory", async () => {
  const texts = await write((file) => file.create_dataset({ name: "weights", data: ["a", "b"] }));
  await read(texts, (file) => {
    assertThrows(() => numbersOf(file.array("weights")!), ModelError, 'its weights "weights" are no numbers');
    assertEquals(file.array("biases"), undefined);
  });
  // Zeros that are never written down, a thousandfold of the file.
  const zeros = await write((file) =>
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

Deno.test("areHeapsSound() walks heaps as HDF5 does", async () => {
  const bytes = await Deno.readFile(new URL("zoo/teachable/keras3.h5", testdata));
  assertEquals(areHeapsSound(bytesSource(bytes)), true);
  const heap = new TextDecoder("latin1").decode(bytes).indexOf("GCOL");
  const view = new DataView(bytes.buffer);
  const size = view.getBigUint64(heap + 24, true); // of the first text
  view.setBigUint64(heap + 24, 2n ** 32n - 16n, true); // a step of nothing in 32 bits
  assertEquals(areHeapsSound(bytesSource(bytes)), false);
  await assertRejects(
    () => read(bytes, (file) => file.text("", "model_config")),
    ModelError,
    "its HDF5 file is damaged in a heap of texts",
  );
  view.setBigUint64(heap + 24, size, true);
  assertEquals(areHeapsSound(bytesSource(bytes)), true);
  // What looks like a heap only at first is none.
  assertEquals(areHeapsSound(bytesSource(new TextEncoder().encode("GCOL and then something else"))), true);
  assertEquals(areHeapsSound(bytesSource(new TextEncoder().encode("GCOL"))), true);
});

Deno.test("hdf5Library() starts again after a crash, and after nothing else", async () => {
  const before = await hdf5Library();
  abandonAfter(new Error("an attribute is missing"));
  assertEquals(await hdf5Library() === before, true);
  abandonAfter(new WebAssembly.RuntimeError("memory access out of bounds"));
  const after = await hdf5Library();
  assertEquals(after.module === before.module, false);
  const bytes = await Deno.readFile(new URL("zoo/transfer/keras2.h5", testdata));
  assertEquals(await read(bytes, (file) => file.text("", "backend")), "tensorflow");
});
