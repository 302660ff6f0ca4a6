import { assert, assertEquals, assertMatch } from "@std/assert";
import { namesIn, withTempDir } from "./testing.ts";

const root = new URL("../../", import.meta.url).pathname;
const photo = `${root}testdata/photos/chelsea.png`;

/** Start the tool as users do. */
function startTool(args: readonly string[], flags: readonly string[] = ["--allow-all"]): Deno.ChildProcess {
  return new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "--no-prompt", ...flags, `${root}cli.ts`, ...args],
    env: { XDG_RUNTIME_DIR: "/" }, // without it the graphics drivers of some servers write to stderr
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
}

/** Wait for the first of what a process prints, do something, and read what else it prints to its end. */
async function afterFirstOutput(process: Deno.ChildProcess, then: (text: string) => Promise<void> | void) {
  const decoder = new TextDecoder();
  const stderr = new Response(process.stderr).text();
  let stdout = "";
  for await (const chunk of process.stdout) {
    const isFirst = stdout === "";
    stdout += decoder.decode(chunk, { stream: true });
    if (isFirst) await then(stdout);
  }
  const { code } = await process.status;
  return { code, stdout, stderr: await stderr };
}

Deno.test("cli.ts stops when it is interrupted, and leaves nothing half-written", async (t) => {
  const signals: Deno.Signal[] = Deno.build.os === "windows" ? ["SIGINT"] : ["SIGINT", "SIGTERM"];
  for (const signal of signals) {
    await t.step(signal, async () => {
      await withTempDir(async (folder) => {
        const photos = Array.from({ length: 40 }, () => photo);
        const process = startTool([...photos, "--out", folder, "--save", "overlay,json"]);
        const { code, stdout, stderr } = await afterFirstOutput(process, () => process.kill(signal));
        assertEquals(code, 130);
        assertMatch(stderr, /^gradcam: Interrupted: \d+ of 40 photos done\n$/);
        const done = stdout.split("\n").length - 1;
        assert(done > 0 && done < 40);
        const names = await namesIn(folder);
        assertEquals(names.length, 2 * done);
        assertEquals(names.filter((name) => !/\.(png|json)$/.test(name)), []);
      });
    });
  }
});

Deno.test("cli.ts serves with the least permissions until it is interrupted", async () => {
  const flags = [`--allow-read=${root}models`, "--allow-net=127.0.0.1:0"];
  const process = startTool(["serve", "--port", "0", "--host", "127.0.0.1"], flags);
  const { code, stdout, stderr } = await afterFirstOutput(process, async (text) => {
    const url = /http:\S+/.exec(text)?.[0];
    const body = await Deno.readFile(photo);
    const headers = { "content-type": "image/png" };
    const response = await fetch(`${url}explain?format=json`, { method: "POST", headers, body });
    assertEquals((await response.json()).maps[0].label, "Egyptian cat");
    process.kill("SIGINT");
  });
  assertEquals([code, stderr], [0, ""]);
  assertMatch(stdout, /^Listening on http:\/\/127\.0\.0\.1:\d+\/ \(Ctrl\+C stops\)\n$/);
});
