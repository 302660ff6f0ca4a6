import { assertEquals, assertRejects } from "@std/assert";
import { OutputError } from "../../base/errors.ts";
import { withTempDir } from "../testing.ts";
import { UsageError } from "../usage_error.ts";
import { Journal } from "./journal.ts";

const line = (number: number, retry?: boolean) =>
  JSON.stringify({ id: `p${number}`, line: number, ...(retry !== undefined && { error: { retry } }) });

Deno.test("Journal goes on where it ended, whatever became of its last line", async () => {
  await withTempDir(async (folder) => {
    const path = `${folder}/a.journal`;
    const first = await Journal.begin(path, "s", false);
    for (const text of [line(1), line(2, true), line(3, false)]) await first.add(text);
    first.close();
    await Deno.writeTextFile(path, '{"id":"p4","li', { append: true }); // killed while it wrote

    const second = await Journal.begin(path, "s", true);
    assertEquals(second.size, 2);
    assertEquals([1, 2, 3, 4].map((line) => second.has({ line, id: `p${line}` })), [
      true,
      false,
      true,
      false,
    ]);
    assertEquals(second.has({ line: 1, id: "another" }), false);
    await second.add(line(2, true)); // it fails again
    await second.add(line(4));
    assertEquals(await Array.fromAsync(second.results()), [line(1), line(3, false), line(2, true), line(4)]);
    second.close();

    const third = await Journal.begin(path, "s", true);
    await third.add(line(2));
    assertEquals(await Array.fromAsync(third.results()), [line(1), line(3, false), line(4), line(2)]);
    await third.remove();
    third.close();
    assertEquals(await Array.fromAsync(Deno.readDir(folder)), []);
  });
});

Deno.test("Journal takes up nothing of another run, and belongs to one process", async () => {
  await withTempDir(async (folder) => {
    const path = `${folder}/a.journal`;
    const first = await Journal.begin(path, "s", true); // there is none yet
    await first.add(line(1));
    await assertRejects(() => Journal.begin(path, "s", true), OutputError, "another run writes to it");
    first.close();
    await assertRejects(
      () => Journal.begin(path, "other", true),
      UsageError,
      "it is of other photos or options",
    );
    const anew = await Journal.begin(path, "other", false);
    assertEquals([anew.size, await Array.fromAsync(anew.results())], [0, []]);
    anew.close();
    await assertRejects(
      () => Journal.begin(`${folder}/no/a`, "s", false),
      OutputError,
      "its folder does not exist",
    );
  });
});
