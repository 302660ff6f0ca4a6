import { assertEquals } from "@std/assert";
import { selectBackend } from "../../backends/mod.ts";
import { openFolder } from "../formats/folder.ts";
import { openModelFolder } from "../formats/mod.ts";
import { leavingNoTensors, testdata } from "../testing/mod.ts";
import { folderOf, RecordingFolder } from "./shared_model.ts";

Deno.test("workers find beside an ONNX file what this thread found: its weights, its repository's files", async () => {
  await selectBackend({ backend: "cpu" });
  const read = (name: string) => Deno.readFile(new URL(`onnx/vit_pooled/${name}`, testdata));
  const files = {
    "net/onnx/model.onnx": await read("newest_external.onnx"),
    "net/onnx/newest_external.onnx.data": await read("newest_external.onnx.data"),
    "net/onnx/model_fp16.onnx": await read("newest_external.onnx"),
    "net/config.json": new TextEncoder().encode('{"id2label": {"0": "cat", "1": "dog"}}'),
  };
  await leavingNoTensors(async () => {
    const recording = new RecordingFolder(await openFolder(files));
    using here = await openModelFolder(recording);
    using there = await openModelFolder(folderOf(structuredClone(recording.shared())));
    assertEquals(here.labels, ["cat", "dog"]);
    assertEquals([there.labels, there.notes, there.name], [here.labels, here.notes, here.name]);
    assertEquals(there.layers.length, here.layers.length);
  });
});
