import { assertEquals, assertThrows } from "@std/assert";
import { UsageError } from "../usage_error.ts";
import { arrayJobs, toldShard } from "./array_jobs.ts";
import { chooseShard, isInShard, nameOfShard, shardRule, wholeList } from "./shard.ts";

Deno.test("toldShard() reads what each engine says", () => {
  const told = (variables: Record<string, string>) => toldShard((name) => variables[name]);
  assertEquals(told({}), undefined);
  for (const { title, index, first, count } of arrayJobs) {
    const offset = typeof first === "string" ? 5 : first;
    const variables = {
      [index]: `${offset + 3}`,
      ...(typeof first === "string" && { [first]: "5" }),
      ...(count && { [count]: "8" }),
    };
    assertEquals(told(variables), { title, index: 3, count: count && 8 });
  }
  assertEquals(told({ SGE_TASK_ID: "undefined", JOB_COMPLETION_INDEX: "x" }), undefined);
});

Deno.test("chooseShard() takes what is asked for before what is said", () => {
  const said = { title: "An engine", index: 2, count: 4 };
  assertEquals(chooseShard(undefined, undefined), wholeList);
  assertEquals(chooseShard("1/3", undefined), { index: 1, count: 3 });
  assertEquals(chooseShard(undefined, said), { index: 2, count: 4 });
  assertEquals(chooseShard("/8", said), { index: 2, count: 8 });
  assertEquals(chooseShard("0/8", said), { index: 0, count: 8 });
  const refused = (asked: string | undefined, told: Parameters<typeof chooseShard>[1], message: string) =>
    assertThrows(() => chooseShard(asked, told), UsageError, message);
  refused("/8", undefined, "nothing says which shard this is");
  refused(undefined, { ...said, count: undefined }, "use --shard /N");
  refused("/2", said, "Cannot work on shard 2 of 2");
});

Deno.test("--shard takes I/N alone", () => {
  for (const good of ["0/1", "7/8", "/8"]) assertEquals(shardRule.problem(good), undefined, good);
  for (const bad of ["", "8/8", "1", "-1/8", "1/0", "1.5/8", "a/b", "0/99999999"]) {
    assertEquals(shardRule.problem(bad), `use ${shardRule.allowed}`, bad);
  }
});

Deno.test("shards take each item once, and have files of their own", () => {
  const count = 3;
  const taken = Array.from(
    { length: count },
    (_, index) => Array.from({ length: 20 }, (_, at) => at).filter((at) => isInShard(at, { index, count })),
  );
  assertEquals(taken.flat().sort((a, b) => a - b), Array.from({ length: 20 }, (_, at) => at));
  assertEquals(taken.map(({ length }) => length), [7, 7, 6]);
  assertEquals(nameOfShard("a/b.ndjson.gz", { index: 3, count: 100 }), "a/b-00003-of-00100.ndjson.gz");
  assertEquals(nameOfShard("b.parquet", wholeList), "b.parquet");
});
