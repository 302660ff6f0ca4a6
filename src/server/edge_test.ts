/** The service on hosts that have less than Deno has. */
import { assertEquals, assertMatch } from "@std/assert";

const root = new URL("../../", import.meta.url);

/** What a kind of host lacks, as code that takes it away. */
const hosts: Readonly<Record<string, string>> = {
  "without workers and shared memory": `
    delete globalThis.Worker;
    delete globalThis.SharedArrayBuffer;`,
  "without files, permissions and signals": `
    delete globalThis.Worker;
    delete globalThis.SharedArrayBuffer;
    delete globalThis.BroadcastChannel;
    for (const name of ["permissions", "addSignalListener", "readFile", "readFileSync", "open", "openSync", "stat"]) {
      Object.defineProperty(Deno, name, { value: undefined });
    }`,
  "without Deno": `
    delete globalThis.Worker;
    delete globalThis.SharedArrayBuffer;
    delete globalThis.BroadcastChannel;
    delete globalThis.Deno;`,
};

/** Explains a photo, and says what came of it. */
const program = (loss: string, photo: string) => `
  import { createHandler } from ${JSON.stringify(new URL("serve.ts", root).href)};
  ${loss} // after Deno's own modules have what they need
  const body = Uint8Array.fromBase64(${JSON.stringify(photo)});
  const fetch = createHandler();
  for (const path of ["explain?format=json", "v1/explain?format=json"]) {
    const headers = { "content-type": "image/png", accept: "application/json" };
    const response = await fetch(new Request("https://edge.example/" + path, { method: "POST", headers, body }));
    console.log(response.status, (await response.json()).maps[0].label);
  }`;

Deno.test("createHandler() answers where hosts have no workers, no files or no Deno, and says so once", async (t) => {
  const photo = (await Deno.readFile(new URL("testdata/photos/chelsea.png", root))).toBase64();
  const path = await Deno.makeTempFile({ suffix: ".ts" });
  const config = new URL("deno.json", root).pathname;
  for (const [name, loss] of Object.entries(hosts)) {
    await t.step(name, async () => {
      await Deno.writeTextFile(path, program(loss, photo));
      const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
        args: ["run", "--quiet", "--no-prompt", "--no-check", "--config", config, path],
        env: { XDG_RUNTIME_DIR: "/", NO_COLOR: "1" }, // without it the graphics drivers of some servers write to stderr
      }).output();
      const [answers, said] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
      assertEquals([code, answers], [0, "200 Egyptian cat\n".repeat(2)], said);
      assertMatch(
        said!,
        /^Photos are explained in the thread that answers: this platform has no workers\n$/,
      );
    });
  }
  await Deno.remove(path);
});
