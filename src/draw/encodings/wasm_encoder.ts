/** An encoder in WebAssembly, as far as it is used. */
export interface WasmEncoder {
  /** @returns A view of the encoder's memory; `null` if it fails. */
  encode(
    data: Uint8ClampedArray,
    width: number,
    height: number,
    settings: Readonly<Record<string, number | boolean>>,
  ): Uint8Array | null;
}

/** What an encoder's package exports. */
export type CreateEncoder = (settings: Record<string, unknown>) => Promise<WasmEncoder>;

/**
 * Start an encoder in WebAssembly. Each picture gets one of its own, which takes a millisecond: memory that has grown for
 * one picture is given back with it.
 *
 * @param create The function that its package exports.
 * @param binary Its compiled module.
 */
export function startEncoder(create: CreateEncoder, binary: WebAssembly.Module): Promise<WasmEncoder> {
  return create({
    noInitialRun: true,
    print: () => {},
    printErr: () => {},
    instantiateWasm(imports: WebAssembly.Imports, done: (instance: WebAssembly.Instance) => void) {
      const instance = new WebAssembly.Instance(binary, imports);
      done(instance);
      return instance.exports;
    },
  });
}
