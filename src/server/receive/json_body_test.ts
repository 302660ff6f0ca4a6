import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import type { HandlerOptions } from "../options.ts";
import { readLimits } from "../limits.ts";
import { readParameters } from "../parameters.ts";
import { decodeBase64 } from "./base64.ts";
import { LongText } from "./json_text.ts";
import { post, receive, utf8 } from "./testing.ts";

/** Receive JSON, which may be damaged. */
function send(json: unknown, options: HandlerOptions = {}, query = "") {
  const body = typeof json === "string" ? json : JSON.stringify(json);
  return receive(post(body, "application/json", query), options);
}

const photo = btoa("bytes");

function asText(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}

Deno.test("readJsonBody() reads the photo in base64 of all kinds", async (t) => {
  const long = crypto.getRandomValues(new Uint8Array(60_000));
  const longText = long.toBase64();
  const escaped = (text: string) => `{"photo":"${text}"}`;
  const cases: readonly (readonly [name: string, json: unknown, expected: Uint8Array])[] = [
    ["base64", { photo }, utf8("bytes")],
    ["without padding", { photo: photo.replaceAll("=", "") }, utf8("bytes")],
    ["a data: URL", { photo: `data:image/png;base64,${photo}` }, utf8("bytes")],
    ["a data: URL of bytes", { photo: `data:application/octet-stream;base64,${photo}` }, utf8("bytes")],
    ["a data: URL without a type", { photo: `data:;base64,${photo}` }, utf8("bytes")],
    ["a data: URL of a charset", { photo: `DATA:image/png;charset=x;BASE64,${photo}` }, utf8("bytes")],
    ["of URLs' alphabet", { photo: "_-_-" }, new Uint8Array([255, 239, 254])],
    ["in lines", { photo: "Ynl0\r\nZXM=\n" }, utf8("bytes")],
    ["long", { photo: longText }, long],
    ["long, a data: URL", { photo: `data:image/png;base64,${longText}` }, long],
    ["long, of URLs' alphabet", {
      photo: longText.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", ""),
    }, long],
    ["long, in lines", { photo: longText.replaceAll(/.{76}/g, "$&\r\n") }, long],
    ["long, slashes escaped", escaped(longText.replaceAll("/", "\\/")), long],
    ["long, pluses escaped", escaped(longText.replaceAll("+", "\\u002B")), long],
    [
      "long, all escaped",
      escaped(longText.replaceAll(/./g, (letter) => `\\u00${letter.charCodeAt(0).toString(16)}`)),
      long,
    ],
    ["a slash escaped in its type", escaped(`data:image\\/png;base64,${longText}`), long],
    ["an escaped name", `{"\\u0070hoto":"${longText}"}`, long],
    ["with spaces", `\r\n{ "photo" :\t"${longText}" }\n`, long],
    ["after a byte order mark", `\ufeff{"photo":"${photo}"}`, utf8("bytes")],
  ];
  for (const [name, json, expected] of cases) {
    await t.step(name, async () => {
      const upload = await send(json, { maxFieldBytes: 1000 });
      assert("photo" in upload, JSON.stringify(upload));
      assert(
        upload.photo.bytes.length === expected.length &&
          upload.photo.bytes.every((byte, at) => byte === expected[at]),
      );
    });
  }
});

Deno.test("readJsonBody() reads parameters as URLs have them, and inputs", async () => {
  const json = {
    photo,
    class: [3, "tabby", "5"],
    top: 2,
    relu: true,
    contour: false,
    alpha: 0.25,
    region: [1, -2, 3.5, 1e3],
    size: [10, 8],
    range: [0, 4095],
    format: ["json", "overlay"],
    input: 0,
    output: "mask",
    keep: true,
    inputs: { age: 0.5, row: [1, -2.5, 1e-7], "a.b": [1], other: photo },
  };
  const upload = await send(json, {}, "?class=9&minSide=3&inputs.other=1,2&inputs.age=7");
  assert("photo" in upload, JSON.stringify(upload));
  assertEquals(
    Object.fromEntries(Object.entries(upload.photos).map(([name, { bytes }]) => [name, asText(bytes)])),
    {
      other: "bytes",
    },
  );
  const limits = readLimits({});
  const { options, drawing, renderings, keep } = readParameters(upload.parameters, {
    limits,
    models: ["default"],
  });
  assertEquals(options, {
    classIndex: [3, 5],
    label: ["tabby"],
    top: 2,
    relu: true,
    region: { x: 1, y: -2, width: 3.5, height: 1000 },
    size: [10, 8],
    range: [0, 4095],
    input: 0,
    output: "mask",
    inputs: { age: [0.5], row: [1, -2.5, 1e-7], "a.b": [1] },
  });
  assertEquals([drawing, renderings.map(({ name }) => name), keep], [
    { minSide: 3, contour: false, alpha: 0.25, maxSide: limits.maxSide },
    ["json", "overlay"],
    true,
  ]);
});

