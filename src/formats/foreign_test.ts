import { assertEquals } from "@std/assert";
import { recogniseMistake } from "./foreign.ts";

const encoder = new TextEncoder();

Deno.test("recogniseMistake() tells texts in place of weights from weights that begin like one", () => {
  const page = "it is a web page or XML, not a model: check the address it was downloaded from";
  const pages = [
    "<!DOCTYPE html>\n<html>",
    "\r\n  <?xml version='1.0'?>",
    "\ufeff<html lang=zh><title>\u627e\u4e0d\u5230</title>",
    `<html>${"\u00e9".repeat(300)}`, // cut within a letter
  ];
  for (const text of pages) assertEquals(recogniseMistake(encoder.encode(text).subarray(0, 512)), page, text);
  assertEquals(
    recogniseMistake(encoder.encode("version https://git-lfs.github.com/spec/v1\noid sha256:0")),
    "it is a Git LFS pointer, not the file itself: fetch it with git lfs pull",
  );
  const numbers: readonly (readonly number[])[] = [
    [0x3c, 0x0e, 0x98, 0xbf, 0xa7, 0xd0, 0xe6, 0x3f], // such as a bias of RegNetY-128GF
    [0x20, 0x3c, 0x68, 0x3f], // one float32
    [0x3c, 0x68, 0x00, 0x3c], // two of float16
    [0x3c, 0x3c],
  ];
  for (const bytes of numbers) assertEquals(recogniseMistake(Uint8Array.from(bytes)), undefined);
});
