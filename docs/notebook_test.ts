/** The notebook, run by Jupyter with Deno's kernel. */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { decodeImage } from "../mod.ts";

const root = new URL("../", import.meta.url);

/** A cell's output as Jupyter keeps it. */
interface Output {
  readonly data?: Readonly<Record<string, string | readonly string[]>>;
  readonly text?: string | readonly string[];
  readonly ename?: string;
}

/** Where Jupyter is: the variable JUPYTER, else on the path. */
const jupyter = Deno.env.get("JUPYTER") ?? "jupyter";

async function whyMissing(): Promise<string | undefined> {
  try {
    const { success } = await new Deno.Command(jupyter, {
      args: ["nbconvert", "--version"],
      stdout: "null",
      stderr: "null",
    })
      .output();
    return success ? undefined : "Jupyter has no nbconvert";
  } catch {
    return "there is no Jupyter: pip install nbconvert, or set JUPYTER";
  }
}

/** Tell Jupyter of Deno's kernel, in a folder of our own. */
async function writeKernel(folder: string): Promise<void> {
  const argv = [Deno.execPath(), "jupyter", "--kernel", "--conn", "{connection_file}"];
  await Deno.mkdir(`${folder}/kernels/deno`, { recursive: true });
  const spec = { argv, display_name: "Deno", language: "typescript" };
  await Deno.writeTextFile(`${folder}/kernels/deno/kernel.json`, JSON.stringify(spec));
}

/** Run the notebook with this checkout's package; its cells' outputs. */
async function runNotebook(folder: string): Promise<Output[][]> {
  await writeKernel(folder);
  const notebook = (await Deno.readTextFile(new URL("docs/gradcam.ipynb", root)))
    .replaceAll("jsr:@xai/gradcam", new URL("mod.ts", root).href)
    .replaceAll("../testdata", new URL("testdata", root).pathname);
  await Deno.writeTextFile(`${folder}/notebook.ipynb`, notebook);
  const { success, stderr } = await new Deno.Command(jupyter, {
    args: ["nbconvert", "--to", "notebook", "--execute", "--output", "ran.ipynb", "notebook.ipynb"],
    cwd: folder,
    env: { JUPYTER_PATH: folder, XDG_RUNTIME_DIR: "/" },
  }).output();
  assert(success, new TextDecoder().decode(stderr));
  const { cells } = JSON.parse(await Deno.readTextFile(`${folder}/ran.ipynb`));
  return cells.flatMap(({ outputs }: { outputs?: Output[] }) => outputs ? [outputs] : []);
}

/**
 * Run the notebook until each of some cells has shown something. Deno's kernel now and then says that it is idle before it
 * sends a cell's output, which nbconvert then misses, whatever the cell.
 *
 * @param wanted The numbers of the cells, among those of code.
 */
async function runUntilShown(folder: string, wanted: readonly number[]): Promise<Output[][]> {
  let cells: Output[][] = [];
  for (let run = 0; run < 8; run++) {
    const ran = await runNotebook(folder);
    cells = ran.map((outputs, index) => outputs.length > 0 ? outputs : cells[index] ?? []);
    if (wanted.every((index) => cells[index]!.length > 0)) break;
  }
  return cells;
}

const missing = await whyMissing();

Deno.test({
  name: `the notebook runs, and shows explanations as pictures${missing ? ` (skipped: ${missing})` : ""}`,
  ignore: missing !== undefined,
  async fn() {
    const folder = await Deno.makeTempDir();
    try {
      const [_, first, words, second] = await runUntilShown(folder, [1, 2, 3]);
      for (const [outputs, size] of [[first, [451, 300]], [second, [600, 400]]] as const) {
        const picture = outputs!.find(({ data }) => data?.["image/png"] !== undefined);
        assert(picture, `A cell shows no picture: ${JSON.stringify(outputs).slice(0, 2000)}`);
        const base64 = [picture.data!["image/png"]!].flat().join("").replaceAll(/\s/g, "");
        const { format, width, height } = await decodeImage(Uint8Array.fromBase64(base64));
        assertEquals([format, width, height], ["png", ...size]);
        assertStringIncludes([picture.data!["text/plain"]!].flat().join(""), "Explanation: ");
      }
      const text = words!.flatMap(({ text = [] }) => [text].flat()).join("");
      assertStringIncludes(text, "Explanation: Egyptian cat 0.77");
      assertStringIncludes(text, "gradcam at head_relu, 7 × 7");
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
});
