import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { leavingNoTensors } from "../testing/mod.ts";
import { writeTinyModel } from "../testing/tiny_model.ts";
import { main } from "./main.ts";
import { type FakeIo, fakeIo, namesIn, runMain, withTempDir } from "./testing.ts";

const images = new URL("../../testdata/images/", import.meta.url).pathname;
const [png, jpeg, grey] = ["plain.png", "plain.jpg", "grey.png"].map((name) => images + name) as [
  string,
  string,
  string,
];

interface Place {
  readonly folder: string;
  /** The command, up to what is of the test. */
  readonly args: readonly string[];
}

async function withModel(run: (place: Place) => Promise<void>): Promise<void> {
  await withTempDir(async (folder) => {
    const model = await writeTinyModel(folder);
    await run({ folder, args: ["worker", "--model", model, "--preprocess", "unit", "--jobs", "2"] });
  });
}

const encode = (lines: readonly unknown[]) =>
  new TextEncoder().encode(
    lines.map((line) => `${typeof line === "string" ? line : JSON.stringify(line)}\n`).join(""),
  );

// deno-lint-ignore no-explicit-any -- results are what they are
type Results = any[];

async function work(args: readonly string[], records: readonly unknown[] = []) {
  const { code, stdout, stderr } = await runMain(args, { stdin: encode(records) });
  return { code, results: stdout.lines.map((line) => JSON.parse(line)) as Results, stderr };
}

Deno.test("worker gives a line for each, in order, whatever it is", async () => {
  await withModel(async ({ args, folder }) => {
    const bytes = (await Deno.readFile(png)).toBase64();
    const records = [
      { id: "first", photo: png, pass: { key: [1, null] } },
      "no JSON",
      { id: 2, bytes, top: 2, fields: undefined },
      "",
      [],
      { photo: jpeg, class: [1, 0], method: ["gradcam", "layercam"], save: "overlay", minSide: 0 },
      { id: "both", photo: png, bytes },
      { id: "empty" },
      { id: "nowhere", photo: `${folder}/none.png` },
      { id: "text", bytes: "AAAA" },
      { id: "base64", bytes: "?" },
      { id: "layer", photo: png, layer: "nowhere" },
      { id: "class", photo: png, class: "unicorn" },
      { id: "option", photo: png, colour: "red" },
      { id: "type", photo: png, alpha: [true] },
      { id: "run", photo: png, model: "other.json" },
      { id: "net", photo: "http://127.0.0.1:9/a.png" },
    ];
    const out = `${folder}/out/`;
    const { code, results, stderr } = await leavingNoTensors(() => work([...args, "--out", out], records));
    assertEquals(code, 0);
    const told = results.map(({ line, id, error }) => [line, id, error?.code ?? "", error?.retry ?? ""]);
    assertEquals(told, [
      [1, "first", "", ""],
      [2, null, "not-json", false],
      [3, 2, "", ""],
      [5, null, "bad-record", false],
      [6, jpeg, "", ""],
      [7, "both", "bad-record", false],
      [8, "empty", "bad-record", false],
      [9, "nowhere", "photo-missing", false],
      [10, "text", "bad-photo", false],
      [11, "base64", "bad-record", false],
      [12, "layer", "no-such-layer", false],
      [13, "class", "no-such-class", false],
      [14, "option", "bad-option", false],
      [15, "type", "bad-option", false],
      [16, "run", "bad-option", false],
      [17, "net", "unreachable", true],
    ]);
    const [first, , second, , third] = results;
    assertEquals([first.pass, "pass" in second, first.photo, "photo" in second], [
      { key: [1, null] },
      false,
      png,
      false,
    ]);
    assertEquals([first.classes.length, second.classes.length], [1, 2]);
    assertEquals(first.scores, second.scores); // the same photo, as a path and as bytes
    assertEquals(
      third.classes.map(({ classIndex, method }: Record<string, unknown>) => [classIndex, method]),
      [
        [1, "gradcam"],
        [1, "layercam"],
        [0, "gradcam"],
        [0, "layercam"],
      ],
    );
    const files = third.files.map(({ path }: { path: string }) => path.slice(out.length));
    assertEquals(files.toSorted(), await namesIn(out));
    assertMatch(files[0], /plain-[0-9a-f]{12}\.1.*\.gradcam\.png$/);
    assertEquals(stderr.lines.length, 13 + 1); // what failed, and the sum
    assertMatch(stderr.lines.at(-1)!, /^gradcam: 16 records: 3 explained, 13 failed, in /);
  });
});

