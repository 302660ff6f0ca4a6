import { assertEquals } from "@std/assert";
import * as errors from "../base/errors.ts";
import { receiveError, sendError } from "./sent_error.ts";

Deno.test("receiveError() gives an error of the class that was sent", async (t) => {
  const types = [...Object.values(errors), RangeError, TypeError, Error];
  for (const type of types) {
    await t.step(type.name, () => {
      const sent = new type("Cannot do it: do it otherwise");
      const received = receiveError(structuredClone(sendError(sent)));
      assertEquals(received.constructor, type);
      assertEquals([received.name, received.message, received.stack], [sent.name, sent.message, sent.stack]);
    });
  }
  await t.step("one of the platform's", () => {
    const received = receiveError(sendError(new DOMException("too large", "DataCloneError")));
    assertEquals([received.name, received.message], ["DataCloneError", "too large"]);
  });
  await t.step("no error at all", () => {
    assertEquals(receiveError(sendError("what")).message, "what");
  });
});
