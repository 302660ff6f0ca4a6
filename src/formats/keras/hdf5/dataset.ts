import { type Dataspace, readDataspace } from "./dataspace.ts";
import { type Datatype, readDatatype } from "./datatype.ts";
import { Damage, Unreadable } from "./errors.ts";
import { type Pipeline, readPipeline } from "./filters/pipeline.ts";
import { type Layout, readLayout } from "./layout.ts";
import { kinds, type Message } from "./message.ts";
import { findMessage, needMessage } from "./object_header.ts";
import { openMessage } from "./shared_message.ts";
import type { NumberType } from "./numbers.ts";
import type { StoredFile } from "./stored_file.ts";

/** An array of a file: what it is, and where its elements are. */
export interface Dataset {
  readonly type: Datatype;
  readonly space: Dataspace;
  readonly layout: Layout;
  readonly pipeline: Pipeline;
  /** An element that stands for those that were never written; zeros if there is none. */
  readonly fill: Uint8Array | undefined;
}

/** An array of numbers. */
export interface NumberDataset extends Dataset {
  readonly type: NumberType;
}

/** Whether an array's elements are numbers. */
export function isNumeric(dataset: Dataset): dataset is NumberDataset {
  return dataset.type.kind === "integer" || dataset.type.kind === "float";
}

/** Bits of the flags of recent fill values. */
const hasFill = 32;

function readFill(file: StoredFile, messages: readonly Message[]): Uint8Array | undefined {
  const message = findMessage(messages, kinds.fill);
  if (!message) {
    const old = findMessage(messages, kinds.oldFill);
    const cursor = old && openMessage(file, old);
    return cursor?.take(cursor.uint(4));
  }
  const cursor = openMessage(file, message);
  const version = cursor.uint(1);
  if (version === 0 || version > 3) throw new Damage("a fill value is of a version that is not known");
  if (version === 3) return cursor.uint(1) & hasFill ? cursor.take(cursor.uint(4)) : undefined;
  cursor.skip(2);
  const isDefined = cursor.uint(1) !== 0;
  return isDefined && cursor.left > 0 ? cursor.take(cursor.uint(4)) : undefined;
}

/** Whether an object is an array. */
export function isDataset(messages: readonly Message[]): boolean {
  return [kinds.dataspace, kinds.datatype, kinds.layout].every((kind) => findMessage(messages, kind));
}

/** Holds what is said of an array's bytes to its size and to the file. */
function check(file: StoredFile, { type, space, layout }: Dataset): void {
  const size = type.size * space.count;
  if (!Number.isSafeInteger(size)) throw new Damage("an array is larger than any");
  if (layout.kind === "compact" && layout.bytes.length < size) throw new Damage("an array is cut short");
  if (layout.kind === "contiguous" && layout.address !== undefined) {
    if (size > (layout.size ?? size)) throw new Damage("an array is cut short");
    if (!file.holds(layout.address, size)) throw new Damage("an array leads out of the file");
  }
  if (layout.kind === "chunked" && layout.chunk.length !== space.shape?.length) {
    throw new Damage("chunks have other axes than their array");
  }
}

/** @param messages The array's. */
export function readDataset(file: StoredFile, messages: readonly Message[]): Dataset {
  const open = (kind: number) => openMessage(file, needMessage(messages, kind));
  const packing = findMessage(messages, kinds.filters);
  if (findMessage(messages, kinds.external)) {
    throw new Unreadable("lie in other files: save the model in one");
  }
  const dataset: Dataset = {
    type: readDatatype(open(kinds.datatype)),
    space: readDataspace(open(kinds.dataspace)),
    layout: readLayout(open(kinds.layout)),
    pipeline: packing ? readPipeline(openMessage(file, packing)) : [],
    fill: readFill(file, messages),
  };
  check(file, dataset);
  return dataset;
}
