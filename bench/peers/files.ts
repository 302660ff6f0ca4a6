/**
 * The files that peers read: one photo as numbers, and each network in every peer's form, with the same weights.
 *
 * @module
 */
import { readImage } from "../../src/image/read.ts";
import { prepareInput } from "../../src/preprocess.ts";
import type { Environment, Environments } from "./environments.ts";
import type { Network } from "./networks.ts";
import { runToEnd } from "./process.ts";
import { progress } from "./progress.ts";

/** The photo that all peers explain. */
export const photo: URL = new URL("../../testdata/photos/chelsea.png", import.meta.url);

/** A form of a network: how it is made, after the first, which the others are made from. */
export type Form = "keras" | "torch" | "graph";

const environmentOf: Readonly<Record<Form, Environment["name"]>> = {
  keras: "tf",
  torch: "torch",
  graph: "k2",
};
const root = new URL("../../", import.meta.url);

/** What the files are made of: when any of it changes they are made again. */
const sources = [
  "bench/peers/python/make_keras.py",
  "bench/peers/python/make_torch.py",
  "bench/peers/python/make_graph.py",
  "bench/peers/python/torch_networks.py",
  "tools/keras_model.py",
  "tools/make_keras_applications.py",
  "tools/zoo_tfjs.py",
  "models/efficientnet_lite0/model.json",
];

async function digestOfSources(): Promise<string> {
  const texts = await Promise.all(sources.map((path) => Deno.readTextFile(new URL(path, root))));
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(texts.join("\0")));
  return new Uint8Array(digest).toHex();
}

/** Makes files when they are first asked for. */
export class NetworkFiles {
  readonly #folder: string;
  readonly #environments: Environments;
  readonly #made = new Map<string, Promise<void>>();

  /**
   * @param folder Where they are made.
   * @param environments What makes them.
   */
  constructor(folder: string, environments: Environments) {
    this.#folder = folder;
    this.#environments = environments;
  }

  /**
   * The path of a network's file, which is made unless it is there.
   *
   * @param network The network.
   * @param form How it is made.
   * @param ending The file's.
   * @throws {Error} If it cannot be made, with the reason.
   */
  async path({ name }: Network, form: Form, ending: string): Promise<string> {
    if (form !== "keras") await this.#makeOnce(name, "keras");
    await this.#makeOnce(name, form);
    return `${this.#folder}/${name}.${ending}`;
  }

  /** The photo as all networks take it, `[1, 224, 224, 3]`, scaled as EfficientNet-Lite0 was trained. */
  async input(): Promise<string> {
    const path = `${this.#folder}/photo.f32`;
    const { data } = prepareInput(await readImage(photo), { height: 224, width: 224, channels: 3 }, {
      preprocessing: { name: "efficientnet-lite", mean: [127], std: [128] },
    });
    await Deno.mkdir(this.#folder, { recursive: true });
    await Deno.writeFile(path, new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
    return path;
  }

  #makeOnce(name: string, form: Form): Promise<void> {
    const key = `${name}.${form}`;
    const made = this.#made.get(key) ?? this.#make(name, form);
    this.#made.set(key, made);
    return made;
  }

  async #make(name: string, form: Form): Promise<void> {
    const mark = `${this.#folder}/${name}.${form}.made`;
    const digest = await digestOfSources();
    if (await Deno.readTextFile(mark).catch(() => "") === digest) return;
    const python = await this.#environments.python(environmentOf[form]);
    progress(`Making ${name} (${form})`);
    const script = new URL(`bench/peers/python/make_${form}.py`, root).pathname;
    await runToEnd({ program: python, args: [script, this.#folder, name] });
    await Deno.writeTextFile(mark, digest);
  }
}
