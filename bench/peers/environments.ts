/**
 * The Python environments that peers run in, made outside the repository.
 *
 * @module
 */
import { runToEnd } from "./process.ts";
import { progress } from "./progress.ts";

/** A Python environment, and what is installed in it, a row of arguments for each call of pip. */
export interface Environment {
  /** The folder's name. */
  readonly name: "tf" | "k2" | "torch";
  /** What it is for. */
  readonly purpose: string;
  /** Arguments of `pip install`. */
  readonly steps: readonly (readonly string[])[];
}

/** All environments. A pip that is set up to find the CPU build of torch takes that; the others are large. */
export const environments: readonly Environment[] = [
  {
    name: "tf",
    purpose: "TensorFlow and Keras 3",
    steps: [["tensorflow-cpu==2.21.0", "keras==3.15.1", "aucmedi==0.11.0"]],
  },
  {
    name: "torch",
    purpose: "PyTorch",
    steps: [
      ["torch==2.13.0"],
      ["--no-deps", "grad-cam==1.5.7", "torchvision==0.28.0", "efficientnet-lite-pytorch==0.1.0"],
      ["numpy", "pillow", "opencv-python-headless", "tqdm", "matplotlib", "scikit-learn", "ttach"],
    ],
  },
  {
    name: "k2",
    purpose: "Keras 2 and TensorFlow.js's converter",
    steps: [
      [
        "tensorflow-cpu==2.15.1",
        "keras<3",
        "tf-keras==2.15.*",
        "numpy<2",
        "tensorflow-hub",
        "six",
        "packaging<24",
        "setuptools<80",
      ],
      ["--no-deps", "tensorflowjs==4.22.0"],
    ],
  },
];

/** How environments are had. */
export interface EnvironmentOptions {
  /** Where they are made. */
  readonly folder: string;
  /** The Python that makes them. */
  readonly python: string;
  /** Pythons of environments that are there already, by name; nothing is installed in them. */
  readonly given: Readonly<Partial<Record<Environment["name"], string>>>;
}

async function readSteps(path: string): Promise<string[]> {
  return JSON.parse(await Deno.readTextFile(path).catch(() => "[]"));
}

/** Makes environments when they are first asked for. */
export class Environments {
  readonly #options: EnvironmentOptions;
  readonly #pythons = new Map<string, Promise<string>>();

  /** @param options Where and how. */
  constructor(options: EnvironmentOptions) {
    this.#options = options;
  }

  /** Where they are made. */
  get folder(): string {
    return this.#options.folder;
  }

  /**
   * The Python of an environment, which is made unless it is there.
   *
   * @throws {Error} If it cannot be made, with pip's reason.
   */
  python(name: Environment["name"]): Promise<string> {
    const given = this.#options.given[name];
    if (given !== undefined) return Promise.resolve(given);
    const python = this.#pythons.get(name) ?? this.#make(environments.find((one) => one.name === name)!);
    this.#pythons.set(name, python);
    return python;
  }

  /**
   * The Python of an environment with one package more.
   *
   * @throws {Error} If it cannot be had, with pip's reason.
   */
  async pythonWith(name: Environment["name"], ...packages: string[]): Promise<string> {
    const python = await this.python(name);
    if (this.#options.given[name] === undefined && packages.length > 0) await this.#install(name, [packages]);
    return python;
  }

  async #make({ name, purpose, steps }: Environment): Promise<string> {
    const folder = `${this.#options.folder}/${name}`;
    if ((await readSteps(`${folder}/installed.json`)).length === 0) {
      progress(`Making a Python environment with ${purpose} in ${folder}`);
      await runToEnd({ program: this.#options.python, args: ["-m", "venv", folder] });
    }
    await this.#install(name, steps);
    return `${folder}/bin/python`;
  }

  async #install(name: Environment["name"], steps: Environment["steps"]): Promise<void> {
    const folder = `${this.#options.folder}/${name}`;
    const done = await readSteps(`${folder}/installed.json`);
    for (const step of steps) {
      const packages = step.join(" ");
      if (done.includes(packages)) continue;
      progress(`Installing ${packages}`);
      await runToEnd({ program: `${folder}/bin/python`, args: ["-m", "pip", "install", "--quiet", ...step] });
      done.push(packages);
      await Deno.writeTextFile(`${folder}/installed.json`, JSON.stringify(done, null, 2));
    }
  }
}
