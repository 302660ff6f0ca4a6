import * as tf from "@tensorflow/tfjs";
import { assert, assertEquals } from "@std/assert";
import { leavingNoTensors } from "../src/testing/mod.ts";
import { Affine } from "../src/operations/affine.ts";
import { Convolution } from "../src/operations/convolution.ts";
import { fuse } from "../src/operations/fuse.ts";
import type { JoinMode, Operation } from "../src/operations/operation.ts";
import { plan } from "../src/operations/plan.ts";
import { prepare } from "../src/operations/prepare.ts";
import { Product } from "../src/operations/product.ts";
import { fixedWeight } from "../src/operations/weight.ts";
import { numbers } from "./kernels/reference_convolution_test.ts";
import { selectBackend } from "./mod.ts";
import { withLargeModelsOf } from "./spare_weights.ts";
import { Unscaled } from "./simd/unscaled.ts";

/** Bytes of WebAssembly's memory that are in use, as those who take them and give them back tell. */
function watchMemory(): { bytes(): number; stop(): void } {
  const { wasm } = tf.backend() as unknown as {
    wasm: { _malloc(bytes: number): number; _free(address: number): void };
  };
  wasm._free(wasm._malloc(8)); // the first call puts the module's own in place
  const { _malloc, _free } = wasm, sizes = new Map<number, number>();
  let sum = 0;
  wasm._malloc = (bytes) => {
    const address = _malloc(bytes) >>> 0;
    sizes.set(address, bytes);
    sum += bytes;
    return address;
  };
  wasm._free = (address) => {
    sum -= sizes.get(address >>> 0) ?? 0;
    sizes.delete(address >>> 0);
    _free(address);
  };
  return { bytes: () => sum, stop: () => void Object.assign(wasm, { _malloc, _free }) };
}

function bitsOf(numbers: Float32Array): Int32Array {
  return new Int32Array(numbers.buffer, numbers.byteOffset, numbers.length);
}

async function read(tensor: tf.Tensor): Promise<Int32Array> {
  return bitsOf(await tensor.data<"float32">());
}

/** Run something for which every model is a large one, and that leaves no tensor. */
function leavingNothing(run: () => Promise<void>): Promise<void> {
  return leavingNoTensors(() => withLargeModelsOf(1, run));
}

/** A tensor of numbers that look random and are always the same. */
function drawn(shape: readonly number[], seed: number): tf.Tensor {
  return tf.tensor(numbers(tf.util.sizeFromShape([...shape]), seed), [...shape]);
}

/** All numbers are the same to the last bit; a general comparison would take seconds. */
function assertSame(actual: Int32Array, expected: Int32Array): void {
  assertEquals(actual.length, expected.length);
  assertEquals(actual.findIndex((bits, index) => bits !== expected[index]), -1);
}

const pixelwise = { strides: [1, 1], pad: "valid", dilations: [1, 1], depthwise: false } as const;
const padded = { ...pixelwise, pad: "same" } as const;

/** A kind of operation with a weight that is large enough. */
interface Case {
  readonly name: string;
  readonly shape: readonly number[];
  readonly input: readonly number[];
  make(kernel: tf.Tensor, output: string): Operation;
  /** Whether the order in which the kernels read it is one that it can be had from again. */
  readonly isPacked: boolean;
}

