/** Bytes that are read piece by piece, so that a large file need not be in memory as a whole. */
export interface ByteSource {
  /** How many there are. */
  readonly size: number;
  /**
   * Fill some of them in.
   *
   * @param position Where they begin.
   * @param target What they are written to.
   * @returns How many were: fewer than asked for at the end.
   */
  read(position: number, target: Uint8Array): number;
  /**
   * Some of them as an array, which may be a view.
   *
   * @param position Where they begin.
   * @param size How many: there are fewer at the end.
   */
  slice(position: number, size: number): Uint8Array<ArrayBuffer>;
  /** Give back what is held. */
  close(): void;
}

/** Bytes that are in memory. */
export function bytesSource(bytes: Uint8Array): ByteSource {
  return {
    size: bytes.length,
    read(position, target) {
      const part = bytes.subarray(position, position + target.length);
      target.set(part);
      return part.length;
    },
    slice: (position, size) => bytes.subarray(position, position + size) as Uint8Array<ArrayBuffer>,
    close() {},
  };
}

/** A file on this machine, which stays open until it is closed. */
export function fileSource(path: string | URL): ByteSource {
  const file = Deno.openSync(path);
  const { size } = file.statSync();
  function read(position: number, target: Uint8Array): number {
    file.seekSync(position, Deno.SeekMode.Start);
    let length = 0;
    while (length < target.length) {
      const count = file.readSync(target.subarray(length));
      if (count === null) break;
      length += count;
    }
    return length;
  }
  return {
    size,
    read,
    slice(position, count) {
      const bytes = new Uint8Array(Math.max(0, Math.min(count, size - position)));
      return bytes.subarray(0, read(position, bytes));
    },
    close: () => file.close(),
  };
}

/**
 * Some of another source's bytes. To close it closes nothing: the other remains its owner's.
 *
 * @param start Where they begin.
 * @param size How many there are.
 */
export function partOf(source: ByteSource, start: number, size: number): ByteSource {
  const left = (position: number) => Math.max(0, size - position);
  return {
    size,
    read: (position, target) => source.read(start + position, target.subarray(0, left(position))),
    slice: (position, count) => source.slice(start + position, Math.min(count, left(position))),
    close() {},
  };
}
