/** `deno serve serve.ts`, with no more permissions than it needs. */
import { assertEquals } from "@std/assert";
import { decodeImage } from "../../input/image/mod.ts";
import { testdata } from "../../testing/mod.ts";
import { texts } from "./built.ts";

const root = new URL("../../../", import.meta.url);

/** Run it, and do something with its address. */
async function withService(use: (url: string) => Promise<void>): Promise<void> {
  const process = new Deno.Command(Deno.execPath(), {
    args: [
      "serve",
      "--no-prompt",
      "--host=127.0.0.1",
      "--port=0",
      `--allow-read=${root.pathname}models`,
      `${root.pathname}serve.ts`,
    ],
    env: { NO_COLOR: "1" },
    stdin: "null",
    stdout: "null",
    stderr: "piped",
  }).spawn();
  try {
    let said = "";
    const decoder = new TextDecoder();
    const reader = process.stderr.getReader();
    while (!/http:\/\/127\.0\.0\.1:\d+\//.test(said)) {
      const { value, done } = await reader.read();
      if (done) throw new Error(`deno serve ended: ${said}`);
      said += decoder.decode(value, { stream: true });
    }
    reader.releaseLock();
    await use(/http:\/\/127\.0\.0\.1:\d+\//.exec(said)![0]);
  } finally {
    process.kill("SIGKILL");
    await process.stderr.cancel();
    await process.status;
  }
}

Deno.test("serve.ts answers as deno serve runs it, the page and its files too", async () => {
  await withService(async (url) => {
    const form = new FormData();
    const bytes = await Deno.readFile(new URL("photos/chelsea.png", testdata));
    form.append("photo", new Blob([bytes]), "chelsea.png");
    const response = await fetch(`${url}explain`, { method: "POST", body: form });
    assertEquals([response.status, response.headers.get("gradcam-label")], [200, "Egyptian cat"]);
    const { height, width } = await decodeImage(await response.bytes());
    assertEquals([height, width], [300, 451]);
    assertEquals(await (await fetch(url)).text(), texts["page.html"]);
    assertEquals(await (await fetch(`${url}page/page.js`)).text(), texts["page.js"]);
    const example = await decodeImage(await (await fetch(`${url}page/chelsea.jpg`)).bytes());
    assertEquals([example.height, example.width], [300, 451]);
  });
});
