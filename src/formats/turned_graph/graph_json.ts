import { nodeName } from "../../split/graph_nodes.ts";

/** What is used of an attribute. */
export interface Attribute {
  readonly b?: boolean;
  readonly f?: number;
  readonly i?: unknown;
  readonly s?: unknown;
  readonly list?: unknown;
  readonly shape?: unknown;
  readonly type?: unknown;
}

/** A node's attributes, as its file has them. */
export type Attributes = Readonly<Record<string, Attribute | undefined>>;

/** A node of a converted graph, as its file has it. */
export interface NodeJson {
  readonly name: string;
  readonly op: string;
  readonly input?: readonly string[] | null;
  readonly attr?: Attributes | null;
}

/** The numbers of an attribute that is a list; 64-bit ones are written as text. */
export function listOf(attribute: Attribute | undefined): number[] | undefined {
  const values = (attribute?.list as { i?: unknown } | undefined)?.i;
  return Array.isArray(values) ? values.map(Number) : undefined;
}

/** The same as an attribute. */
export function asList(values: readonly number[]): Attribute {
  return { list: { i: values.map(String) } };
}

/** The sizes of a placeholder, -1 for what it leaves open; `undefined` where it says nothing of them. */
export function shapeOf({ attr }: NodeJson): number[] | undefined {
  const shape = attr?.shape?.shape as { dim?: unknown; unknownRank?: unknown } | undefined;
  if (!Array.isArray(shape?.dim) || shape.unknownRank) return undefined;
  return shape.dim.map((dim) => Number((dim as { size?: unknown } | null)?.size ?? 0));
}

/** The values that a node takes, without what only has to run before it. */
export function valuesOf({ input }: NodeJson): string[] {
  return (input ?? []).filter((name) => !name.startsWith("^"));
}

/** The node that gives a value. */
export function giverOf(value: string): string {
  return nodeName(value).split(":")[0]!;
}
