/** The arithmetic and the tables of `deno task bench:peers`, and its conversations, without the peers. */
import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { Conversation } from "./peers/conversation.ts";
import { figures, holds, type Measurements } from "./peers/figures.ts";
import { joinUnits, KeptUnits } from "./peers/kept.ts";
import { readOptions } from "./peers/options.ts";
import { denoCommand, reasonIn, runToEnd } from "./peers/process.ts";
import { ratioTable, shortTables, writeBetweenMarks } from "./peers/report.ts";
import { median, quartiles } from "./peers/statistics.ts";

const measured: Measurements = {
  warm: [
    { network: "VGG16", peer: "ours", task: "heatmap", ms: [100, 90, 400] },
    { network: "VGG16", peer: "ours", task: "forward", ms: [80, 80, 80] },
    { network: "VGG16", peer: "ours, graph model", task: "forward", ms: [50, 50] },
    { network: "VGG16", peer: "AUCMEDI", task: "heatmap", ms: [85, 85, 85] },
    { network: "VGG16", peer: "multiply-adds alone", task: "forward", ms: [96, 100] },
  ],
  cold: [
    { name: "ours", runs: [{ ms: 500, megabytes: 200 }] },
    { name: "AUCMEDI", runs: [{ ms: 6500, megabytes: undefined }] },
  ],
  batches: [],
  memory: [{ network: "VGG16", weights: [500], peak: [700, 850, 800], own: [600, 650] }],
};

async function withScript(code: string, use: (script: URL) => Promise<void>): Promise<void> {
  const path = await Deno.makeTempFile({ suffix: ".ts" });
  try {
    await Deno.writeTextFile(path, code);
    await use(new URL(`file://${path}`));
  } finally {
    await Deno.remove(path);
  }
}

Deno.test("median and quartiles", () => {
  assertEquals(median([3, 1, 2]), 2);
  assertEquals(median([4, 1, 2, 3]), 2.5);
  assertEquals(quartiles([5, 1, 2, 3, 4]), [2, 4]);
});

Deno.test("figures are ratios of medians, without those that lack a side", () => {
  assertEquals(
    figures(measured).map((figure) => [figure.name, figure.value, holds(figure)]),
    [
      ["AUCMEDI ÷ ours, heatmap, VGG16", 0.85, false],
      ["our heatmap ÷ our forward pass, VGG16", 1.25, false],
      ["layers model ÷ graph model, our forward pass, VGG16", 1.6, false],
      ["share of the measured peak of 128 bits, our forward pass, VGG16", 1.225, true],
      ["peak memory after the first map ÷ weights in float32, VGG16", 1.6, true],
      ["likewise without what the process takes before the model, VGG16", 1.25, false],
      ["AUCMEDI ÷ ours, cold", 13, true],
    ],
  );
});

Deno.test("ratioTable() says what is reached", () => {
  const lines = ratioTable(measured).split("\n");
  assertEquals(lines[2], "| AUCMEDI ÷ ours, heatmap, VGG16 | 0.85 | at least 2.1 | no |");
  assertEquals(lines[3], "| our heatmap ÷ our forward pass, VGG16 | 1.25 |  |  |");
  assertEquals(
    lines[6],
    "| peak memory after the first map ÷ weights in float32, VGG16 | 1.60 | at most 1.6 | yes |",
  );
  assertEquals(lines[8], "| AUCMEDI ÷ ours, cold | 13.0 | at least 12 | yes |");
});

Deno.test("shortTables() have a column for each network, and the other figures", () => {
  const report = {
    ...measured,
    ...{ agreements: [], versions: {}, leftOut: [], machine: "", rounds: 1, threads: 2, date: "" },
    load: ["", ""] as const,
  };
  assertEquals(shortTables(report).split("\n"), [
    "| warm heatmap | VGG16 |",
    "| --- | --- |",
    "| ours | 100 ms |",
    "| AUCMEDI ÷ ours | 0.85 |",
    "",
    "| other ratios of that run |  |",
    "| --- | --- |",
    "| layers model ÷ graph model, our forward pass, VGG16 | 1.60 |",
    "| share of the measured peak of 128 bits, our forward pass, VGG16 | 1.23 |",
    "| peak memory after the first map ÷ weights in float32, VGG16 | 1.60 |",
    "| AUCMEDI ÷ ours, cold | 13.0 |",
  ]);
});

Deno.test("writeBetweenMarks() leaves the rest of the file", async () => {
  const path = await Deno.makeTempFile({ suffix: ".md" });
  try {
    await Deno.writeTextFile(path, "before\n\n<!-- a: begin -->\n\nold\n\n<!-- a: end -->\n\nafter\n");
    await writeBetweenMarks(new URL(`file://${path}`), "a", "new");
    assertEquals(
      await Deno.readTextFile(path),
      "before\n\n<!-- a: begin -->\n\nnew\n\n<!-- a: end -->\n\nafter\n",
    );
    await assertRejects(
      () => writeBetweenMarks(new URL(`file://${path}`), "b", "new"),
      Error,
      "put <!-- b: begin -->",
    );
  } finally {
    await Deno.remove(path);
  }
});

