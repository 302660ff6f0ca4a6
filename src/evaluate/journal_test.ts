import { assert, assertEquals, assertRejects } from "@std/assert";
import { OutputError } from "../base/errors.ts";
import { linesOf, photos, run, withModel } from "./testing.ts";
import type { EvaluateOptions } from "./evaluate_options.ts";

async function refusal(options: EvaluateOptions, of = photos): Promise<string> {
  const error = await assertRejects(() => run(of, options), OutputError);
  return error.message.replace(/"[^"]*results.ndjson"/, "JOURNAL");
}

Deno.test("evaluate() goes on where its journal ends, also in the middle of a line, and comes to the same bytes", async () => {
  await withModel(async (model, folder) => {
    const [whole, journal] = [`${folder}/whole.ndjson`, `${folder}/results.ndjson`];
    const found = await run(photos, { model, journal: whole });
    const text = await Deno.readTextFile(whole);
    const lines = text.split("\n");
    assertEquals(lines.length, 1 + photos.length + 1);
    for (
      const end of [lines[0]!.length - 5, text.indexOf(lines[2]!), text.indexOf(lines[3]!) + 7, text.length]
    ) {
      await Deno.writeTextFile(journal, text.slice(0, end));
      const done: number[] = [];
      const again = await run(photos, {
        model,
        journal,
        jobs: end % 2 + 1,
        onBegin: (_, run) => done.push(run.done),
      });
      assertEquals(await Deno.readTextFile(journal), text);
      assertEquals(linesOf(again), linesOf(found));
      assertEquals(done, [Math.max(text.slice(0, end).split("\n").length - 2, 0)]);
    }
    assert(!text.includes('"ms"'));
    assertEquals(linesOf(await run(photos.slice(0, 2), { model, journal })), linesOf(found.slice(0, 2)));
  });
});

Deno.test("evaluate() refuses a journal of other settings, other photos, other things, or of another run", async () => {
  await withModel(async (model, folder) => {
    const journal = `${folder}/results.ndjson`;
    await run(photos.slice(0, 2), { model, journal });
    const text = await Deno.readTextFile(journal);
    assertEquals(
      await refusal({ model, journal, seed: 4, metrics: ["deletion"] }),
      "Cannot go on with JOURNAL: its results were made with other settings (metrics, seed): name another folder, or remove it",
    );
    assertEquals(
      await refusal({ model, journal }, photos.toReversed()),
      'Cannot go on with these photos: "plain.jpg" came before where "grey.jpg" does: name another folder',
    );
    await Deno.writeTextFile(journal, "hello\n");
    assertEquals(
      await refusal({ model, journal }),
      "Cannot go on with JOURNAL: it is no evaluation of this version: name another folder",
    );
    await Deno.writeTextFile(journal, text.replace('{"index":0', '{"index":7'));
    assertEquals(
      await refusal({ model, journal }),
      "Cannot go on with JOURNAL: line 2 is damaged: remove it and what follows",
    );
    await Deno.writeTextFile(journal, text);
    using file = await Deno.open(journal, { read: true, write: true });
    assert(await file.tryLock(true));
    assertEquals(await refusal({ model, journal }), "Cannot write JOURNAL: another run writes to it");
    assertEquals(
      await refusal({ model, journal: `${folder}/no/results.ndjson` }),
      "Cannot write JOURNAL: its folder does not exist",
    );
  });
});

Deno.test("evaluate() keeps times where it is told to, and no function", async () => {
  await withModel(async (model, folder) => {
    const journal = `${folder}/results.ndjson`;
    await run(photos.slice(0, 1), { model, journal, times: true });
    assert((await Deno.readTextFile(journal)).includes('"ms"'));
    const error = await assertRejects(
      () => run(photos, { model, journal, target: (output) => output.sum() }),
      TypeError,
    );
    assertEquals(
      error.message,
      "Cannot keep results that depend on a function: leave out journal, or give target otherwise",
    );
  });
});
