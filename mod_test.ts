/** The whole package loaded over http, as users get it: no file of its own is on disk. */
import { assertEquals } from "@std/assert";
import { runOverHttp, testdata, withCheckoutOverHttp } from "./src/testing/mod.ts";

const photo = new URL("photos/chelsea.png", testdata).pathname;

Deno.test("gradcam() works when the package is loaded over http, with the network alone", async () => {
  await withCheckoutOverHttp(async (origin) => {
    const script = `
      import { gradcam } from "${origin}mod.ts";
      const explanation = await gradcam("${origin}testdata/photos/chelsea.png", { backend: "wasm", threads: 2 });
      const png = await explanation.encode("panel");
      console.log(explanation.label, explanation.layer, explanation.backend.threads, png.length > 10000);
    `;
    const { code, stdout, stderr } = await runOverHttp(origin, script, [
      `--allow-net=${new URL(origin).host}`,
    ]);
    assertEquals([code, stdout, stderr], [0, "Egyptian cat head_relu 2 true\n", ""]);
  });
});

Deno.test("explainAll() starts its workers when the package is loaded over http, with the network alone", async () => {
  await withCheckoutOverHttp(async (origin) => {
    const script = `
      import { explainAll } from "${origin}mod.ts";
      const photos = ["chelsea.png", "coffee.png"].map((name) => "${origin}testdata/photos/" + name);
      for await (const { explanation } of explainAll(photos, { jobs: 2, backend: "wasm" })) {
        console.log(explanation.label, explanation.backend.threads, explanation.warnings.length);
      }
    `;
    const flags = [`--allow-net=${new URL(origin).host}`];
    const { code, stdout, stderr } = await runOverHttp(origin, script, flags);
    assertEquals([code, stdout, stderr], [0, "Egyptian cat 1 0\nespresso 1 0\n", ""]);
  });
});

Deno.test("gradcam() needs no permission when the package is loaded over http", async () => {
  await withCheckoutOverHttp(async (origin) => {
    const bytes = (await Deno.readFile(photo)).toBase64();
    const script = `
      import { gradcam } from "${origin}mod.ts";
      const explanation = await gradcam(Uint8Array.fromBase64("${bytes}"), { backend: "wasm", threads: 1 });
      const panel = await explanation.encode("panel"); // whose letters are modules of the package
      console.log(explanation.label, panel.length > 10000);
    `;
    const { code, stdout, stderr } = await runOverHttp(origin, script, ["--no-check"]);
    assertEquals([code, stdout, stderr], [0, "Egyptian cat true\n", ""]);
  });
});

Deno.test("main() works when the package is loaded over http", async () => {
  await withCheckoutOverHttp(async (origin) => {
    const script = `
      import { main } from "${origin}cli.ts";
      let printed = "";
      const output = { columns: undefined, write: async (text) => void (printed += text) };
      const { signal } = new AbortController();
      const stdin = new Blob([]).stream();
      const code = await main(["${photo}", "--save", "none"], { stdin, stdout: output, stderr: output, signal });
      console.log(code, printed.includes("Egyptian cat"));
    `;
    const flags = [`--allow-net=${new URL(origin).host}`, `--allow-read=${photo}`, "--no-check"];
    const { code, stdout, stderr } = await runOverHttp(origin, script, flags);
    assertEquals([code, stdout], [0, "0 true\n"], stderr);
  });
});