Deno.test("readOptions()", async (t) => {
  const refused: readonly (readonly [string, string])[] = [
    ["--rounds=0", "Cannot run 0 rounds"],
    ["--only=keras", 'Unknown --only "keras": use one of ours, '],
    ["--networks=VGG", 'Unknown --networks "VGG"'],
    ["--rows=nothing such", 'No row of the table contains "nothing such"'],
  ];
  for (const [argument, message] of refused) {
    await t.step(argument, () => void assertThrows(() => readOptions([argument]), RangeError, message));
  }
  await t.step("files are written after a whole run alone", () => {
    const wishes = [[], ["--print"], ["--parts", "cold"], ["--rows", "VGG16"], ["--resume"]];
    assertEquals(wishes.map((args) => readOptions(args).print), [false, true, true, true, false]);
  });
  await t.step("rows tell what is measured", () => {
    const { wanted } = readOptions([
      "--rows",
      "former kernels ÷ ours, heatmap, resnet50",
      "--rows",
      "ours, cold",
    ]);
    const isWanted = [
      { part: "warm", network: "ResNet50", peer: "our former kernels", task: "heatmap" },
      { part: "warm", network: "ResNet50", peer: "ours", task: "forward" },
      { part: "warm", network: "VGG16" },
      { part: "cold", peer: "AUCMEDI" },
      { part: "memory" },
    ].map((side) => wanted.has(side));
    assertEquals(isWanted, [true, false, false, true, false]);
    assertEquals(readOptions([]).wanted.has({ part: "memory" }), true);
  });
  await t.step("ours is always measured, and first", () => {
    assertEquals(readOptions(["--only", "aucmedi"]).only, ["ours", "aucmedi"]);
  });
});

Deno.test("KeptUnits take what was measured for the same wish", async () => {
  const path = await Deno.makeTempFile();
  let runs = 0;
  const run = () => Promise.resolve({ leftOut: [`run ${++runs}`] });
  try {
    const first = await KeptUnits.open(path, "wish", false);
    assertEquals((await first.measure("cold", run)).leftOut, ["run 1"]);
    const resumed = await KeptUnits.open(path, "wish", true);
    const units = [await resumed.measure("cold", run), await resumed.measure("batches", run)];
    assertEquals(joinUnits(units).leftOut, ["run 1", "run 2"]);
    for (const [wish, isResumed] of [["another", true], ["wish", false]] as const) {
      const anew = await KeptUnits.open(path, wish, isResumed);
      assertEquals((await anew.measure("cold", run)).leftOut, [`run ${runs}`]);
    }
  } finally {
    await Deno.remove(path);
  }
});

Deno.test("Conversation", async (t) => {
  const answering = `
    import { answer } from "${new URL("peers/children/answer.ts", import.meta.url)}";
    let runs = 0;
    await answer({ child: "1" }, {
      run: { heatmap: () => new Promise((resolve) => setTimeout(resolve, runs++ === 0 ? 30 : 1)) },
      map: ({ classIndex, options }) => {
        if (classIndex === 9) throw new Error("no such class");
        return Promise.resolve({ map: [runs, options?.relu ? 1 : 0], shape: [1, 2] });
      },
    });`;
  await t.step("answers in turn, with untimed runs first", () =>
    withScript(answering, async (script) => {
      const conversation = await Conversation.open(denoCommand(script));
      assertEquals(conversation.versions, { child: "1" });
      const ms = await conversation.run("heatmap", { classIndex: 0, warmMs: 20, times: 3 });
      assertEquals(ms.length, 3);
      assertEquals((await conversation.map(0, { relu: true })).map, [4, 1]); // one untimed run, three timed
      await conversation.close();
    }));
  await t.step("tells why a process ended", () =>
    withScript(answering, async (script) => {
      const conversation = await Conversation.open(denoCommand(script));
      await assertRejects(() => conversation.map(9), Error, "no such class");
      await conversation.close();
    }));
  await t.step(
    "tells why a process did not begin",
    () =>
      withScript('console.error("no module"); Deno.exit(1);', async (script) => {
        await assertRejects(() => Conversation.open(denoCommand(script)), Error, "no module");
      }),
  );
});

Deno.test("runToEnd() gives time and peak, or the reason", async (t) => {
  await t.step(
    "ended well",
    () =>
      withScript("await new Promise((resolve) => setTimeout(resolve, 100));", async (script) => {
        const { ms, megabytes } = await runToEnd(denoCommand(script));
        assertEquals(ms >= 100, true);
        if (Deno.build.os === "linux") assertEquals(megabytes! > 10, true);
      }),
  );
  await t.step("failed", () =>
    withScript('console.error("Reason\\n\\n"); Deno.exit(3);', async (script) => {
      await assertRejects(() => runToEnd(denoCommand(script)), Error, "Reason");
    }));
});

Deno.test("reasonIn() finds the line that tells", () => {
  const cases: readonly (readonly [string, string])[] = [
    ["Traceback\n  in x\nValueError: no\n\n", "ValueError: no"],
    ["error: Uncaught (in promise) Error: no\n    at file:1:2", "error: Uncaught (in promise) Error: no"],
    [
      "ERROR: No matching distribution found for x\n[notice] A new release",
      "ERROR: No matching distribution found for x",
    ],
    ["one\ntwo\n", "two"],
    ["", "no output"],
  ];
  for (const [text, reason] of cases) assertEquals(reasonIn(text), reason);
});
