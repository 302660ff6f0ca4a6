/**
 * What tells how networks see pixels, and what is chosen, as a table: `deno task pixels` writes docs/pixels.md. Random
 * networks are asked too, whose batch norms are given the statistics of photos: their folder may be given.
 *
 * @module
 */
import { selectBackend } from "../backends/mod.ts";
import { loadModel } from "../src/formats/mod.ts";
import {
  choosePreprocessing,
  describeScaling,
  type PixelEvidence,
  timesText,
} from "../src/input/evidence.ts";
import { exists } from "../src/testing/mod.ts";
import {
  type KnownNetwork,
  publishedNetworks,
  readKnownNetworks,
  shared,
} from "../src/split/pixels/testing.ts";
import { askRandomNetworks } from "./pixels_random.ts";

/** What is said of one network. */
interface Row {
  readonly name: string;
  readonly known: string;
  readonly evidence: readonly PixelEvidence[];
  /** How long it took to find out, in milliseconds. */
  readonly ms: number;
}

/** What a piece of evidence says, as a cell of the table. */
function cell(evidence: readonly PixelEvidence[], source: PixelEvidence["source"]): string {
  const piece = evidence.find((piece) => piece.source === source);
  if (!piece) return "";
  const times = piece.runnerUp ? `, ${timesText(piece.margin)} nearer` : "";
  return `${describeScaling(piece.preprocessing)}${times}`;
}

/** Ask a network, with the files beside it and without. */
async function ask({ name, location, preprocessing }: KnownNetwork): Promise<Row> {
  using model = await loadModel(location);
  await model.pixelEvidence({ all: true });
  const start = performance.now();
  const evidence = await model.pixelEvidence({ all: true });
  return { name, known: preprocessing, evidence, ms: performance.now() - start };
}

/** The embedded network without its record. */
async function askEmbedded(): Promise<Row> {
  using model = await loadModel();
  const start = performance.now();
  const evidence = await model.pixelEvidence({ all: true });
  const untold = evidence.filter(({ source }) => source !== "told");
  return {
    name: "EfficientNet-Lite0, embedded, its record taken away",
    known: "tf",
    evidence: untold,
    ms: performance.now() - start,
  };
}

/** A row of the table: what each kind of evidence says, what is chosen, and whether that is right. */
function line({ name, known, evidence, ms }: Row): string {
  const { preprocessing, warning } = choosePreprocessing(evidence);
  const isRight = preprocessing.name === known;
  const verdict = `${isRight ? "right" : "**wrong**"}${warning === "" ? "" : ", with a warning"}`;
  const cells = (["told", "layers", "kernel", "batch-norm", "name"] as const).map((source) =>
    cell(evidence, source)
  );
  return `| ${[name, known, ...cells, preprocessing.name, verdict, ms.toFixed(0)].join(" | ")} |`;
}

const heading = [
  "network",
  "known",
  "files beside it",
  "its own layers",
  "first weights",
  "first batch norm",
  "names",
  "chosen",
  "",
  "ms",
];

await selectBackend({ backend: "wasm" });
const networks = [...await readKnownNetworks(), ...await exists(shared) ? publishedNetworks : []];
const rows = [await askEmbedded()];
for (const network of networks) rows.push(await ask(network));
const random = Deno.args[0] === undefined ? "" : await askRandomNetworks(Deno.args[0]);
await Deno.writeTextFile(
  new URL("../docs/pixels.md", import.meta.url),
  `# How networks see pixels, and what tells so

A network is right only about pixels that are scaled as in training. Where neither an option nor a file beside the
model says how, it is found out: by what the model itself does to its pixels, measured on plain colours; by the size
of its first weights, which a division may be within; by its first batch norm, whose moving mean and variance are the
statistics of what it saw in training; and by the names of its layers, whose published weights are known. A batch norm
is believed where it is at least three times nearer to one way than to any other, and near at all; where it is not, a
warning names the candidates. What a batch norm saw before it was frozen, and names, are told with a warning, since
people train on with other scalings. Of the networks in testdata/zoo, whose batch norms hold random numbers, none
is believed. Whether red or blue comes first shows in few networks: red is taken to, unless
blue first is four times nearer; where it is twice as near, a warning names both.
\`gradcam inspect --model MODEL\` prints all evidence.

\`deno task pixels\` makes this table, on WebAssembly; the last column is how long all of the looking took.

| ${heading.join(" | ")} |
| ${heading.map(() => "---").join(" | ")} |
${rows.map(line).join("\n")}
${random}`,
);
await new Deno.Command("deno", { args: ["fmt", "--quiet", "docs/pixels.md"] }).output();
