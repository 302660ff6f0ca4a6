import { assertEquals } from "@std/assert";
import { ProgressBar } from "./progress.ts";
import { FakeOutput } from "./testing.ts";

Deno.test("ProgressBar says how far a batch is", async (t) => {
  const cases: { done: number; ms: number; columns: number; line: string }[] = [
    { done: 0, ms: 0, columns: 80, line: `[${" ".repeat(24)}] 0/8 · cat.jpg` },
    {
      done: 2,
      ms: 1000,
      columns: 80,
      line: `[${"=".repeat(6)}${" ".repeat(18)}] 2/8 · 2.0/s · 3 s left · cat.jpg`,
    },
    {
      done: 4,
      ms: 400_000,
      columns: 100,
      line: `[${"=".repeat(12)}${" ".repeat(12)}] 4/8 · 0.010/s · 6 min 40 s left · cat.jpg`,
    },
    { done: 8, ms: 1000, columns: 31, line: `[${"=".repeat(24)}] 8/8` },
  ];
  for (const { done, ms, columns, line } of cases) {
    await t.step(`${done} of 8 after ${ms} ms`, () => {
      const times = [0, ms];
      const bar = new ProgressBar(new FakeOutput(columns), 8, { now: () => times.shift()! });
      assertEquals(bar.line(done, "cat.jpg", columns).trimEnd(), line);
    });
  }
});

Deno.test("ProgressBar draws on terminals only, and for many photos only", async (t) => {
  const cases: { columns: number | undefined; photos: number; drawn: boolean }[] = [
    { columns: 60, photos: 4, drawn: true },
    { columns: 60, photos: 3, drawn: false },
    { columns: undefined, photos: 100, drawn: false },
  ];
  for (const { columns, photos, drawn } of cases) {
    await t.step(`${photos} photos, ${columns} columns`, async () => {
      const output = new FakeOutput(columns);
      const bar = new ProgressBar(output, photos);
      await bar.draw(1, "cat.jpg");
      assertEquals(output.text !== "", drawn);
      await bar.clear();
      assertEquals(output.text.endsWith("\r\x1b[K"), drawn);
      const { text } = output;
      await bar.clear();
      assertEquals(output.text, text, "a second clear writes nothing");
    });
  }
});

Deno.test("ProgressBar shows the work on one photo where it takes over a second", async () => {
  const output = new FakeOutput(80);
  let now = 0;
  const bar = new ProgressBar(output, 1, { now: () => now });
  await bar.draw(0, "cat.jpg");
  const at = (ms: number, done: number) => {
    now = ms;
    bar.work({ done, total: 64 }, "cat.jpg");
  };
  at(900, 16);
  assertEquals(output.text, "", "it may be done soon");
  at(2000, 16);
  at(2050, 17); // too soon to be read
  at(4000, 32);
  await bar.clear();
  const lines = [
    `[${"=".repeat(6)}${" ".repeat(18)}] 16/64 · 6 s left · cat.jpg`,
    `[${"=".repeat(12)}${" ".repeat(12)}] 32/64 · 4 s left · cat.jpg`,
  ];
  assertEquals(output.text, `${lines.map((line) => `\r\x1b[K${line}`).join("")}\r\x1b[K`);
});
