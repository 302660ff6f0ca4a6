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
    close() {},
  };
}

/** A file on this machine, which stays open until it is closed. */
export function fileSource(path: string | URL): ByteSource {
  const file = Deno.openSync(path);
  return {
    size: file.statSync().size,
    read(position, target) {
      file.seekSync(position, Deno.SeekMode.Start);
      let length = 0;
      while (length < target.length) {
        const count = file.readSync(target.subarray(length));
        if (count === null) break;
        length += count;
      }
      return length;
    },
    close: () => file.close(),
  };
}
