/** The README's examples, run as they stand but for where the package and the files lie. */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { selectBackend } from "./backends/mod.ts";
import { leavingNoTensors } from "./src/testing/mod.ts";
import { buildManyWays, writeModel } from "./src/testing/tiny_model.ts";

const root = new URL("./", import.meta.url);
const readme = await Deno.readTextFile(new URL("README.md", root));

/** The code below a mark. */
function example(name: string): string {
  const code = new RegExp(`<!-- example: ${name} -->\\s*\`\`\`[\\w ]+\\n(.*?)\`\`\``, "s").exec(readme)?.[1];
  assert(code, `README.md has no example "${name}"`);
  return code;
}

/** An example with the checkout's package, photo and model in place of the user's. */
function here(code: string): string {
  return code
    .replaceAll("jsr:@xai/gradcam/serve", new URL("serve.ts", root).href)
    .replaceAll("jsr:@xai/gradcam", new URL("mod.ts", root).href)
    .replaceAll(
      '"model.json"',
      JSON.stringify(new URL("models/efficientnet_lite0/model.json", root).pathname),
    )
    .replaceAll("https://example.com/model.json", new URL("models/efficientnet_lite0/model.json", root).href)
    .replaceAll('"cat.jpg"', JSON.stringify(new URL("testdata/photos/chelsea.png", root).pathname));
}

/** Run code in a process of its own, in a folder of its own. */
async function runIn(folder: string, code: string): Promise<string> {
  await Deno.writeTextFile(`${folder}/example.ts`, code);
  const { code: status, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--quiet",
      "--allow-all",
      "--no-check", // all are checked at once, below
      `--config=${new URL("deno.json", root).pathname}`,
      "example.ts",
    ],
    cwd: folder,
  }).output();
  assertEquals(status, 0, new TextDecoder().decode(stderr));
  return new TextDecoder().decode(stdout);
}

/** Write the model of the examples that name its inputs and outputs. */
async function writeManyWays(folder: string): Promise<string> {
  await selectBackend({ backend: "cpu" });
  const model = buildManyWays();
  try {
    return await writeModel(model, folder);
  } finally {
    model.dispose();
  }
}

async function withFolder(use: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await use(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("README: the examples are of the right types", () =>
  withFolder(async (folder) => {
    const names = ["library", "held", "ways", "reference", "batch", "methods", "handler"];
    for (const name of names) await Deno.writeTextFile(`${folder}/${name}.ts`, here(example(name)));
    const { success, stderr } = await new Deno.Command(Deno.execPath(), {
      args: [
        "check",
        "--quiet",
        `--config=${new URL("deno.json", root).pathname}`,
        ...names.map((name) => `${name}.ts`),
      ],
      cwd: folder,
    }).output();
    assert(success, new TextDecoder().decode(stderr));
  }));

Deno.test("README: the library", () =>
  withFolder(async (folder) => {
    const prints = "console.log(explanation.label, explanation.layer, explanation.heatmap.width);";
    assertEquals(await runIn(folder, `${here(example("library"))}\n${prints}`), "Egyptian cat head_relu 7\n");
    assertEquals((await Deno.readFile(`${folder}/cat.png`))[1], 0x50);
  }));

Deno.test("README: models of TensorFlow.js's own", () =>
  withFolder(async (folder) => {
    const { writeTinyModel } = await import("./src/testing/tiny_model.ts");
    await writeTinyModel(folder);
    const server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen: () => {} }, async ({ url }) => {
      return new Response(await Deno.readFile(folder + new URL(url).pathname));
    });
    try {
      const at = `http://127.0.0.1:${server.addr.port}/model.json`;
      const code = here(example("held").replaceAll("https://example.com/model.json", at));
      const prints = "console.log(label, warnings.length, (await selectBackend()).name);";
      assertEquals(await runIn(folder, `${code}\n${prints}`), "undefined 0 wasm\n");
    } finally {
      await server.shutdown();
    }
  }));

Deno.test("README: many photos", () =>
  withFolder(async (folder) => {
    await Deno.mkdir(`${folder}/photos`);
    for (const name of ["chelsea.png", "coffee.png"]) {
      await Deno.copyFile(new URL(`testdata/photos/${name}`, root), `${folder}/photos/${name}`);
    }
    await Deno.writeTextFile(`${folder}/photos/damaged.jpg`, "no photo");
    assertEquals(await runIn(folder, here(example("batch"))), "");
    for (const name of ["0.png", "1.png"]) assertEquals((await Deno.readFile(`${folder}/${name}`))[1], 0x50);
  }));

