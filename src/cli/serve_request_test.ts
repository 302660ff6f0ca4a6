import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { GradcamError } from "../base/errors.ts";
import { limitNames, limits, readLimits } from "../server/limits.ts";
import { parseCommandLine } from "./parse.ts";
import { serveCommand } from "./serve.ts";
import { limitOptionNames, limitOptions } from "./serve_limits.ts";
import { clientIn, readServiceOptions } from "./serve_request.ts";
import { withTempDir } from "./testing.ts";

const { signal } = new AbortController();

function read(args: readonly string[]) {
  return readServiceOptions(parseCommandLine(args, serveCommand), signal);
}

/** What is set of options, without what is left out. */
async function given(args: readonly string[]): Promise<Record<string, unknown>> {
  const { defaults, ...options } = await read(args);
  return JSON.parse(JSON.stringify({ ...options, defaults: { ...defaults } }));
}

/** What a command line without options gives. */
const nothing = { identity: [], defaults: { inputs: {} } };

Deno.test("readServiceOptions() gives the service what a command line says", async (t) => {
  await withTempDir(async (folder) => {
    const file = (name: string, text: string) => Deno.writeTextFile(`${folder}/${name}`, text);
    await Promise.all([file("tokens.txt", "one\r\n\n two\n"), file("labels.txt", "cat\ndog\n")]);
    const cases: readonly (readonly [args: string[], options: Record<string, unknown>])[] = [
      [[], {}],
      [["--model", "m.keras", "--weights", "w.h5"], { model: "m.keras", weights: "w.h5" }],
      [["--labels", `${folder}/labels.txt`], { labels: ["cat", "dog"] }],
      [["--fit", "crop", "--preprocess", "tf", "--identity", "A"], {
        fit: "crop",
        preprocess: { name: "tf", mean: [127.5], std: [127.5] },
        identity: ["A"],
      }],
      [["--models", "a=a.keras", "--models", "b.2=https://example.com/b?x=1"], {
        models: {
          a: { model: "a.keras", identity: [] },
          "b.2": { model: "https://example.com/b?x=1", identity: [] },
        },
        identity: undefined,
      }],
      [["--workers", "0", "--threads", "3", "--backend", "wasm"], {
        workers: 0,
        threads: 3,
        backend: "wasm",
      }],
      [["--cors", "*", "--photo-host", "example.com:8443"], {
        cors: ["*"],
        photoHosts: ["example.com:8443"],
      }],
      [["--token", "three", "--token-file", `${folder}/tokens.txt`], { tokens: ["three", "one", "two"] }],
      [["--rate", "0.5"], { rateLimit: { perSecond: 0.5 } }],
      [["--rate", "2", "--burst", "7"], { rateLimit: { perSecond: 2, burst: 7 } }],
      [["--photo-cache", "0"], { photoCache: false }],
      [["--photo-cache", "1.5"], { photoCache: { maxBytes: 1_500_000 } }],
      [["--max-body", "0.1", "--time-limit", "2.5"], { maxBodyBytes: 100_000, timeLimitMs: 2_500 }],
    ];
    for (const [args, options] of cases) {
      await t.step(args.join(" ").replaceAll(folder, ""), async () => {
        assertEquals(await given(args), JSON.parse(JSON.stringify({ ...nothing, ...options })));
      });
    }
  });
});

Deno.test("readServiceOptions() refuses what does not go together, and files without tokens", async (t) => {
  await withTempDir(async (folder) => {
    await Deno.writeTextFile(`${folder}/empty.txt`, "\n \n");
    const cases: readonly (readonly [args: string[], message: string])[] = [
      [["--models", "a=a", "--model", "b"], "Cannot use --model with --models: "],
      [["--models", "a=a", "--labels", "b"], "Cannot use --labels with --models: "],
      [["--models", "a=a", "--models", "a=b"], 'Cannot use --models for "a" twice: '],
      [["--models", "a"], 'Cannot use --models "a": use ID=MODEL'],
      [["--models", "a/b=c"], 'Cannot use --models "a/b=c": use ID=MODEL'],
      [["--burst", "2"], "Cannot use --burst without --rate: "],
      [["--client-header", "x-real-ip"], "Cannot use --client-header without --rate: "],
      [["--client-header", "x y", "--rate", "1"], 'Cannot use --client-header "x y": use a header\'s name'],
      [
        ["--photo-host", "https://example.com"],
        'Cannot use --photo-host "https://example.com": use a host\'s name',
      ],
      [["--photo-host", "a/b"], 'Cannot use --photo-host "a/b": use a host\'s name'],
      [["--token-file", `${folder}/empty.txt`], "it is empty: write one token a line"],
      [["--token-file", `${folder}/none.txt`], "no such file"],
      [["--time-limit", "100000"], 'Cannot use --time-limit "100000": use a number from 0.001 to 86400'],
      [["--workers", "65"], 'Cannot use --workers "65": use a whole number from 0 to 64'],
      [["--grace", "-1"], 'Cannot use --grace "-1": use a number from 0 to 86400'],
    ];
    for (const [args, message] of cases) {
      await t.step(args.join(" ").replaceAll(folder, ""), async () => {
        const error = await assertRejects(() => Promise.resolve().then(() => read(args)));
        assertStringIncludes((error as Error).message, message);
      });
    }
    await assertRejects(() => read(["--token-file", `${folder}/none.txt`]), GradcamError);
  });
});

Deno.test("each limit of the service has an option with its default, whose values it can be", async (t) => {
  assertEquals([...limitOptionNames.keys()], [...limitNames]);
  assertEquals(new Set(serveCommand.options.map(({ name }) => name)).size, serveCommand.options.length);
  for (const [at, option] of limitOptions.entries()) {
    await t.step(`--${option.name}`, async () => {
      const limit = limitNames[at]!;
      const [, usual] = /\(default: ([\d.]+)\)$/.exec(option.description)!;
      assertEquals((await read([`--${option.name}`, usual!]))[limit], limits[limit].default);
      const [, least] = /from ([\d.]+)/.exec(option.rule!.allowed)!;
      const options = await read([`--${option.name}`, least!]);
      assertEquals(readLimits(options)[limit], options[limit]); // it is none that the service refuses
    });
  }
});

Deno.test("clientIn() takes what the proxy added, and the connection's address where it added nothing", () => {
  const clientOf = clientIn("x-forwarded-for");
  const info = { remoteAddr: { hostname: "10.0.0.9" } };
  const ask = (headers: HeadersInit) => clientOf(new Request("http://localhost/", { headers }), info);
  assertEquals(ask({ "x-forwarded-for": "1.2.3.4" }), "1.2.3.4");
  assertEquals(ask({ "x-forwarded-for": "whatever I say, 1.2.3.4" }), "1.2.3.4");
  assertEquals(ask({ "x-forwarded-for": " , " }), "10.0.0.9");
  assertEquals(ask({}), "10.0.0.9");
  assertEquals(clientOf(new Request("http://localhost/"), {}), "unknown");
});
