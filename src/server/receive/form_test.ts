import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { post, receive, utf8 } from "./testing.ts";

const type = "multipart/form-data; boundary=edge";
const disposition = 'Content-Disposition: form-data; name="photo"';

/** A form as it is sent; lines end in CRLF. */
function wire(...lines: readonly string[]): Uint8Array<ArrayBuffer> {
  return utf8(lines.join("\r\n"));
}

/** A form of one part. */
function one(head: string, content = "bytes"): Uint8Array<ArrayBuffer> {
  return wire("--edge", ...head === "" ? [] : [head], "", content, "--edge--", "");
}

const whole = one(`${disposition}; filename="a.png"`);

function asText(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}

Deno.test("readForm() reads what browsers and others send", async (t) => {
  const named = (head: string) => one(`Content-Disposition: form-data; ${head}`);
  const cases: readonly {
    name: string;
    body: Uint8Array<ArrayBuffer>;
    type?: string;
    fileName?: string | undefined;
    content?: string;
  }[] = [
    { name: "one file", body: whole, fileName: "a.png" },
    {
      name: "a quoted boundary",
      body: whole,
      type: 'multipart/form-data; boundary="edge"',
      fileName: "a.png",
    },
    {
      name: "other parameters",
      body: whole,
      type: "Multipart/Form-Data;charset=utf-8; Boundary=edge",
      fileName: "a.png",
    },
    { name: "what stands before", body: wire("not read", "", asText(whole)), fileName: "a.png" },
    { name: "what stands behind", body: wire(asText(whole), "--edge", "not read"), fileName: "a.png" },
    { name: "no line end at the end", body: whole.subarray(0, -2), fileName: "a.png" },
    {
      name: "spaces after boundaries",
      body: wire("--edge \t", `${disposition}; filename=a.png`, "", "bytes", "--edge--"),
      fileName: "a.png",
    },
    {
      name: "names in other letters",
      body: one('CONTENT-disposition: Form-Data; NAME="photo"; FileName="a.png"'),
      fileName: "a.png",
    },
    { name: "without quotes", body: named("name=photo; filename=a.png"), fileName: "a.png" },
    { name: "spaces", body: named('name = "photo" ; filename = "a.png" ;'), fileName: "a.png" },
    {
      name: "a semicolon in a name",
      body: named('name="photo"; filename="a;name=b.png"'),
      fileName: "a;name=b.png",
    },
    {
      name: "a quote as browsers write it",
      body: named('name="photo"; filename="a%22b.png"'),
      fileName: 'a"b.png',
    },
    {
      name: "a quote as curl writes it",
      body: named(String.raw`name="photo"; filename="a\"b.png"`),
      fileName: 'a"b.png',
    },
    {
      name: "a path of Windows",
      body: named(String.raw`name="photo"; filename="C:\cats\tom.png"`),
      fileName: "tom.png",
    },
    { name: "a path", body: named('name="photo"; filename="../../etc/passwd"'), fileName: "passwd" },
    {
      name: "letters of all kinds",
      body: named('name="photo"; filename="猫😀ä.png"'),
      fileName: "猫😀ä.png",
    },
    {
      name: "an extended name",
      body: named("name=photo; filename=x; filename*=UTF-8''na%C3%AFve%20cat.png"),
      fileName: "naïve cat.png",
    },
    { name: "one in Latin", body: named("name=photo; filename*=iso-8859-1'en'%A3.png"), fileName: "£.png" },
    {
      name: "one in a charset that is none",
      body: named("name=photo; filename=x.png; filename*=x-none''%ff"),
      fileName: "x.png",
    },
    {
      name: "bytes without a name",
      body: one(`${disposition}\r\nContent-Type: image/png`),
      fileName: undefined,
    },
    { name: "an empty name", body: named('name="photo"; filename=""'), fileName: undefined },
    {
      name: "a line that goes on",
      body: one('Content-Disposition: form-data;\r\n\tname="photo";\r\n filename="a.png"'),
      fileName: "a.png",
    },
    {
      name: "other headers",
      body: one(`X-A: 1\r\n${disposition}; filename="a.png"\r\nContent-Transfer-Encoding: binary`),
      fileName: "a.png",
    },
    {
      name: "what looks like a boundary",
      body: one(`${disposition}; filename="a.png"`, "\r\n\r--edge\r\n--edg\r\n-edge--edge\n--edge"),
      fileName: "a.png",
      content: "\r\n\r--edge\r\n--edg\r\n-edge--edge\n--edge",
    },
    {
      name: "line ends at both ends",
      body: one(`${disposition}; filename="a.png"`, "\r\n\r\n a \r\n"),
      fileName: "a.png",
      content: "\r\n\r\n a \r\n",
    },
  ];
  for (const { name, body, type: contentType = type, fileName, content = "bytes" } of cases) {
    await t.step(name, async () => {
      const upload = await receive(post(body, contentType));
      assert("photo" in upload, JSON.stringify(upload));
      assertEquals([asText(upload.photo.bytes), upload.photo.name], [content, fileName]);
    });
  }
});