Deno.test("worker holds the fields that are asked for, and --strict counts failures", async () => {
  await withModel(async ({ args }) => {
    const { results } = await work([...args, "--fields", "map,raw,boxes,times,about", "--quiet"], [{
      photo: png,
    }]);
    const [{ map, raw, boxes, times, about, ...rest }] = results;
    assertEquals(Object.keys(rest), ["id", "line", "photo"]);
    assertEquals([map[0].data.length, Math.min(...map[0].data)], [map[0].height * map[0].width, 0]);
    assertEquals(raw[0].data.length, map[0].data.length);
    const [{ box }] = boxes[0].regions;
    assert(box.width > 0 && box.x >= 0, JSON.stringify(boxes));
    assert(times.total > 0);
    assertEquals([about.method, about.layer], ["gradcam", "features"]);
    assertEquals((await work([...args, "--strict"], [{ photo: png }])).code, 0);
    const failed = await work([...args, "--strict", "--quiet"], [{ photo: "none.png" }]);
    assertEquals([failed.code, failed.stderr.lines.length], [1, 1]);
  });
});

Deno.test("worker says at once what would meet every record", async (t) => {
  await withModel(async ({ args, folder }) => {
    const cases: readonly (readonly [string[], number, string])[] = [
      [["--layer", "nowhere"], 70, 'Cannot find layer "nowhere"'],
      [["--class", "unicorn"], 70, 'Cannot find class "unicorn"'],
      [["--model", `${folder}/none.json`], 70, "no such file"],
      [["--model", "http://127.0.0.1:9/model.json"], 75, "Cannot open model"],
      [["--out", "-"], 2, "name a folder"],
      [["--shard", "0/2"], 2, "Cannot use --shard with standard input"],
      [["--resume"], 2, "Cannot use --resume where nothing is written"],
      [["--results", "a.csv"], 2, "use a name that ends in"],
      [["--parquet", "a.ndjson"], 2, "use a name that ends in .parquet"],
      [["--fields", "colour"], 2, "--fields"],
      [["--jobs", "2", "--backend", "webgpu"], 2, "the GPU serves one at a time"],
      [[`${folder}/none.txt`], 70, "no such file"],
      [["--results", `${folder}/no/a.ndjson`], 70, "its folder does not exist"],
    ];
    for (const [extra, expected, message] of cases) {
      await t.step(message, async () => {
        const { code, results, stderr } = await work([...args, ...extra], [{ photo: png }]);
        assertEquals([code, results.length], [expected, 0], stderr.text);
        assertStringIncludes(stderr.text, message);
      });
    }
  });
});

/** The results of a file, in the order of their lines, without what depends on the run. */
async function resultsOf(path: string): Promise<Results> {
  const lines = (await Deno.readTextFile(path)).split("\n").slice(0, -1);
  return lines.map((line) => JSON.parse(line)).sort((one, other) => one.line - other.line);
}

Deno.test("worker --resume completes what was not done, and the same work leaves the same files", async () => {
  await withModel(async ({ args, folder }) => {
    const list = `${folder}/list.txt`;
    await Deno.writeTextFile(list, [png, `${folder}/late.png`, jpeg, grey].join("\n"));
    const results = `${folder}/results.ndjson`;
    const out = `${folder}/out/`;
    const all = [...args, list, "--out", out, "--save", "npy", "--results", results, "--quiet"];
    const io = fakeIo();
    const stopping = io.stderr.write.bind(io.stderr);
    io.stderr.write = async (text) => {
      io.interruption.abort(); // when the missing photo is told of
      await stopping(text);
    };
    assertEquals(await main(all, io), 75);
    assertMatch(
      io.stderr.lines.at(-1)!,
      /^gradcam: Stopped: it was told to end: what follows record \d was not taken$/,
    );
    assertEquals((await namesIn(folder)).includes("results.ndjson"), false);
    const before = await namesIn(out);
    assert(before.length > 0 && before.every((name) => name.endsWith(".npy")), before.join());
    const again = await work([...all, "--resume"]);
    assertEquals([again.code, again.results.length], [0, 0]);
    const told = await resultsOf(results);
    assertEquals(told.map(({ line, error }) => [line, error?.code]), [
      [1, undefined],
      [2, "photo-missing"],
      [3, undefined],
      [4, undefined],
    ]);
    const after = await namesIn(out);
    assertEquals(after.length, 3);
    assertEquals((await namesIn(folder)).filter((name) => name.includes("journal")), []);
    // From one program to another: what is there is said to be.
    const records = [png, jpeg, grey].map((photo) => ({ photo, save: "npy" }));
    const skipped = await work([...args, "--out", out, "--resume"], records);
    assertEquals(skipped.results.map(({ skipped, files }) => [skipped, files.length]), [
      [true, 1],
      [true, 1],
      [true, 1],
    ]);
    assertEquals(await namesIn(out), after);
  });
});