const cases: readonly Case[] = [
  {
    name: "a convolution of 1×1",
    shape: [1, 1, 512, 520],
    input: [1, 2, 3, 512],
    isPacked: true,
    make: (kernel, output) => new Convolution(pixelwise, { input: "x", output, kernel: fixedWeight(kernel) }),
  },
  {
    name: "one whose last panel is not full",
    shape: [1, 1, 600, 517],
    input: [1, 2, 3, 600],
    isPacked: true,
    make: (kernel, output) => new Convolution(pixelwise, { input: "x", output, kernel: fixedWeight(kernel) }),
  },
  {
    name: "one of 2×3",
    shape: [2, 3, 216, 208],
    input: [1, 4, 3, 216],
    isPacked: true,
    make: (kernel, output) => new Convolution(padded, { input: "x", output, kernel: fixedWeight(kernel) }),
  },
  {
    name: "one of 3×3, after Winograd",
    shape: [3, 3, 192, 192],
    input: [1, 4, 3, 192],
    isPacked: false,
    make: (kernel, output) => new Convolution(padded, { input: "x", output, kernel: fixedWeight(kernel) }),
  },
  {
    name: "a dense layer of tokens",
    shape: [512, 528],
    input: [1, 7, 512],
    isPacked: true,
    make: (kernel, output) => new Product({ input: "x", output, kernel: fixedWeight(kernel) }),
  },
];

function run(operations: readonly Operation[], x: tf.Tensor, end: string, mode: JoinMode): tf.Tensor {
  const [result] = plan(fuse(operations, { wanted: [end], mode }), ["x"], [end]).run(new Map([["x", x]]));
  return result!;
}

for (const threads of [1, 2]) {
  Deno.test(`weights are held once, and are there for all who ask, ${threads} threads`, async (t) => {
    await selectBackend({ backend: "wasm", threads });
    for (const { name, shape, input, make, isPacked } of cases) {
      await t.step(name, () =>
        leavingNothing(async () => {
          const kernel = drawn(shape, 3), x = tf.randomUniform([...input]);
          const before = await read(kernel);
          const memory = watchMemory();
          const made: tf.Tensor[] = [];
          try {
            const operations = await prepare([make(kernel, "y")], ["y"], made);
            const first = run(operations, x, "y", "fast");
            const held = memory.bytes() - first.size * 4;
            const packedBytes = Math.ceil(shape.at(-1)! / 8) * 8 * kernel.size / shape.at(-1)! * 4;
            if (isPacked) assertEquals(held, packedBytes === kernel.size * 4 ? 0 : packedBytes); // in its place
            const second = run(operations, x, "y", "fast"), copy = kernel.clone();
            assertSame(await read(second), await read(first));
            assertSame(await read(copy), before);
            const doubled = kernel.mul(2);
            assertSame(
              await read(doubled),
              bitsOf(Float32Array.from(await kernel.data<"float32">(), (value) => 2 * value)),
            );
            tf.dispose([first, second, copy, doubled, kernel, x, ...made]);
            assert(memory.bytes() <= 0, `${memory.bytes()} bytes are left over`);
          } finally {
            memory.stop();
          }
        }));

      await t.step(`${name}, with a batch norm`, () =>
        leavingNothing(async () => {
          const channels = shape.at(-1)!;
          const kernel = drawn(shape, 5), x = tf.randomUniform([...input]);
          const scale = tf.randomUniform<tf.Rank.R1>([channels], -2, 2, "float32", 7);
          const shift = tf.randomUniform<tf.Rank.R1>([channels], -1, 1, "float32", 9);
          const before = await read(kernel);
          const made: tf.Tensor[] = [];
          const norm = new Affine("y", "z", {
            coefficients: () => ({ scale: scale.clone(), shift: shift.clone() }),
          });
          const memory = watchMemory();
          try {
            const operations = await prepare([make(kernel, "y"), norm], ["z"], made);
            const exact = run(operations, x, "z", "exact"); // of the weights as they are
            const fast = run(operations, x, "z", "fast");
            const again = run(operations, x, "z", "fast"), exactAgain = run(operations, x, "z", "exact");
            assertSame(await read(again), await read(fast));
            assertSame(await read(exactAgain), await read(exact));
            assertSame(await read(kernel), before);
            const product = made.find(({ size }) => size === kernel.size)!; // the kernel that holds the norm
            const expected = kernel.mul(scale);
            assertSame(await read(product), await read(expected));
            tf.dispose([exact, exactAgain, fast, again, expected, kernel, x, scale, shift, ...made]);
            assert(memory.bytes() <= 0, `${memory.bytes()} bytes are left over`);
          } finally {
            memory.stop();
          }
        }));
    }

    await t.step("first with the batch norm, then without", () =>
      leavingNothing(async () => {
        const kernel = drawn([1, 1, 512, 512], 5);
        const x = tf.randomUniform([1, 2, 3, 512]), scale = tf.randomUniform<tf.Rank.R1>([512], 0.5, 2);
        const before = await read(kernel), made: tf.Tensor[] = [];
        const make = cases[0]!.make(kernel, "y");
        const norm = new Affine("y", "z", { coefficients: () => ({ scale: scale.clone() }) });
        const memory = watchMemory();
        try {
          const operations = await prepare([make, norm], ["z"], made);
          const fast = run(operations, x, "z", "fast");
          const others = fast.size * 4 + 512 * 4; // what came out, and the norm's own scale
          assertEquals(memory.bytes(), others); // the product lies where the kernel was
          assertSame(await read(kernel), before);
          tf.dispose([fast, kernel, x, scale, ...made]);
        } finally {
          memory.stop();
        }
      }));

    await t.step("weights of 0 and factors of 0 stay what they are", () =>
      leavingNothing(async () => {
        const given = new Float32Array(512 * 512).map((_, index) => index % 3 === 0 ? -0 : index % 7 - 3.1);
        const kernel = tf.tensor(given, [1, 1, 512, 512]), x = tf.randomUniform([1, 2, 3, 512]);
        const factors = tf.tensor1d(Float32Array.from({ length: 512 }, (_, index) => index === 9 ? 0 : 1.7));
        const made: tf.Tensor[] = [];
        const norm = new Affine("y", "z", { coefficients: () => ({ scale: factors.clone() }) });
        const operations = await prepare([cases[0]!.make(kernel, "y"), norm], ["z"], made);
        run(operations, x, "z", "fast").dispose();
        assertSame(await read(kernel), bitsOf(given));
        tf.dispose([kernel, x, factors, ...made]);
      }));
  });
}

