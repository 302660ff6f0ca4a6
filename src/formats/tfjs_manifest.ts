import { ModelError } from "../base/errors.ts";
import { cut, quote } from "../base/quote.ts";

/** How a weight was made smaller. */
export interface Quantization {
  readonly dtype: string;
  readonly min?: number;
  readonly scale?: number;
}

/** A weight in a manifest. */
export interface WeightSpec {
  readonly name: string;
  readonly shape: readonly number[];
  readonly dtype: string;
  readonly quantization?: Quantization;
  /** What the weight belongs to, where it is no part of the model. */
  readonly group?: string;
}

/** Weights that lie one after another in some files. */
export interface WeightsGroup {
  readonly paths: readonly string[];
  readonly weights: readonly WeightSpec[];
}

/** Bytes that each number takes in its file; a text has its length before it. */
const itemBytes: Readonly<Record<string, number>> = {
  float32: 4,
  int32: 4,
  complex64: 8,
  bool: 1,
  float16: 2,
  uint16: 2,
  uint8: 1,
  string: 4,
};

type Fields = Readonly<Record<string, unknown>>;

/** A value as JSON has it, or the beginning of that. */
function brief(value: unknown): string {
  return cut(JSON.stringify(value) ?? "none", 60);
}

function isShape(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((size) => Number.isInteger(size) && size >= 0) &&
    Number.isSafeInteger(value.reduce((product: number, size: number) => product * size, 8));
}

function isNumber(value: unknown): value is number {
  return typeof value === "number" && Number.isFinite(value);
}

/** Read manifests, and say what is wrong with those that make no sense. */
class ManifestReader {
  constructor(readonly model: string) {}

  fail(what: string): never {
    throw new ModelError(`Cannot open model ${quote(this.model)}: ${what}`);
  }

  #quantization(value: Fields, name: string): Quantization {
    const { dtype, min, scale } = value;
    const isHalf = dtype === "float16";
    if (!isHalf && dtype !== "uint8" && dtype !== "uint16") {
      this.fail(`its weight ${quote(name)} is quantised as ${brief(dtype)}: use uint8, uint16 or float16`);
    }
    if (isHalf) return { dtype };
    if (!isNumber(min) || !isNumber(scale)) {
      this.fail(`its weight ${quote(name)} is quantised, but its manifest lacks min and scale`);
    }
    return { dtype, min, scale };
  }

  spec(value: unknown): WeightSpec {
    const { name, shape, dtype = "float32", quantization, group } = (value ?? {}) as Fields;
    if (typeof name !== "string") this.fail("a weight in its manifest has no name");
    if (!isShape(shape)) {
      this.fail(`its weight ${quote(name)} has the shape ${brief(shape)}, which is none`);
    }
    if (typeof dtype !== "string" || !Object.hasOwn(itemBytes, dtype)) {
      this.fail(`its weight ${quote(name)} is of type ${brief(dtype)}: convert it to float32`);
    }
    return {
      name,
      shape,
      dtype,
      ...(quantization !== undefined && quantization !== null &&
        { quantization: this.#quantization(quantization as Fields, name) }),
      ...(typeof group === "string" && { group }),
    };
  }

  specs(values: unknown): WeightSpec[] {
    if (!Array.isArray(values)) this.fail("its manifest lists no weights");
    return values.map((value) => this.spec(value));
  }

  group(value: unknown): WeightsGroup {
    const { paths, weights } = (value ?? {}) as Fields;
    if (!Array.isArray(paths) || !paths.every((path) => typeof path === "string")) {
      this.fail("its manifest names no weights files");
    }
    return { paths, weights: this.specs(weights) };
  }
}

/**
 * The groups of a manifest.
 *
 * @param value The `weightsManifest` of a model.json.
 * @param model What to call the model in messages.
 * @throws {ModelError} If it makes no sense.
 */
export function parseManifest(value: unknown, model: string): WeightsGroup[] {
  const reader: ManifestReader = new ManifestReader(model);
  if (!Array.isArray(value)) return reader.fail("its weights manifest is no list");
  return value.map((group) => reader.group(group));
}

/** The weights that stand in the model.json itself, as `weightSpecs` lists them. */
export function parseSpecs(value: unknown, model: string): WeightSpec[] {
  return new ManifestReader(model).specs(value);
}

/** How many numbers a weight holds. */
export function countOf({ shape }: WeightSpec): number {
  return shape.reduce((product, size) => product * size, 1);
}

/**
 * The bytes that a weight takes.
 *
 * @param spec The weight.
 * @param bytes What begins with it, which is asked where it holds texts; else only its type counts.
 */
export function sizeOf(spec: WeightSpec, bytes: Uint8Array): number {
  const { dtype, quantization } = spec;
  const size = countOf(spec) * itemBytes[quantization?.dtype ?? dtype]!;
  if (dtype !== "string" || size > bytes.length) return size;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 0;
  for (let count = countOf(spec); count > 0 && at + 4 <= bytes.length; count--) {
    at += 4 + view.getUint32(at, true);
  }
  return at;
}
