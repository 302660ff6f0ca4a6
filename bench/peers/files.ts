/**
 * The files that peers read: one photo as numbers, and each network in every peer's form, with the same weights.
 *
 * @module
 */
import { readImage } from "../../src/input/image/read.ts";
import { prepareInput } from "../../src/input/preprocess.ts";
import type { Environment, Environments } from "./environments.ts";
import type { Network } from "./networks.ts";
import { runToEnd } from "./process.ts";
import { progress } from "./progress.ts";

/** The photo that all peers explain. */
export const photo: URL = new URL("../../testdata/photos/chelsea.png", import.meta.url);

/** How a form of a network is made. */
interface Recipe {
  readonly environment: Environment["name"];
  /** What must be installed for it besides. */
  readonly packages: readonly string[];
  /** The form that it is made from, where it is not the first that there is of a network. */
  readonly from?: Form;
}

/** A form of a network, made by `python/make_FORM.py`. */
export type Form = "keras" | "torch" | "onnx" | "graph" | "tflite";

const recipes: Readonly<Record<Form, Recipe>> = {
  keras: { environment: "tf", packages: [] },
  torch: { environment: "torch", packages: [], from: "keras" },
  onnx: { environment: "torch", packages: ["onnx==1.23.2", "onnxscript==0.7.2"], from: "torch" },
  graph: { environment: "k2", packages: [], from: "keras" },
  tflite: { environment: "tf", packages: [], from: "keras" },
};

const root = new URL("../../", import.meta.url);

/** What all files are made of, besides the script of each form: when any of it changes they are made again. */
const sources = [
  "bench/peers/python/keras_networks.py",
  "bench/peers/python/torch_networks.py",
  "tools/keras_model.py",
  "tools/make_keras_applications.py",
  "tools/zoo_tfjs.py",
  "models/efficientnet_lite0/model.json",
];

/** A form, what it is made from, and so on. */
function* madeFrom(form: Form): Generator<Form> {
  yield form;
  const { from } = recipes[form];
  if (from !== undefined) yield* madeFrom(from);
}

async function digestOfSources(form: Form): Promise<string> {
  const scripts = [...madeFrom(form)].map((one) => `bench/peers/python/make_${one}.py`);
  const texts = await Promise.all(
    [...scripts, ...sources].map((path) => Deno.readTextFile(new URL(path, root))),
  );
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
  async path(network: Network, form: Form, ending: string): Promise<string> {
    await this.#makeOnce(network, form);
    return `${this.#folder}/${network.file}.${ending}`;
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

  #makeOnce(network: Network, form: Form): Promise<void> {
    const key = `${network.file}.${form}`;
    const made = this.#made.get(key) ?? this.#make(network, form);
    this.#made.set(key, made);
    return made;
  }

  async #make(network: Network, form: Form): Promise<void> {
    const { environment, packages, from } = recipes[form], { file: name } = network;
    if (from !== undefined && form !== network.from) await this.#makeOnce(network, from);
    const mark = `${this.#folder}/${name}.${form}.made`;
    const digest = await digestOfSources(form);
    if (await Deno.readTextFile(mark).catch(() => "") === digest) return;
    const python = await this.#environments.pythonWith(environment, ...packages);
    progress(`Making ${name} (${form})`);
    await Deno.mkdir(this.#folder, { recursive: true });
    const script = new URL(`bench/peers/python/make_${form}.py`, root).pathname;
    await runToEnd({ program: python, args: [script, this.#folder, name] });
    await Deno.writeTextFile(mark, digest);
  }
}