Deno.test("worker shares a list among shards, each with files of its own", async () => {
  await withModel(async ({ args, folder }) => {
    const list = `${folder}/list.ndjson`;
    const records = [png, jpeg, grey, png, "none.png"].map((photo, at) => ({ id: at, photo }));
    await Deno.writeFile(list, encode(records));
    const files = ["--results", `${folder}/r.ndjson.gz`, "--parquet", `${folder}/r.parquet`];
    const runs = ["0/2", "1/2"].map((shard) => work([...args, list, "--shard", shard, ...files]));
    assertEquals((await Promise.all(runs)).map(({ code }) => code), [0, 0]);
    const names = ["r-00000-of-00002", "r-00001-of-00002"];
    assertEquals(
      (await namesIn(folder)).filter((name) => name.startsWith("r-")),
      names.flatMap((name) => [
        `${name}.ndjson.gz`,
        `${name}.parquet`,
      ]),
    );
    const ids = names.map(async (name) => {
      const packed = new Blob([await Deno.readFile(`${folder}/${name}.ndjson.gz`)]).stream();
      const text = await new Response(packed.pipeThrough(new DecompressionStream("gzip"))).text();
      return text.split("\n").slice(0, -1).map((line) => JSON.parse(line).id);
    });
    assertEquals(await Promise.all(ids), [[0, 2, 4], [1, 3]]);
  });
});

Deno.test("worker stops where a disk is full, and says what it did not take", async () => {
  await withModel(async ({ args, folder }) => {
    const { writeFile } = Deno;
    const out = `${folder}/out/`;
    let files = 0;
    Deno.writeFile = (path, data, options) => {
      const isResult = String(path).includes(".npy") && ++files > 2;
      if (!isResult) return writeFile(path, data, options);
      return Promise.reject(Object.assign(new Error("No space left on device"), { code: "ENOSPC" }));
    };
    const records = Array.from({ length: 40 }, (_, id) => ({ id, photo: png, save: "npy" }));
    try {
      // In this thread: what is changed here is changed in no worker.
      const here = args.map((arg) => arg === "2" ? "1" : arg);
      const { code, results, stderr } = await work([...here, "--backend", "webgpu", "--out", out], records);
      if (stderr.text.includes("WebGPU")) return; // where there is no GPU, all is done in workers
      assertEquals(code, 75);
      assertEquals(results.slice(0, 3).map(({ error }) => error?.code), [undefined, undefined, "disk-full"]);
      assert(results.length < 10, `${results.length}`);
      const last = results.at(-1).line;
      assertMatch(
        stderr.lines.at(-1)!,
        new RegExp(`^gradcam: Stopped: .*no space is left.*record ${last} was`),
      );
      assertEquals((await namesIn(out)).length, 2);
    } finally {
      Deno.writeFile = writeFile;
    }
  });
});

Deno.test("two workers with the same list leave one set of files", async () => {
  await withModel(async ({ args, folder }) => {
    const records = [png, jpeg, grey].map((photo, id) => ({ id, photo, save: "overlay,npy" }));
    const both = await Promise.all([1, 2].map(() => work([...args, "--out", `${folder}/out/`], records)));
    assertEquals(both.map(({ code }) => code), [0, 0]);
    const told = both.map(({ results }) => results.map(({ files }) => files));
    assertEquals(told[0], told[1]);
    const names = await namesIn(`${folder}/out`);
    assertEquals(names.length, 6);
    const alone = await work([...args, "--out", `${folder}/alone/`], records);
    assertEquals([alone.code, await namesIn(`${folder}/alone`)], [0, names]);
    for (const name of names) {
      const [one, other] = ["out", "alone"].map((place) => Deno.readFile(`${folder}/${place}/${name}`));
      assertEquals(await one, await other, name);
    }
  });
});

/** Standard input that never ends, and counts what is taken of it. */
function endless(io: FakeIo, taken: { count: number }): FakeIo {
  const [line] = [encode([{ photo: png }])];
  const stdin = new ReadableStream({
    pull(controller) {
      taken.count++;
      controller.enqueue(line!);
    },
  }, { highWaterMark: 0 });
  return { ...io, stdin };
}

Deno.test("worker reads no further ahead than its results are taken", async () => {
  await withModel(async ({ args }) => {
    const taken = { count: 0 };
    const io = endless(fakeIo(), taken);
    let written = 0;
    io.stdout.write = async () => {
      written++;
      await new Promise((resolve) => setTimeout(resolve, written === 3 ? 300 : 0)); // a slow reader
      if (written === 3) {
        assert(taken.count <= 3 + 2 * 2 + 2, `${taken.count}`);
        throw new Deno.errors.BrokenPipe(); // who then goes
      }
    };
    assertEquals(await main([...args, "--quiet"], io), 75);
    assertEquals(
      io.stderr.text,
      "gradcam: Nobody reads the results any more (run again with --debug for where it happened)\n",
    );
    assertEquals(written, 3);
  });
});