Deno.test("readJsonBody() says what is wrong, in one line", async (t) => {
  const damaged = "Cannot read the JSON: ";
  const nested = (depth: number) => `${'{"a":'.repeat(depth)}1${"}".repeat(depth)}`;
  const cases: readonly (readonly [json: unknown, detail: string])[] = [
    ["{", `${damaged}it is no JSON`],
    ["nonsense", `${damaged}it is no JSON`],
    ['{"photo":"', `${damaged}a text in it does not end`],
    ['{"photo":"\\"}', `${damaged}a text in it does not end`],
    [`{"photo":"${photo}"} {}`, `${damaged}it is no JSON`],
    [`{"photo":'${photo}'}`, `${damaged}it is no JSON`],
    [nested(4), `${damaged}it is nested too deep`],
    [nested(1_000_000), `${damaged}it is nested too deep`],
    ["[".repeat(1_000_000), `${damaged}it is nested too deep`],
    [
      `{"photo":"${photo}","top":${"1".repeat(1_000_001)}}`,
      `${damaged}it has more than 1000000 bytes besides its texts`,
    ],
    [`{"inputs":{"a":[${"1,".repeat(600_000)}1]}}`, `${damaged}it has more than 1000000 bytes`],
    [`{${'"a":1,'.repeat(2000)}"b":1}`, `${damaged}it has too many members`],
    [`{"${"a".repeat(100_001)}":1}`, `${damaged}a member's name in it is too long`],
    [`{"photo":"${photo}","${"a".repeat(50_000)}":1}`, "Unknown parameter"],
    ["[]", 'Cannot use the JSON: give an object with a "photo"'],
    ["null", "Cannot use the JSON: give an object"],
    ["1", "Cannot use the JSON: give an object"],
    ['"text"', "Cannot use the JSON: give an object"],
    ["{}", 'Cannot find the photo: give "photo" as base64, { "url" } or { "id" }'],
    [{ photo: null }, "Cannot use photo null: give base64"],
    [{ photo: 1 }, "Cannot use photo 1: give base64"],
    [{ photo: [photo] }, "Cannot use photo ["],
    [{ photo: {} }, "Cannot use photo an object: give base64"],
    [{ photo: { id: 1 } }, "Cannot use photo an object"],
    [{ photo: { id: "a", url: "b" } }, "Cannot use photo an object"],
    [{ photo: { path: "/etc/passwd" } }, "Cannot use photo an object"],
    [{ photo: { id: "a" } }, "Cannot use photo: give a file, or the id of a photo that was kept"],
    [{ photo: "" }, "Cannot use photo: it is empty"],
    [{ photo: "a b!" }, 'Cannot use photo "a b!": give base64'],
    [{ photo: "a" }, "give base64"],
    [{ photo: `${photo}${photo}` }, "give base64"], // something follows the padding
    [{ photo: "data:image/png,abc" }, "give base64"],
    [{ photo: "data:text/html;base64,AAAA" }, "give base64"],
    [{ photo: "https://photos.example.com/cat.png" }, "give base64"],
    [{ photo, colourmap: "jet" }, 'Unknown parameter "colourmap": use one of colormap'],
    [{ photo, constructor: 1 }, 'Unknown parameter "constructor"'],
    [`{"photo":"${photo}","__proto__":1}`, 'Unknown parameter "__proto__"'],
    [{ photo, top: "2" }, 'Cannot use top "2": give a number'],
    [{ photo, top: [1] }, "Cannot use top [1]: give a number"],
    [{ photo, top: null }, "Cannot use top null: give a number"],
    [{ photo, relu: 1 }, "Cannot use relu 1: give true or false"],
    [{ photo, relu: "true" }, 'Cannot use relu "true": give true or false'],
    [{ photo, layer: "" }, 'Cannot use layer "": give a text'],
    [{ photo, layer: 3 }, "Cannot use layer 3: give a text"],
    [{ photo, layer: { a: 1 } }, "Cannot use layer an object: give a text"],
    [
      { photo, layer: "l".repeat(100_001) },
      'Cannot use "layer": it has 100001 bytes, at most 100000 are taken',
    ],
    [{ photo, class: true }, "Cannot use class true: give a number or a text"],
    [{ photo, class: [] }, "Cannot use class []: give a number or a text"],
    [{ photo, class: [[1]] }, "Cannot use class [1]: give a number or a text"],
    [{ photo, region: [] }, "Cannot use region []"],
    [{ photo, region: ["1", 2, 3, 4] }, "Cannot use region ["],
    [{ photo, inputs: [1] }, "Cannot use inputs [1]: give an object"],
    [{ photo, inputs: { a: [] } }, "Cannot use inputs.a []: give a number or an array of numbers"],
    [
      { photo, inputs: { a: [1, null] } },
      "Cannot use inputs.a [1, null]: give a number or an array of numbers",
    ],
    [{ photo, inputs: { a: {} } }, "Cannot use inputs.a an object: give"],
    [{ photo, inputs: { a: "no!" } }, 'Cannot use inputs.a "no!": give base64'],
    [{ photo, inputs: { a: Array(60_000).fill(1) } }, "at most 100000 are taken"],
    [{ photo, inputs: { "": [1] } }, 'Unknown parameter "inputs."'],
  ];
  for (const [json, detail] of cases) {
    const name = typeof json === "string" ? json : JSON.stringify(json);
    await t.step(name.slice(0, 60), async () => {
      const began = performance.now();
      const refused = await send(json);
      assert("detail" in refused, "It was taken");
      assertEquals([refused.status, refused.detail.includes("\n")], [400, false], refused.detail);
      assertStringIncludes(refused.detail, detail);
      assert(refused.detail.length < 600, refused.detail);
      assert(performance.now() - began < 2000);
    });
  }
  await t.step("bytes that are no UTF-8", async () => {
    const refused = await receive(
      post(new Uint8Array([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]), "application/json"),
    );
    assert("detail" in refused);
    assertEquals(refused.detail, `${damaged}it is no JSON`);
  });
});

