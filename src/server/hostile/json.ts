/**
 * JSON that is none, or more than anybody needs.
 *
 * @module
 */
import { encodeBase64 } from "./base64.ts";
import { type Hostile, hostile, postJson, type Samples, wire } from "./request.ts";

const target = "/v1/explain?format=json";
/** Refused; or nothing is there that takes JSON. */
const refused = { statuses: [400, 403, 404, 413, 415, 422] };

/** Texts that are no JSON, or not the one that is asked for. */
export function brokenJson({ plain }: Samples): Hostile[] {
  const photo = encodeBase64(plain!);
  const texts: Readonly<Record<string, string>> = {
    "nothing but space": "   ",
    "a word": "photo",
    "null": "null",
    "true": "true",
    "a number": "1e309",
    "a string": '"photo"',
    "an array": "[]",
    "an empty object": "{}",
    "no end": `{"photo":"${photo}"`,
    "two values": `{"photo":"${photo}"}{}`,
    "a comma at the end": `{"photo":"${photo}",}`,
    "single quotes": "{'photo':'a'}",
    "NaN": '{"photo":"a","top":NaN}',
    "a comment": '{"photo":"a"/**/}',
    "a control character": '{"photo":"a\0b"}',
    "a lone surrogate": '{"photo":"\\ud800"}',
    "an escape that is none": '{"photo":"\\x41"}',
    "100,000 arrays deep": "[".repeat(100_000) + "]".repeat(100_000),
    "100,000 arrays deep without an end": "[".repeat(100_000),
    "100,000 objects deep": '{"a":'.repeat(100_000) + "1" + "}".repeat(100_000),
    "a photo 100,000 deep": `{"photo":${"[".repeat(100_000)}${"]".repeat(100_000)}}`,
    "200,000 keys": `{${Array.from({ length: 200_000 }, (_, index) => `"k${index}":1`).join(",")}}`,
    "200,000 times one key": `{${'"top":1,'.repeat(200_000)}"top":1}`,
    "a number of 1 MB": `{"photo":"a","top":${"9".repeat(1_000_000)}}`,
    "a key of 1 MB": `{"${"k".repeat(1_000_000)}":1}`,
    "10 MB of spaces": " ".repeat(10_000_000),
  };
  return [
    ...Object.entries(texts).map(([name, text]) => hostile(name, () => postJson(target, text), refused)),
    hostile("UTF-16", () => postJson(target, wire("\xff\xfe{\0}\0")), refused),
    hostile("bytes that are no UTF-8", () => postJson(target, wire('{"photo":"\xff\xfe"}')), refused),
    hostile("a mark of byte order", () => postJson(target, wire('\xef\xbb\xbf{"photo":"a"}')), refused),
  ];
}

/** Objects whose values are of a wrong kind. */
export function wrongJson({ plain }: Samples): Hostile[] {
  const photo = encodeBase64(plain!);
  const photos: readonly unknown[] = [
    null,
    1,
    true,
    [],
    {},
    "",
    "a",
    "====",
    "@@@@",
    "data:image/png;base64,",
    `data:text/html;base64,${photo}`,
    `${photo}\0`,
    photo.slice(0, -7),
    [photo],
    { data: photo },
    "A".repeat(1_000_000),
  ];
  const values: Readonly<Record<string, unknown>> = {
    top: 1e308,
    class: [[[]]],
    layer: {},
    method: [["gradcam"]],
    size: [1e9, 1e9],
    region: { x: 1e308, y: -1e308, width: 0, height: null },
    format: [null],
    alpha: "NaN",
    relu: "yes",
    inputs: { __proto__x: 1, constructor: [1e309] },
    constructor: { prototype: { polluted: true } },
    unknown: 1,
  };
  const polluting = [
    `{"__proto__":{"polluted":true},"photo":"a"}`,
    `{"constructor":{"prototype":{"polluted":true}},"photo":"a"}`,
    `{"photo":"a","inputs":{"__proto__":{"polluted":[1]}}}`,
    `{"photo":"a","toString":1,"valueOf":1,"hasOwnProperty":1}`,
  ];
  return [
    ...photos.map((value) =>
      hostile(
        `the photo ${JSON.stringify(value).slice(0, 50)}`,
        () => postJson(target, JSON.stringify({ photo: value })),
        refused,
      )
    ),
    ...Object.entries(values).map(([name, value]) =>
      hostile(
        `${name} ${JSON.stringify(value).slice(0, 50)}`,
        () => postJson(target, JSON.stringify({ photo, [name]: value })),
        refused,
      )
    ),
    ...polluting.map((text) => hostile(text, () => postJson(target, text), refused)),
  ];
}

/** URLs that a service must not go to for a stranger. */
export function inwardUrls(): Hostile[] {
  const urls: readonly string[] = [
    "http://127.0.0.1/photo.png",
    "https://127.0.0.1/photo.png",
    "https://localhost/photo.png",
    "https://LOCALHOST./photo.png",
    "https://0.0.0.0/",
    "https://[::1]/",
    "https://[::ffff:127.0.0.1]/",
    "https://[fe80::1%25eth0]/",
    "https://[fd00::1]/",
    "https://10.0.0.1/",
    "https://172.16.0.1/",
    "https://192.168.1.1/",
    "https://169.254.169.254/latest/meta-data/",
    "http://169.254.169.254/latest/meta-data/",
    "https://100.64.0.1/",
    "https://2130706433/",
    "https://0x7f000001/",
    "https://0177.0.0.1/",
    "https://127.1/",
    "https://①②⑦.⓪.⓪.①/",
    "https://user:secret@127.0.0.1/",
    "https://elsewhere.example@127.0.0.1/",
    "https://127.0.0.1:22/",
    "file:///etc/passwd",
    "data:image/png;base64,AAAA",
    "blob:null/1",
    "ftp://localhost/photo.png",
    "gopher://localhost:70/",
    "javascript:alert(1)",
    "npm:chalk",
    "jsr:@std/assert",
    "//127.0.0.1/",
    "/etc/passwd",
    "",
    "https://",
    "https://a\r\nHost: b/",
    `https://${"a".repeat(100_000)}/`,
    `https://localhost/${"a".repeat(1_000_000)}`,
  ];
  return urls.map((url) =>
    hostile(url.slice(0, 60), () => postJson(target, JSON.stringify({ url })), refused)
  );
}
