import { findSpark } from "./cluster.ts";
import { compare, layOut, runAlone, runOnSpark } from "./run.ts";

const photos = [new URL("../../testdata/photos/", import.meta.url)];
const tools = await findSpark();

Deno.test({
  name: `a Spark job gives every photo one result, though a worker is killed${
    typeof tools === "string" ? ` (skipped: ${tools})` : ""
  }`,
  ignore: typeof tools === "string",
  async fn() {
    if (typeof tools === "string") return;
    const place = await Deno.makeTempDir({ prefix: "gradcam-spark" });
    try {
      const run = await layOut(place, 100, photos);
      await runAlone(run, "alone");
      await runOnSpark(tools, run, { out: "spark", killAfter: 30, partitions: 4 });
      await compare(run, "spark", "alone");
    } finally {
      await Deno.remove(place, { recursive: true });
    }
  },
});
