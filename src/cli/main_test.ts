import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { version } from "../base/version.ts";
import { wholeOf } from "./command.ts";
import { commands } from "./commands.ts";
import { fakeIo, FakeOutput, runMain } from "./testing.ts";
import { main } from "./main.ts";

Deno.test("main() prints help and version", async (t) => {
  const cases: { args: string[]; stdout: RegExp }[] = [
    { args: ["--version"], stdout: new RegExp(`^gradcam ${version}\n$`) },
    { args: ["-V"], stdout: new RegExp(`^gradcam ${version}\n$`) },
    { args: ["--help"], stdout: /^gradcam .*\n\nUsage: gradcam PHOTO\.\.\. \[options\]/ },
    { args: ["-h"], stdout: /^gradcam .*\n\nUsage: gradcam PHOTO\.\.\. \[options\]/ },
    { args: ["help"], stdout: /^gradcam .*\n\nUsage: gradcam PHOTO\.\.\. \[options\]/ },
    { args: ["photo.png", "--help"], stdout: /^gradcam .*\n\nUsage: gradcam PHOTO\.\.\. \[options\]/ },
    {
      args: ["help", "layers"],
      stdout: /^gradcam layers: .*\n\nUsage: gradcam layers \[MODEL\] \[options\]/,
    },
    { args: ["doctor", "--help"], stdout: /^gradcam doctor: / },
  ];
  for (const { args, stdout } of cases) {
    await t.step(args.join(" "), async () => {
      const run = await runMain(args);
      assertMatch(run.stdout.text, stdout);
      assertEquals([run.code, run.stderr.text], [0, ""]);
    });
  }
});

Deno.test("main() prints help that fits the terminal", async (t) => {
  for (const columns of [undefined, 60, 80, 100, 240]) {
    for (const command of commands) {
      const { name, options, examples } = await wholeOf(command);
      await t.step(`${name}, ${columns ?? "no"} columns`, async () => {
        const { stdout } = await runMain(["help", name], columns === undefined ? {} : { columns });
        const limit = Math.min(Math.max(columns ?? 90, 60), 100);
        const isExample = (line: string) => /^ {2}(#|gradcam)/.test(line);
        for (const line of stdout.lines) assert(line.length <= (isExample(line) ? 100 : limit), line);
        for (const option of options) assertStringIncludes(stdout.text, `--${option.name}`);
        for (const { line } of examples) assertStringIncludes(stdout.text, `gradcam ${line}`);
      });
    }
  }
});

Deno.test("main() ends quietly when its reader goes away", async () => {
  class ClosedPipe extends FakeOutput {
    override write(): Promise<void> {
      return Promise.reject(new Deno.errors.BrokenPipe());
    }
  }
  const io = fakeIo();
  assertEquals(await main(["--help"], { ...io, stdout: new ClosedPipe() }), 141);
  assertEquals(io.stderr.text, "");
});

Deno.test("cli.ts loads TensorFlow.js only when it is needed", async () => {
  const cli = new URL("../../cli.ts", import.meta.url).href;
  const { stdout } = await new Deno.Command(Deno.execPath(), { args: ["info", "--json", cli] }).output();
  const { modules } = JSON.parse(new TextDecoder().decode(stdout));
  const bySpecifier = new Map<
    string,
    { dependencies?: { isDynamic?: boolean; code?: { specifier: string } }[] }
  >(
    modules.map((module: { specifier: string }) => [module.specifier, module]),
  );
  const reached = new Set([cli, new URL("main.ts", import.meta.url).href]); // which the one imports to run
  for (const specifier of reached) {
    for (const { isDynamic, code } of bySpecifier.get(specifier)?.dependencies ?? []) {
      if (!isDynamic && code) reached.add(code.specifier);
    }
  }
  assert(reached.size > 100);
  assertEquals([...reached].filter((specifier) => specifier.startsWith("npm:")), []);
});
