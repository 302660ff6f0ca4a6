import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { RateLimiter } from "./rate_limiter.ts";

Deno.test("RateLimiter lets a burst in, then as many as come back over time, each client its own", () => {
  const limiter = new RateLimiter({ perSecond: 2, burst: 3 });
  assertEquals([1, 2, 3].map(() => limiter.take("a", 0)), [0, 0, 0]);
  assertAlmostEquals(limiter.take("a", 0), 0.5, 1e-9);
  assertEquals(limiter.take("b", 0), 0);
  assertAlmostEquals(limiter.take("a", 250), 0.25, 1e-9); // asking again costs nothing
  assertEquals(limiter.take("a", 500), 0);
  assertAlmostEquals(limiter.take("a", 500), 0.5, 1e-9);
  assertEquals([1, 2, 3].map(() => limiter.take("a", 1e9)), [0, 0, 0], "No more than a burst is saved");
  assert(limiter.take("a", 1e9) > 0);
  assert(limiter.take("a", 0) > 0, "A clock that goes back gives nothing");
});

Deno.test("RateLimiter has a burst of ten seconds where none is named, of one at least", () => {
  const count = (perSecond: number) => {
    const limiter = new RateLimiter({ perSecond });
    let allowed = 0;
    while (allowed < 1000 && limiter.take("a", 0) === 0) allowed++;
    return allowed;
  };
  assertEquals([0.01, 0.5, 7].map(count), [1, 5, 70]);
});

Deno.test("RateLimiter remembers a bounded number of clients, those that asked last", () => {
  const limiter = new RateLimiter({ perSecond: 0.001, burst: 1 });
  limiter.take("busy", 0);
  for (let client = 0; client < 30_000; client++) {
    limiter.take(`client ${client}`, 0);
    if (client % 5000 === 0) assert(limiter.take("busy", 0) > 0);
  }
  assertEquals(limiter.clients, 10_000);
  assert(limiter.take("busy", 0) > 0);
});

Deno.test("RateLimiter refuses what is no rate", () => {
  for (
    const limit of [{ perSecond: 0 }, { perSecond: NaN }, { perSecond: 1, burst: 0 }, { perSecond: Infinity }]
  ) {
    assertThrows(() => new RateLimiter(limit), RangeError, "rateLimit.");
  }
});
