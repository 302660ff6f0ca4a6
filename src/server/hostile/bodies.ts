/**
 * Bodies that are not what their heads say.
 *
 * @module
 */
import { deflateRawSync, gzipSync } from "node:zlib";
import {
  bare,
  boundary,
  field,
  file,
  form,
  formType,
  head,
  type Hostile,
  hostile,
  type Part,
  post,
  postForm,
  type Samples,
  wire,
} from "./request.ts";

const explain = "/explain?format=json";
const refused = { statuses: [400, 411, 413, 415, 422] };

/** No photo at all. */
export function emptyBodies(): Hostile[] {
  const types = [
    "image/png",
    "application/octet-stream",
    "application/json",
    formType.slice(14),
    "text/plain",
  ];
  return [
    ...types.map((type) =>
      hostile(`nothing as ${type}`, () => post(explain, "", [`Content-Type: ${type}`]), refused)
    ),
    hostile("no type, no length", () => bare("POST", explain), refused),
    hostile("no last line", () => post(explain, `--${boundary}`, [formType]), refused),
    hostile("the last line alone", () => post(explain, `--${boundary}--\r\n`, [formType]), refused),
    hostile("a form without the photo", () => postForm(explain, [field("top", "1")]), refused),
    hostile("a form with an empty photo", () => postForm(explain, [file("photo", "")]), refused),
  ];
}

/** More or less than the length says; and what is sent in chunks of one byte. */
export function wrongLengths({ plain, large }: Samples): Hostile[] {
  const say = (length: number | string) =>
    head(`POST ${explain} HTTP/1.1`, ["Host: a", "Content-Type: image/png", `Content-Length: ${length}`]);
  const whole = plain!.length;
  return [
    hostile("one byte less", () => wire(say(whole + 1), plain!), { end: "close" }),
    hostile("1 GB less", () => wire(say(1e9), plain!), { end: "close" }),
    hostile("19 MB less, and waiting", () => wire(say(19e6), plain!), { end: "leave" }),
    hostile("one byte more", () => wire(say(whole - 1), plain!), { end: "close" }),
    hostile("none of what was said", () => wire(say(whole)), { end: "close" }),
    hostile("none of it, and waiting", () => wire(say(whole)), { end: "leave" }),
    hostile("none of it, and gone", () => wire(say("20000001")), { end: "leave" }),
    hostile("20 MB of zeros", () => post(explain, new Uint8Array(20_000_000)), refused),
    hostile("21 MB, too many by length", () => post(explain, new Uint8Array(21_000_000)), { end: "leave" }),
    hostile("60 kB in chunks of one byte", () => {
      const chunks = Array.from(large!.slice(0, 60_000), (byte) => `1\r\n${String.fromCharCode(byte)}\r\n`);
      const start = ["Host: localhost", "Content-Type: image/png", "Transfer-Encoding: chunked"];
      return wire(head(`POST ${explain} HTTP/1.1`, start), chunks.join(""), "0\r\n\r\n");
    }),
  ];
}

/** Forms whose parts do not come apart. */
export function brokenForms({ plain }: Samples): Hostile[] {
  const whole = form([file("photo", plain!)]);
  const typed = (type: string, body = whole) => () => post(explain, body, [`Content-Type: ${type}`]);
  const types: readonly string[] = [
    "multipart/form-data",
    "multipart/form-data;",
    "multipart/form-data; boundary",
    "multipart/form-data; boundary=",
    'multipart/form-data; boundary=""',
    'multipart/form-data; boundary="----hostile',
    "multipart/form-data; boundary=other",
    "multipart/form-data; boundary=\xff",
    "multipart/form-data; boundary=a b",
    `multipart/form-data; boundary=${"b".repeat(10_000)}`,
    "multipart/form-data; boundary=----hostile; boundary=other",
    "MULTIPART/FORM-DATA; BOUNDARY=----hostile",
    "multipart/form-data; charset=utf-16; boundary=----hostile",
    "multipart/form-data ; boundary=----hostile",
    'multipart/form-data; x="; boundary=----hostile',
  ];
  const disposition = 'Content-Disposition: form-data; name="photo"';
  const heads: Readonly<Record<string, string>> = {
    "no headers": "",
    "no disposition": "Content-Type: image/png",
    "another disposition": 'Content-Disposition: attachment; name="photo"; filename="a"',
    "no name": 'Content-Disposition: form-data; filename="a.png"',
    "an empty name": 'Content-Disposition: form-data; name=""; filename="a.png"',
    "no file name": disposition,
    "an empty file name": `${disposition}; filename=""`,
    "a file name of 100 kB": `${disposition}; filename="${"a".repeat(100_000)}"`,
    "a path as file name": `${disposition}; filename="../../../etc/passwd"`,
    "a file name in another charset": `${disposition}; filename*=x-no-such''%ff%fe`,
    "a NUL in the file name": `${disposition}; filename="a\0.png"`,
    "a name with a line end": 'Content-Disposition: form-data; name="pho%0d%0ato"; filename="a"',
    "a quote that does not end": 'Content-Disposition: form-data; name="photo; filename=a',
    "bytes that are no UTF-8": 'Content-Disposition: form-data; name="pho\xff\xfeto"; filename="a"',
    "two names": 'Content-Disposition: form-data; name="top"; name="photo"; filename="a"',
    "two dispositions": `${disposition}; filename="a"\r\nContent-Disposition: form-data; name="top"`,
    "base64 as transfer encoding": `${disposition}; filename="a"\r\nContent-Transfer-Encoding: base64`,
    "a folded header": 'Content-Disposition: form-data;\r\n name="photo"; filename="a"',
    "a header of 1 MB": `${disposition}; filename="a"\r\nX: ${"a".repeat(1_000_000)}`,
    "10,000 headers": `${disposition}; filename="a"${"\r\nX: a".repeat(10_000)}`,
    "a type that is none": `${disposition}; filename="a"\r\nContent-Type: \xff/;;;`,
    "__proto__ as name": 'Content-Disposition: form-data; name="__proto__"; filename="a.png"',
  };
  return [
    ...types.map((type) => hostile(type.slice(0, 70), typed(type))),
    ...Object.entries(heads).map(([name, lines]) =>
      hostile(name, () => postForm(explain, [[lines, plain!]]))
    ),
    ...[0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9].map((part) =>
      hostile(`cut at ${part}`, typed(formType.slice(14), whole.slice(0, whole.length * part)), refused)
    ),
    hostile(
      "line feeds alone",
      typed(formType.slice(14), wire(form([field("top", "1")]).map((byte) => byte === 13 ? 10 : byte))),
    ),
    hostile("a preface of 1 MB", typed(formType.slice(14), wire("a".repeat(1_000_000), "\r\n", whole))),
    hostile("an epilogue of 1 MB", typed(formType.slice(14), wire(whole, "a".repeat(1_000_000)))),
    hostile("a form in a form", () => {
      const inner: Part = [
        `${disposition}\r\nContent-Type: multipart/mixed; boundary=inner`,
        form([file("a", plain!)]),
      ];
      return postForm(explain, [inner]);
    }, refused),
    hostile("1 MB of boundaries", typed(formType.slice(14), wire(`--${boundary}\r\n`.repeat(70_000)))),
    hostile(
      "1 MB of almost boundaries",
      typed(formType.slice(14), wire(`\r\n--${boundary.slice(0, -1)}`.repeat(70_000))),
    ),
  ];
}