Deno.test("weights that were given back follow to another backend", async () => {
  await selectBackend({ backend: "wasm", threads: 2 });
  await leavingNothing(async () => {
    const kernel = drawn([1, 1, 512, 512], 7), x = tf.randomUniform([1, 2, 3, 512]);
    const before = await read(kernel), made: tf.Tensor[] = [];
    const operations = await prepare([cases[0]!.make(kernel, "y")], ["y"], made);
    run(operations, x, "y", "fast").dispose();
    await selectBackend({ backend: "cpu" });
    try {
      const negative = kernel.neg(), positive = negative.neg();
      assertSame(await read(positive), before);
      tf.dispose([negative, positive]);
    } finally {
      await selectBackend({ backend: "wasm", threads: 2 });
    }
    tf.dispose([kernel, x, ...made]);
  });
});

Deno.test("Unscaled gives numbers back to the last bit, or says that it cannot", () => {
  const scale = new Float32Array([1, 3, -0.1, 1e-3, 7.7e4, 1 / 3, -2]);
  const given = new Float32Array(7 * 5000);
  for (let index = 0; index < given.length; index++) {
    given[index] = Math.sin(index * 1.7) * 10 ** ((index % 13) - 9);
  }
  given.set([0, -0, 1, -1, 0]);
  const products = given.map((value, index) => value * scale[index % 7]!);
  const unscaled = Unscaled.note(given, products, scale)!;
  const divided = products.slice();
  unscaled.divide(divided);
  assertSame(bitsOf(divided), bitsOf(given));
  const zero = scale.with(2, 0);
  assertEquals(
    Unscaled.note(given, given.map((value, index) => value * zero[index % 7]!), zero),
    undefined,
  );
  const tiny = scale.with(2, 1e-42);
  assertEquals(
    Unscaled.note(given, given.map((value, index) => value * tiny[index % 7]!), tiny),
    undefined,
  );
});