Deno.test("decodeBase64() reads texts of any length in pieces", async (t) => {
  const bytes = crypto.getRandomValues(new Uint8Array(65_536));
  const many = new Uint8Array(20 * bytes.length).map((_, at) => bytes[at % bytes.length]!);
  const text = many.toBase64();
  const equal = (decoded: Uint8Array | undefined, expected: Uint8Array) =>
    decoded?.length === expected.length && decoded.every((byte, at) => byte === expected[at]);
  for (const cut of [0, 1, 2, 3, 4, 5, 1000]) {
    await t.step(`${cut} bytes less`, async () => {
      const part = many.subarray(0, many.length - cut);
      assert(equal(await decodeBase64(new LongText(utf8(part.toBase64()))), part));
      assert(equal(await decodeBase64(part.toBase64({ omitPadding: true })), part));
    });
  }
  await t.step("escapes where pieces end", async () => {
    const at = 2 ** 20;
    for (let before = 0; before < 8; before++) {
      const escaped = `${text.slice(0, at - before)}\\u00${text.charCodeAt(at - before).toString(16)}${
        text.slice(at - before + 1)
      }`;
      assert(equal(await decodeBase64(new LongText(utf8(escaped))), many), `${before}`);
    }
  });
  await t.step("what is none", async () => {
    for (
      const wrong of [
        `${text}!`,
        `!${text}`,
        `${text}\\`,
        "\\".repeat(2_000_000),
        "=".repeat(2_000_000),
        `${text}\\q`,
      ]
    ) {
      assertEquals(await decodeBase64(new LongText(utf8(wrong))), undefined);
    }
  });
});
