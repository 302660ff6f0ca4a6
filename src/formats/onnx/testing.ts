/**
 * Small ONNX files written by hand. It is not published.
 *
 * @module
 */
import { joinBytes } from "../../base/bytes.ts";
import type { GraphNode } from "./graph_node.ts";
import type { AttributeProto } from "./model_proto.ts";
import type { JoinContext } from "./node_join.ts";

type Bytes = Uint8Array<ArrayBuffer>;

function varint(value: number): Bytes {
  let rest = BigInt.asUintN(64, BigInt(value));
  const bytes: number[] = [];
  while (rest > 127n) {
    bytes.push(Number(rest & 127n) | 128);
    rest >>= 7n;
  }
  return Uint8Array.from([...bytes, Number(rest)]);
}

/** A field of a message: a number, a text, or a message. */
export function field(number: number, value: number | string | Bytes): Bytes {
  if (typeof value === "number") return joinBytes([varint(number * 8), varint(value)]);
  const bytes = typeof value === "string" ? new TextEncoder().encode(value) : value;
  return joinBytes([varint(number * 8 + 2), varint(bytes.length), bytes]);
}

function message(...fields: readonly Bytes[]): Bytes {
  return joinBytes([...fields]);
}

/** An attribute of a node: whole numbers, one of them, a text, or a graph. */
export function attribute(name: string, value: number | string | readonly number[] | Bytes): Bytes {
  const own = typeof value === "number"
    ? [field(3, value), field(20, 2)]
    : typeof value === "string"
    ? [field(4, value), field(20, 3)]
    : value instanceof Uint8Array
    ? [field(6, value), field(20, 5)]
    : [...value.map((one) => field(8, one)), field(20, 7)];
  return field(5, message(field(1, name), ...own));
}

/** A node, as `"Add a b -> c"` says it; it is named after its operator if nothing else is said. */
export function node(text: string, attributes: readonly Bytes[] = [], domain = "", name?: string): Bytes {
  const [left = "", right = ""] = text.split("->").map((part) => part.trim());
  const [op = "", ...inputs] = left.split(" ");
  return field(
    1,
    message(
      ...inputs.map((name) => field(1, name)),
      ...right.split(" ").map((name) => field(2, name)),
      field(3, name ?? `${op}_node`),
      field(4, op),
      ...attributes,
      field(7, domain),
    ),
  );
}

/** A weight of float32; its numbers count up from 0 in hundredths if none are given. */
export function weight(name: string, dims: readonly number[], numbers?: readonly number[]): Bytes {
  const count = dims.reduce((product, size) => product * size, 1);
  const values = Float32Array.from(numbers ?? Array.from({ length: count }, (_, at) => at / 100));
  return tensor(name, dims, { type: 1, raw: new Uint8Array(values.buffer) });
}

/** A tensor of any type, its bytes here or in another file. */
export function tensor(
  name: string,
  dims: readonly number[],
  { type, raw, external }: { type: number; raw?: Bytes; external?: Readonly<Record<string, string>> },
): Bytes {
  const entries = Object.entries(external ?? {}).map(([key, value]) =>
    field(13, message(field(1, key), field(2, value)))
  );
  const own = raw ? [field(9, raw)] : [...entries, field(14, 1)];
  return field(5, message(...dims.map((size) => field(1, size)), field(2, type), field(8, name), ...own));
}

/** A vector of whole numbers of 64 bits. */
export function ints(name: string, numbers: readonly number[]): Bytes {
  const raw = new Uint8Array(BigInt64Array.from(numbers, BigInt).buffer);
  return tensor(name, [numbers.length], { type: 7, raw });
}

/** An input or an output; a size that is a text is free. */
export function value(number: 11 | 12, name: string, dims: readonly (number | string)[], type = 1): Bytes {
  const sizes = dims.map((size) => field(1, typeof size === "number" ? field(1, size) : field(2, size)));
  return field(
    number,
    message(field(1, name), field(2, field(1, message(field(1, type), field(2, message(...sizes)))))),
  );
}

/** A graph's content, as nodes, weights, inputs and outputs. */
export function graph(...parts: readonly Bytes[]): Bytes {
  return message(...parts);
}

/** A model of a graph. */
export function model(graph: Bytes, { opset = 17, domain = "", more = [] as readonly Bytes[] } = {}): Bytes {
  const opsets = field(8, message(field(1, domain), field(2, opset)));
  return message(field(1, 8), field(2, "hand"), field(7, graph), opsets, ...more);
}

/** A picture of `[1, 3, 6, 4]`, and ten scores. */
export const ends: readonly Bytes[] = [value(11, "x", ["n", 3, 6, 4]), value(12, "y", ["n", 2])];

/** A convolution, the mean over its pixels, and two scores. */
export const small: readonly Bytes[] = [
  node("Conv x w -> a", [attribute("pads", [1, 1, 1, 1])]),
  node("Relu a -> b"),
  node("GlobalAveragePool b -> c"),
  node("Flatten c -> d"),
  node("Gemm d m -> y"),
  weight("w", [4, 3, 3, 3]),
  weight("m", [4, 2]),
];

/** A node of a graph that was read, as `"y = Add(a, b)"` says it. */
export function graphNode(text: string, ints: Readonly<Record<string, readonly number[]>> = {}): GraphNode {
  const [output, op, inputs] = text.match(/^(\w+) = (\w+)\((.*)\)$/)!.slice(1) as [string, string, string];
  const attributes = Object.entries(ints).map(([name, own]) =>
    [name, { name, ints: own } as AttributeProto] as const
  );
  return {
    name: output,
    op,
    domain: "",
    inputs: inputs.split(", "),
    outputs: [output],
    attributes: new Map(attributes),
    metadata: new Map(),
    opset: 17,
  } as GraphNode;
}

/** What is known of a graph whose constants are some numbers. */
export function joinContext(
  numbers: Readonly<Record<string, number>>,
  wanted: readonly string[] = ["y"],
): JoinContext {
  return {
    wanted,
    numberOf: (name) => numbers[name],
    numbersOf: (name) => name in numbers ? [numbers[name]!] : undefined,
    isConstant: (name) => name in numbers,
  };
}