Deno.test("readForm() says what is wrong with a form", async (t) => {
  const damaged = "Cannot read the form: ";
  const cases:
    readonly (readonly [name: string, body: Uint8Array<ArrayBuffer>, detail: string, type?: string])[] = [
      [
        "no boundary said",
        whole,
        `${damaged}its content-type does not say its boundary`,
        "multipart/form-data",
      ],
      ["an empty boundary", whole, `${damaged}its content-type`, 'multipart/form-data; boundary=""'],
      [
        "too long a boundary",
        whole,
        `${damaged}its content-type`,
        `multipart/form-data; boundary=${"e".repeat(71)}`,
      ],
      [
        "two boundaries",
        whole,
        `${damaged}its content-type`,
        "multipart/form-data; boundary=edge; boundary=a",
      ],
      [
        "another boundary",
        whole,
        `${damaged}its boundary is not in it`,
        "multipart/form-data; boundary=other",
      ],
      ["line feeds alone", utf8(asText(whole).replaceAll("\r", "")), damaged],
      [
        "something after a boundary",
        wire("--edgeX", disposition, "", "a", "--edge--"),
        `${damaged}its boundary is followed`,
      ],
      ["no head", one(""), `${damaged}a part does not say its field's name`],
      ["no disposition", one("Content-Type: image/png"), `${damaged}a part does not say`],
      [
        "another disposition",
        one('Content-Disposition: attachment; name="photo"; filename=a'),
        `${damaged}a part does not say`,
      ],
      ["no name", one("Content-Disposition: form-data; filename=a"), `${damaged}a part does not say`],
      [
        "two names",
        one('Content-Disposition: form-data; name="top"; name="photo"; filename=a'),
        `${damaged}a part does not say`,
      ],
      [
        "two dispositions",
        one(`${disposition}; filename=a\r\n${disposition}; filename=b`),
        `${damaged}a part does not say`,
      ],
      [
        "a quote that does not end",
        one('Content-Disposition: form-data; name="photo; filename=a'),
        `${damaged}a part does not say`,
      ],
      ["a line without a colon", one(`${disposition}; filename=a\r\nwhat`), `${damaged}a part does not say`],
      [
        "base64",
        one(`${disposition}; filename=a\r\nContent-Transfer-Encoding: base64`),
        `${damaged}a part does not say`,
      ],
      [
        "a head of 100 kB",
        one(`${disposition}; filename="${"a".repeat(100_000)}"`),
        `${damaged}a part has no content, or too long a head`,
      ],
      ["nothing but the end", wire("--edge--", ""), "Cannot find the photo"],
      [
        "a text for the photo",
        one(disposition),
        "Cannot use photo: give a file, or the id of a photo that was kept",
      ],
      [
        "no file chosen",
        one(`${disposition}; filename=""`, ""),
        'Cannot find the photo: give one file in the field "photo", the files are none',
      ],
      [
        "ten files",
        wire(
          ...Array.from(
            { length: 10 },
            (_, at) => ["--edge", `Content-Disposition: form-data; name=f${at}; filename=a`, "", "a"],
          ).flat(),
          "--edge--",
        ),
        'the files are "f0", "f1", "f2", "f3", "f4", …',
      ],
    ];
  for (const [name, body, detail, contentType = type] of cases) {
    await t.step(name, async () => {
      const refused = await receive(post(body, contentType));
      assert("detail" in refused, "It was taken");
      assertStringIncludes(refused.detail, detail);
      assertEquals([refused.status, refused.detail.includes("\n")], [400, false]);
    });
  }
  for (let length = 1; length < whole.length - 4; length += 3) {
    await t.step(`cut after ${length} bytes`, async () => {
      const refused = await receive(post(whole.subarray(0, length), type));
      assert("detail" in refused, "It was taken");
      assertEquals([refused.status, refused.code], [400, "form-invalid"]);
    });
  }
});

/** How long the longest pause between two turns of others is while something runs, in milliseconds. */
async function longestPause(run: () => Promise<unknown>): Promise<number> {
  let [longest, last] = [0, performance.now()];
  const look = () => {
    longest = Math.max(longest, performance.now() - last);
    last = performance.now();
  };
  const ticking = setInterval(look, 1);
  await run();
  clearInterval(ticking);
  look();
  return longest;
}