Deno.test("README: models of many ways in and out", () =>
  withFolder(async (folder) => {
    await writeManyWays(folder);
    await Deno.copyFile(new URL("testdata/images/plain.png", root), `${folder}/mask.png`);
    const code = here(example("ways").replaceAll('"model.json"', JSON.stringify(`${folder}/model.json`)));
    const last = code.trimEnd().split("\n").at(-1)!.replace(/^await (.*?);.*$/, "const last = await $1;");
    const prints = `${last}\nconsole.log(last.layer, last.heatmap.height, last.heatmap.width);`;
    assertEquals(await runIn(folder, `${code}\n${prints}`), "features 256 384\n");
  }));

Deno.test("README: the reference's interface", () =>
  withFolder(async (folder) => {
    const prints = "console.log(data.length, height, width);";
    assertEquals(await runIn(folder, `${here(example("reference"))}\n${prints}`), "196 14 14\n");
  }));

Deno.test("README: several methods", () =>
  withFolder(async (folder) => {
    const prints = "console.log(maps.map(({ method, heatmap: { width } }) => `${method} ${width}`).join());";
    const said = "gradcam 14,layercam 14,eigencam 14\n";
    assertEquals(await runIn(folder, `${here(example("methods"))}\n${prints}`), said);
  }));

Deno.test("README: every method has its row", async () => {
  const { methods } = await import("./src/methods/mod.ts");
  const rows = [...readme.matchAll(/^\| `([a-z+]+)` +\| (?:layer|pixels|tokens) /gm)].map(([, name]) => name);
  assertEquals(rows.toSorted(), methods.map(({ name }) => name).toSorted());
});

Deno.test("README: the handler", () =>
  withFolder(async (folder) => {
    const code = `${here(example("handler"))}
      const body = await Deno.readFile(new URL("testdata/photos/chelsea.png", "${root}"));
      const { fetch } = (await import(import.meta.url)).default;
      const response = await fetch(new Request("http://localhost/explain", { method: "POST", body }));
      console.log(response.status, response.headers.get("gradcam-label"));`;
    assertEquals(await runIn(folder, code), "200 Egyptian cat\n");
  }));

Deno.test("README: the command lines", async (t) => {
  const { runMain, withTempDir } = await import("./src/cli/testing.ts");
  const photo = new URL("testdata/photos/chelsea.png", root).pathname;
  const model = new URL("models/efficientnet_lite0/model.json", root).pathname;
  const lines = example("shell").split("\n").map((line) => line.replace(/\s+#.*/, ""))
    // What runs for long, and the commands that work on many photos, have tests of their own.
    .filter((line) => /^gradcam (?!serve|doctor|evaluate|worker|-|.*--card$)/.test(line));
  assertEquals(lines.length, 18);
  for (const line of lines) {
    await t.step(line, () =>
      withTempDir((folder) =>
        leavingNoTensors(async () => {
          const words = line.match(/"[^"]*"|\S+/g)!.slice(1).map((word) => word.replaceAll('"', ""));
          const ways = await writeManyWays(await Deno.makeTempDir({ dir: folder }));
          const args = words.map((word) =>
            word.endsWith(".jpg")
              ? photo
              : word === "photos/"
              ? new URL("testdata/photos/", root).pathname
              : word === "model.json"
              ? words.includes("--input-values") ? ways : model
              : word.endsWith(".onnx")
              ? new URL("testdata/onnx/residual/torchscript17.onnx", root).pathname
              : word.startsWith("model.")
              ? new URL(`testdata/zoo/transfer/keras3.${word.split(".").at(-1)}`, root).pathname
              : ["maps/", "sheet.png"].includes(word)
              ? `${folder}/${word}`
              : word
          );
          const tells = ["layers", "inspect"].includes(args[0]!);
          const out = tells || args.includes("--out") ? [] : ["--out", `${folder}/`];
          const { code, stderr, stdout } = await runMain([...args, ...out]);
          const isManyWays = words.includes("--input-values"); // it does not say how it sees pixels, nor at which size
          const warnings = isManyWays ? (words.includes("--size") ? 1 : 2) : 0;
          assertEquals([code, stderr.lines.length], [0, warnings], stderr.text);
          assertStringIncludes(stdout.text, tells ? "sep" : "→");
        })
      ));
  }
});

Deno.test("README: the two commands", async () => {
  const { tasks } = JSON.parse(await Deno.readTextFile(new URL("deno.json", root)));
  const commands = [...readme.matchAll(/npx --yes deno@([\d.]+) task (\w+)/g)];
  assertEquals(commands.map(([, , task]) => task), ["demo", "test"]);
  assertEquals(new Set(commands.map(([, version]) => version)).size, 1);
  for (const [, , task] of commands) assert(tasks[task!]);
});