/** Forms of very many fields, or of very long ones. */
export function manyFields({ plain }: Samples): Hostile[] {
  const photo = file("photo", plain!);
  const many = (count: number, make: (index: number) => Part) => () =>
    postForm(explain, [...Array.from({ length: count }, (_, index) => make(index)), photo]);
  return [
    hostile("10,000 fields", many(10_000, (index) => field(`f${index}`, "1")), refused),
    hostile("5,000 of one name", many(5000, () => field("class", "1")), refused),
    hostile("5,000 of one unknown name", many(5000, () => field("none", "1")), refused),
    hostile("20,000 of one photo", many(20_000, () => file("photo", "a")), refused),
    hostile("5,000 files of many names", many(5000, (index) => file(`f${index}`, "a")), refused),
    hostile("5,000 for another input", many(5000, () => field("inputs.a", "1")), refused),
    hostile("5,000 files for other inputs", many(5000, (index) => file(`inputs.${index}`, plain!)), refused),
    hostile("50,000 empty fields", many(50_000, () => field("", "")), refused),
    hostile("a name of 1 MB", many(1, () => field("n".repeat(1_000_000), "1")), refused),
    hostile("a class of 1 MB", many(1, () => field("class", "c".repeat(1_000_000))), refused),
    hostile("a layer of 1 MB", many(1, () => field("layer", "l".repeat(1_000_000))), refused),
    hostile("numbers of 1 MB", many(1, () => field("region", "1,".repeat(500_000))), refused),
    hostile("a method of 10 MB", many(1, () => field("method", "m".repeat(10_000_000))), refused),
    hostile(
      "a file's name of 1 MB",
      () => postForm(explain, [file("photo", plain!, "a".repeat(1_000_000)), photo]),
      refused,
    ),
  ];
}

/** Which of them is the photo? */
export function severalPhotos({ plain }: Samples): Hostile[] {
  const forms: Readonly<Record<string, readonly Part[]>> = {
    "two photos": [file("photo", plain!), file("photo", plain!)],
    "a photo and its name as text": [file("photo", plain!), field("photo", "a")],
    "text in the place of the photo": [field("photo", "a")],
    "Photo": [file("Photo", plain!)],
    "photo[]": [file("photo[]", plain!)],
    "photo and photo[]": [file("photo", plain!), file("photo[]", plain!)],
    "a file for a parameter": [file("photo", plain!), file("top", "1")],
    "a file for an unknown name": [file("photo", plain!), file("x", "1")],
    "a file for an input that is not there": [file("photo", plain!), file("inputs.none", plain!)],
  };
  return [
    hostile("bytes without a file name", () => postForm(explain, [field("photo", plain!)])), // a photo all the same
    ...Object.entries(forms).map(([name, parts]) => hostile(name, () => postForm(explain, parts), refused)),
  ];
}

/** Bodies that are packed, and unpack to far more. */
export function packedBodies({ plain }: Samples): Hostile[] {
  const zeros = new Uint8Array(100_000_000);
  const gzip = () => Uint8Array.from(gzipSync(zeros, { level: 1 }));
  const packed = (encoding: string, body: Uint8Array<ArrayBuffer>, type = "image/png") =>
    post(explain, body, [`Content-Type: ${type}`, `Content-Encoding: ${encoding}`]);
  return [
    hostile("100 MB of zeros as gzip, said so", () => packed("gzip", gzip())),
    hostile("100 MB of zeros as gzip, not said", () => post(explain, gzip()), refused),
    hostile("100 MB of zeros in a form", () => packed("gzip", gzip(), formType.slice(14))),
    hostile("100 MB of zeros as JSON", () => packed("gzip", gzip(), "application/json")),
    hostile("a photo packed twice", () => packed("gzip, gzip", Uint8Array.from(gzipSync(gzipSync(plain!))))),
    hostile("deflate", () => packed("deflate", Uint8Array.from(deflateRawSync(plain!)))),
    hostile("gzip that is none", () => packed("gzip", plain!)),
  ];
}
