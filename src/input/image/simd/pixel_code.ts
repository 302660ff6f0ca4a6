import { base64 } from "./built.ts";

/** What the binary offers; `assembly/` says what the numbers are. Addresses are of its own memory. */
export interface PixelCode {
  readonly memory: WebAssembly.Memory;
  /** Where memory begins that nobody uses. */
  freeFrom(): number;
  start(value: number, length: number): void;
  encodeRows(
    rows: number,
    count: number,
    width: number,
    channels: number,
    codes: number,
    matches: number,
    room: number,
    out: number,
  ): number;
  finish(code: number, out: number): number;
  firstSum(): number;
  secondSum(): number;
  checksum(sum: number, at: number, end: number, tables: number): number;
  narrowRows(
    rows: number,
    count: number,
    stride: number,
    columns: number,
    plan: number,
    out: number,
  ): void;
}

const pageBytes = 2 ** 16;
let compiled: WebAssembly.Module | undefined;

/** An instance whose memory has grown beyond so many bytes, for pictures of very long rows, is not kept. */
const mostKept = 2 ** 24;

/** How many instances are kept. */
const mostResting = 3;
const resting: PixelCode[] = [];

/** An instance of the binary with a memory of its own, in which anything may be left of before. */
export function takePixelCode(): PixelCode {
  compiled ??= new WebAssembly.Module(Uint8Array.fromBase64(base64));
  return resting.pop() ?? new WebAssembly.Instance(compiled).exports as unknown as PixelCode;
}

/** Give an instance back: nothing of its memory is looked at any more. */
export function restPixelCode(code: PixelCode): void {
  if (resting.length < mostResting && code.memory.buffer.byteLength <= mostKept) resting.push(code);
}

/** Places in an instance's memory, one behind the other. */
export class Layout {
  readonly #code: PixelCode;
  #end: number;

  constructor(code: PixelCode) {
    this.#code = code;
    this.#end = code.freeFrom();
  }

  /**
   * The next place.
   *
   * @param bytes How many it has; 16 more may be read and written behind it.
   */
  take(bytes: number): number {
    const at = Math.ceil(this.#end / 16) * 16;
    this.#end = at + bytes + 16;
    const { memory } = this.#code;
    const lacking = Math.ceil((this.#end - memory.buffer.byteLength) / pageBytes);
    if (lacking > 0) memory.grow(lacking);
    return at;
  }
}
