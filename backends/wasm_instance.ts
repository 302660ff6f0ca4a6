/** An instance as the glue gives it. */
export interface Instance {
  /** Its memory. */
  readonly HEAPU8: Uint8Array;
  /** A function that it exports. */
  cwrap(name: string, result: string | null, parameters: readonly string[]): (...values: number[]) => number;
}

/** What glue may be told when it makes an instance. */
export interface InstanceOptions {
  /** Makes the instance of a binary that is compiled already. */
  instantiateWasm(imports: WebAssembly.Imports, receive: ReceiveInstance): Record<string, never>;
  /** Where the glue thinks that its files are. */
  locateFile(path: string): string;
  /** What its own workers would load. */
  mainScriptUrlOrBlob?: string;
  /** Its memory, where it can be told. */
  wasmMemory?: WebAssembly.Memory;
}

/** A function that makes an instance: the glue that comes with a binary. */
export type Glue = (options: InstanceOptions) => Promise<Instance>;

type ReceiveInstance = (instance: WebAssembly.Instance, module: WebAssembly.Module) => void;

/** Options for an instance of a compiled binary: nothing is fetched and no file is read. */
export function optionsFor(binary: WebAssembly.Module, fail: (error: unknown) => void): InstanceOptions {
  return {
    instantiateWasm(imports, receive) {
      WebAssembly.instantiate(binary, imports).then((instance) => receive(instance, binary), fail);
      return {};
    },
    locateFile: (path) => path,
  };
}
