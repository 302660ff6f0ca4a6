import { assertEquals } from "@std/assert";
import { coresForThisIsolate } from "./isolates.ts";

const isolates = new URL("./isolates.ts", import.meta.url).href;

Deno.test("coresForThisIsolate() is the machine's cores where no isolate was announced", async () => {
  assertEquals(await coresForThisIsolate(), navigator.hardwareConcurrency);
});

/** A program for `deno serve` that answers with its share of as many cores as it is told there are. */
const program = `
  import { announceIsolate, coresForThisIsolate } from ${JSON.stringify(isolates)};
  Object.defineProperty(navigator, "hardwareConcurrency", { value: 8 });
  announceIsolate();
  announceIsolate(); // which makes no second one of it
  const cores = coresForThisIsolate(); // asked before the others have started
  export default { fetch: async () => new Response(String(await cores)) };
`;

/** Serve the program, ask it a few times on new connections, and stop it. */
async function askIsolates(
  args: readonly string[],
  jobs: number,
): Promise<{ answers: Set<string>; code: number }> {
  const path = await Deno.makeTempFile({ suffix: ".ts" });
  await Deno.writeTextFile(path, program);
  const process = new Deno.Command(Deno.execPath(), {
    args: ["serve", "--no-prompt", ...args, "--host", "127.0.0.1", "--port", "0", path],
    env: { DENO_JOBS: String(jobs), NO_COLOR: "1" },
    stdout: "null",
    stderr: "piped",
  }).spawn();
  const answers = new Set<string>();
  let heard = "";
  for await (const text of process.stderr.pipeThrough(new TextDecoderStream())) {
    heard += text;
    const url = /http:\S+/.exec(heard)?.[0];
    if (url === undefined || answers.size > 0) continue;
    for (let round = 0; round < 12; round++) {
      const response = await fetch(url, { headers: { connection: "close" } });
      answers.add(await response.text());
    }
    process.kill("SIGTERM");
  }
  const { code } = await process.status;
  await Deno.remove(path);
  return { answers, code };
}

Deno.test({
  name:
    "coresForThisIsolate() divides the cores among the isolates of deno serve --parallel, which ends when told",
  ignore: Deno.build.os === "windows", // which knows no SIGTERM
  fn: async () => {
    assertEquals(await askIsolates(["--parallel"], 4), { answers: new Set(["2"]), code: 0 });
    assertEquals(await askIsolates([], 4), { answers: new Set(["8"]), code: 0 });
  },
});