Deno.test("readForm() bounds fields, and takes forms of any kind without holding others up", async (t) => {
  const field = (name: string, value: string) =>
    `--edge\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`;
  const start = `--edge\r\n${disposition}; filename="a.png"\r\n\r\n`, end = "\r\n--edge--\r\n";
  const filled = (content: Uint8Array) => new Uint8Array([...utf8(start), ...content, ...utf8(end)]);
  const size = 4_000_000;
  const sound: Readonly<Record<string, Uint8Array>> = {
    zeros: new Uint8Array(size),
    "carriage returns": new Uint8Array(size).fill(13),
    "line ends": Uint8Array.from({ length: size }, (_, at) => at % 2 === 0 ? 13 : 10),
    "almost boundaries": utf8("\r\n--edg".repeat(size / 7)),
  };
  for (const [name, content] of Object.entries(sound)) {
    const body = filled(content);
    await t.step(name, async () => {
      let upload;
      const pause = await longestPause(async () => upload = await receive(post(body, type)));
      assertEquals(
        (upload as unknown as { photo: { bytes: Uint8Array } }).photo.bytes.length,
        content.length,
      );
      assert(pause < 400, `Others waited for ${pause} ms`); // 20 to 30 on a machine that does nothing else
    });
  }
  const many: Readonly<Record<string, readonly [body: string, detail: string]>> = {
    "10,000 fields": [
      Array.from({ length: 10_000 }, (_, at) => field(`f${at}`, "1")).join(""),
      "Cannot read the form: it has more than 200 parts",
    ],
    "5,000 of one name": [
      field("class", "1").repeat(5000),
      "Cannot read the form: it has more than 200 parts",
    ],
    "a field of 100,001 bytes": [
      field("class", "c".repeat(100_001)),
      'Cannot use "class": it has 100001 bytes, at most 100000 are taken',
    ],
    "201 fields": [field("class", "1").repeat(200), "more than 200 parts"],
  };
  for (const [name, [fields, detail]] of Object.entries(many)) {
    await t.step(name, async () => {
      const body = utf8(`${fields}${start}bytes${end}`);
      const began = performance.now();
      const refused = await receive(post(body, type));
      assert(performance.now() - began < 1000);
      assert("detail" in refused, "It was taken");
      assertEquals(refused.status, 400);
      assertStringIncludes(refused.detail, detail);
    });
  }
  await t.step("200 parts are taken", async () => {
    const upload = await receive(post(utf8(`${field("class", "1").repeat(199)}${start}bytes${end}`), type));
    assert("parameters" in upload);
    assertEquals(upload.parameters.get("class")?.length, 199);
  });
  await t.step("so many parameters of a URL", async () => {
    for (const [count, status] of [[200, 200], [201, 400], [20_000, 400]] as const) {
      const query = `?${Array.from({ length: count }, () => "class=1").join("&")}`;
      assertEquals((await receive(post(utf8("a"), "image/png", query))).status, status);
    }
    assertEquals((await receive(post(utf8("a"), "image/png", `?class=${"c".repeat(100_001)}`))).status, 400);
  });
});

Deno.test("readForm() gives files that share no memory", async () => {
  const body = wire(
    "--edge",
    `${disposition}; filename=a`,
    "",
    "one",
    "--edge",
    "Content-Disposition: form-data; name=inputs.b; filename=b",
    "",
    "two",
    "--edge--",
  );
  const upload = await receive(post(body, type));
  assert("photo" in upload);
  assertEquals([asText(upload.photo.bytes), asText(upload.photos["b"]!.bytes)], ["one", "two"]);
  assert(upload.photo.bytes.buffer !== upload.photos["b"]!.bytes.buffer);
});

Deno.test("readForm() reads what the platform writes", async () => {
  const form = new FormData();
  const names = ['a"b\r\nc.png', "ü 猫.png", "a\\b", "%22.png"];
  form.append("photo", new File(["cat"], names[0]!));
  names.slice(1).forEach((name, at) => form.append(`inputs.${at}`, new File([name], name)));
  form.append('na"me\r\n', 'val"ue\r\n');
  const request = new Request("http://localhost/explain", { method: "POST", body: form });
  const upload = await receive(request);
  assert("photo" in upload, JSON.stringify(upload));
  assertEquals([...upload.parameters], [['na"me\r\n', ['val"ue\r\n']]]);
  assertEquals(upload.photo.name, 'a"b\r\nc.png');
  assertEquals(names.slice(1).map((_, at) => asText(upload.photos[at]!.bytes)), names.slice(1));
});

Deno.test("readForm() takes what no text can be for a file, where there may be one, named or not", async () => {
  const jpeg = Uint8Array.of(0xff, 0xd8, 0xff, 0xe0, 0, 0x10);
  const head = (name: string) => `--edge\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n`;
  const bodyOf = (names: readonly string[]) =>
    new Blob([...names.flatMap((name) => [head(name), jpeg, "\r\n"]), "--edge--\r\n"]);
  const upload = await receive(post(bodyOf(["photo", "like", "inputs.b"]), type));
  assert("photo" in upload, JSON.stringify(upload));
  const { photo, like, photos, parameters } = upload;
  for (const file of [photo, like, photos["b"]]) assertEquals(file, { bytes: jpeg, name: undefined });
  assertEquals(parameters.size, 0);
  const other = await receive(post(bodyOf(["photo", "class"]), type)); // which is a text, whatever is in it
  assert("photo" in other, JSON.stringify(other));
  assertEquals([...other.parameters.keys()], ["class"]);
});
