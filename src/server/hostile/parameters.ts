/**
 * Parameters with values that they cannot have, one each in the URL of a sound photo.
 *
 * @module
 */
import { field, file, type Hostile, hostile, post, postForm, type Samples } from "./request.ts";

/** Values that programs stumble over, as they stand in a URL. */
const nasty: Readonly<Record<string, string>> = {
  "NaN": "NaN",
  "infinite": "1e309",
  "minus zero": "-0",
  "negative": "-1",
  "hexadecimal": "0x10",
  "a half": "0.5",
  "beyond whole numbers": "9007199254740993",
  "digits of another script": "%D9%A1%D9%A2",
  "full width digits": "%EF%BC%91",
  "spaces": "%20%20",
  "a plus": "+1",
  "long": "a".repeat(5000),
  "long digits": "9".repeat(5000),
  "__proto__": "__proto__",
  "constructor": "constructor",
  "a path": "..%2F..%2Fetc%2Fpasswd",
  "a line end": "a%0D%0AX-Injected:%201",
  "NUL": "%00",
  "a lone surrogate": "%ED%A0%80",
  "no UTF-8": "%FF%FE",
  "no escape": "%",
  "markup": "%3Cscript%3E",
  "null": "null",
  "commas": ",,,",
  "right to left": "%E2%80%AEgnp",
  "combined": `e${"%CC%81".repeat(500)}`,
};

/** All parameters that there are, but for those that the nasty values do not hurt. */
const names = [
  "class",
  "top",
  "layer",
  "method",
  "target",
  "versus",
  "like",
  "box",
  "samples",
  "visible",
  "score",
  "relu",
  "preprocess",
  "fit",
  "range",
  "output",
  "input",
  "size",
  "region",
  "colormap",
  "alpha",
  "opacity",
  "contour",
  "boxes",
  "threshold",
  "level",
  "minSide",
  "format",
  "inputs.none",
];

/** The answers that are right: some of the values mean something, such as a negative class of none. */
const answered = { statuses: [200, 400, 404, 413, 414, 422] };

/** Each parameter with each nasty value. */
export function nastyValues({ plain }: Samples): Hostile[] {
  return names.flatMap((name) =>
    Object.entries(nasty).map(([what, value]) =>
      hostile(`${name}, ${what}`, () => post(`/explain?format=json&${name}=${value}`, plain!), answered)
    )
  );
}

/** Parameters twice, unknown ones, and very many. */
export function oddParameters({ plain }: Samples): Hostile[] {
  const refused = { statuses: [400, 404, 413, 414, 422, 431] };
  const queries: Readonly<Record<string, string>> = {
    "__proto__": "__proto__=1",
    "__proto__[a]": "__proto__[a]=1",
    "constructor": "constructor=1",
    "constructor.prototype": "constructor.prototype=1",
    "toString": "toString=1",
    "inputs.": "inputs.=1",
    "inputs.__proto__": "inputs.__proto__=1",
    "inputs.constructor": "inputs.constructor=1",
    "inputs of 5,000 numbers": `inputs.a=${"1,".repeat(5000)}1`,
    "an empty name": "=1",
    "a name that is no UTF-8": "%FF=1",
    "a name of 30 kB": `${"n".repeat(30_000)}=1`,
    "1,000 names": Array.from({ length: 1000 }, (_, index) => `p${index}=1`).join("&"),
    "1,000 classes": "class=1&".repeat(1000),
    "1,000 names of classes": Array.from({ length: 1000 }, (_, index) => `class=cat${index}`).join("&"),
    "a class of 50 kB": `class=${"c".repeat(50_000)}`,
    "a layer of 50 kB": `layer=${"l".repeat(50_000)}`,
    "a method of 50 kB": `method=${"m".repeat(50_000)}`,
    "5,000 formats that are none": "format=x&".repeat(5000),
  };
  return [
    ...names.filter((name) => name !== "class" && name !== "format").map((name) =>
      hostile(`${name} twice`, () => post(`/explain?${name}=1&${name}=1`, plain!), refused)
    ),
    ...Object.entries(queries).map(([name, query]) =>
      hostile(name, () => post(`/explain?${query}`, plain!), refused)
    ),
    hostile(
      "a parameter in the URL and the form",
      () => postForm("/explain?format=json&top=1", [field("top", "2"), file("photo", plain!)]),
      answered,
    ),
    hostile(
      "formats in a form",
      () => postForm("/explain", [...Array(2000).fill(field("format", "json")), file("photo", plain!)]),
    ),
  ];
}

/** Methods that need a gradient, and others, so many times. */
function methodsAt(count: number): string {
  const names = ["gradcam", "fem", "eigencam", "kpcacam"];
  return Array.from({ length: count }, (_, index) => `method=${names[index % names.length]}`).join("&");
}

/** What would cost the service more than any answer is worth. */
export function costly({ plain, photo }: Samples): Hostile[] {
  const early = "layer=stem_relu&format=json";
  const classes = (count: number) => Array.from({ length: count }, (_, index) => `class=${index}`).join("&");
  return [
    hostile("100 classes at an early layer", () => post(`/explain?${early}&${classes(100)}`, photo!), {
      statuses: [400, 413, 422],
    }),
    hostile("1,000 classes", () => post(`/explain?format=json&${classes(1000)}`, photo!), {
      statuses: [400, 413, 422],
    }),
    ...[
      "method=scorecam",
      "method=rise&samples=100000",
      "method=occlusion&window=1&stride=1",
      `${methodsAt(40)}&top=20`,
      `${Array(9).fill("layer=head_relu").join("&")}`,
    ].map((query) =>
      hostile(
        `more than is allowed: ${query.slice(0, 40)}`,
        () => post(`/explain?format=json&${query}`, plain!),
        {
          statuses: [400, 422],
        },
      )
    ),
    hostile("the best five at an early layer", () => post(`/explain?${early}&top=5`, photo!)),
    hostile(
      "all formats of the best 20",
      () => post("/explain?format=json&format=npy&format=panel&format=overlay&format=heatmap&top=20", photo!),
    ),
    hostile(
      "a class name of 100 kB",
      () => postForm("/explain?format=json", [field("class", "c".repeat(100_000)), file("photo", plain!)]),
    ),
    hostile(
      "a layer's name of 100 kB",
      () => postForm("/explain?format=json", [field("layer", "block".repeat(20_000)), file("photo", plain!)]),
    ),
    hostile(
      "20 class names that are none",
      () =>
        post(
          `/explain?format=json&${
            Array(20).fill(`class=${"Egyptian cta ".repeat(40).replaceAll(" ", "+")}`).join("&")
          }`,
          plain!,
        ),
    ),
    hostile("the largest small side", () => post("/explain?minSide=1024&format=panel", plain!)),
    hostile("the largest size", () => post("/explain?size=2048x2048&format=json", plain!)),
  ];
}
