import { assertEquals } from "@std/assert";
import { choose, redo, undo } from "./history.ts";
import { firstSettings } from "./settings.ts";

const first = { settings: firstSettings, past: [], future: [] };

Deno.test("undo() and redo() go back and forth, and choosing forgets what was undone", () => {
  const chosen = choose(choose(first, { colormap: "jet" }), { contour: true });
  const back = undo(chosen);
  assertEquals([back.settings.colormap, back.settings.contour], ["jet", false]);
  assertEquals(undo(back).settings, firstSettings);
  assertEquals(undo(undo(back)).settings, firstSettings, "further than to the beginning it does not go");
  assertEquals(redo(back), chosen);
  assertEquals(redo(chosen), chosen);
  assertEquals(choose(back, { exact: true }).future, []);
});

Deno.test("choose() takes a slider's moves for one, and does not remember without end", () => {
  let line: Parameters<typeof choose>[0] = choose(first, { alpha: 0.1 });
  for (const alpha of [0.2, 0.3]) line = choose(line, { alpha }, true);
  assertEquals([line.settings.alpha, line.past.length], [0.3, 1]);
  assertEquals(undo(line).settings.alpha, undefined);
  for (let step = 0; step < 300; step++) line = choose(line, { classIndex: step });
  assertEquals(line.past.length, 100);
});
