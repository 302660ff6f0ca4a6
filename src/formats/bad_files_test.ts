/** Files that hold no model, or half of one, or were made to do harm: one line says what is wrong. */
import { assert, assertEquals, assertLess, assertRejects } from "@std/assert";
import { ModelError } from "../base/errors.ts";
import { bytesSource } from "../platform/byte_source.ts";
import { openArchive } from "./keras/zip.ts";
import { now } from "../testing/clock.ts";
import { leavingNoTensors, testdata, tryBackend } from "../testing/mod.ts";
import { loadModel } from "./mod.ts";
import { type AnyJson, encode, packZip, type ZipEntry } from "./testing.ts";

const folder = new URL("zoo/", testdata);
const archive = await Deno.readFile(new URL("transfer/keras3.keras", folder));
const h5 = await Deno.readFile(new URL("sequential/keras3.h5", folder));

const opened = openArchive(bytesSource(archive), "transfer/keras3.keras");
const entries = opened.names.map((name): ZipEntry => ({ name, content: opened.read(name)! }));
const weights = entries.find(({ name }) => name === "model.weights.h5")!.content;

/** The archive with one of its files otherwise. */
function repack(changed: string, change: (entry: ZipEntry) => ZipEntry | undefined): Uint8Array {
  return packZip(entries.flatMap((entry) => entry.name === changed ? change(entry) ?? [] : entry));
}

/** The archive with another architecture, whose layers can be found by name at any depth. */
function withConfig(change: (layer: (name: string) => AnyJson, config: AnyJson) => void): Uint8Array {
  return repack("config.json", ({ name, content }) => {
    const config = JSON.parse(new TextDecoder().decode(content));
    function find(name: string, model = config): AnyJson {
      for (const layer of model.config.layers ?? []) {
        const found = layer.config.name === name ? layer : layer.config.layers && find(name, layer);
        if (found) return found;
      }
    }
    change(find, config);
    return { name, content: encode(JSON.stringify(config)) };
  });
}

/** Bytes as deflate packs them. */
async function deflate(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  return await new Response(new Blob([bytes]).stream().pipeThrough(new CompressionStream("deflate-raw")))
    .bytes();
}

function flip(bytes: Uint8Array, at: number): Uint8Array<ArrayBuffer> {
  const flipped = bytes.slice();
  flipped[at]! ^= 1;
  return flipped;
}

/** Every place where some numbers stand one after another as HDF5 notes a shape, with others in their stead. */
function reshape(bytes: Uint8Array, from: readonly number[], to: readonly number[]): Uint8Array {
  const pattern = new BigUint64Array(from.map(BigInt));
  const text = new TextDecoder("latin1");
  const wanted = text.decode(pattern.buffer);
  const all = text.decode(bytes);
  const changed = bytes.slice();
  const stead = new Uint8Array(new BigUint64Array(to.map(BigInt)).buffer);
  for (let at = all.indexOf(wanted); at >= 0; at = all.indexOf(wanted, at + 1)) changed.set(stead, at);
  return changed;
}

const packed = await deflate(entries[1]!.content.slice());

const rows: Record<string, [Uint8Array, string]> = {
  "an empty file": [new Uint8Array(), "the file is empty"],
  "a photo": [Uint8Array.of(0xff, 0xd8, 0xff, 0xe0), "it is a photo, not a model"],
  "a TIFF": [encode("II*\0\x08\0\0\0"), "it is a photo, not a model"],
  "a WebP": [encode("RIFF\0\0\0\0WEBPVP8 "), "it is a photo, not a model"],
  "a DICOM file": [encode(`${"\0".repeat(128)}DICM`), "it is a DICOM file, not a model"],
  "a DICOM file without preamble": [
    encode("\x08\0\x05\0CS\x0a\0ISO_IR 100\x08\0\x16\0UI\x04\x001.2\0"),
    "it is a DICOM file, not a model",
  ],
  "a NIfTI volume": [encode(`${"\0".repeat(344)}n+1\0`), "it is a NIfTI volume, not a model"],
  "a HEIC photo": [encode("\0\0\0\x18ftypheic\0\0\0\0"), "it is a HEIC photo, not a model"],
  "a text": [encode("import keras\n"), 'it is a text that begins with "import keras", not a model'],
  "PyTorch's pickle": [Uint8Array.of(0x80, 0x02, 0x8a), "it is a PyTorch file"],
  "PyTorch's archive": [packZip([{ name: "net/data.pkl", content: encode("x") }]), "it is a PyTorch file"],
  "safetensors": [encode('\x40\0\0\0\0\0\0\0{"weight":{}}'), "it is a safetensors file"],
  "ONNX": [Uint8Array.of(0x08, 0x07, 0x12, 0x07), "it is an ONNX model"],
  "a SavedModel": [Uint8Array.of(0x08, 0x01, 0x12, 0x07), "it is a TensorFlow SavedModel"],
  "a frozen graph": [Uint8Array.of(0x0a, 0x1b, 0x0a), "it is a TensorFlow graph (.pb)"],
  "TensorFlow Lite": [encode("\x1c\0\0\0TFL3"), "it is a TensorFlow Lite model"],
  "gzip": [Uint8Array.of(0x1f, 0x8b, 8), "it is packed with gzip: unpack it first"],
  "a NumPy archive": [packZip([{ name: "a.npy", content: encode("x") }]), "it is a NumPy archive"],
  "an archive of an archive": [
    packZip([{ name: "m.keras", content: archive }]),
    "it is a packed model: unpack it first",
  ],
  "an archive of a folder": [
    packZip([{ name: "m/model.json", content: encode("{}") }]),
    "it is a packed folder",
  ],
  "an archive of a SavedModel": [
    packZip([{ name: "m/saved_model.pb", content: encode("x") }]),
    "it is a packed SavedModel",
  ],
  "an archive of other things": [
    packZip([{ name: "a.txt", content: encode("x") }]),
    'no Keras model: it holds "a.txt"',
  ],
  "an empty archive": [packZip([]), "it is an empty ZIP archive"],
  "HDF5 cut short": [h5.slice(0, 5000), "its HDF5 file is damaged or cut short"],
  "weights of Keras 3 alone": [
    weights,
    "it holds weights but no architecture: save the whole model with model.save()",
  ],
  "an archive cut short": [archive.slice(0, -30), "its ZIP archive is damaged or cut short"],
  "an archive with a flipped bit": [flip(archive, archive.length >> 1), "inside it is damaged"],
  "an archive without weights": [
    repack("model.weights.h5", () => undefined),
    "it holds an architecture but no weights",
  ],
  "an archive without architecture": [
    repack("config.json", () => undefined),
    "it is a .keras archive without its config.json",
  ],
  "an architecture that is no JSON": [
    repack("config.json", (entry) => ({ ...entry, content: encode('{"class_name"') })),
    "its architecture is damaged",
  ],
  "an architecture nested in itself": [
    repack(
      "config.json",
      (entry) => ({ ...entry, content: encode('{"config":['.repeat(2e4) + "]}".repeat(2e4)) }),
    ),
    "its architecture is nested too deep",
  ],
  "layers without an end": [
    withConfig((_, config) => {
      const [input] = config.config.layers;
      const flat = { class_name: "Flatten", module: "keras.layers", config: { trainable: true } };
      const layers = Array.from({ length: 5000 }, (_, i) => ({ ...flat, config: { name: `flat_${i}` } }));
      Object.assign(config, { class_name: "Sequential", config: { name: "m", layers: [input, ...layers] } });
    }),
    "it has more layers in a row than can be followed",
  ],
  "an architecture that is nothing": [
    repack("config.json", (entry) => ({ ...entry, content: encode("null") })),
    'its class is "no model"',
  ],
  "a record that is nothing": [
    repack("metadata.json", (entry) => ({ ...entry, content: encode("[") })),
    "its architecture is damaged",
  ],
  "weights of another model": [
    repack("model.weights.h5", (entry) => ({ ...entry, content: h5 })),
    "it has no weights for layer",
  ],
  "weights that are no HDF5": [
    repack("model.weights.h5", (entry) => ({ ...entry, content: encode("weights") })),
    "its HDF5 file is damaged or cut short",
  ],
  "a layer that is not known": [
    withConfig((layer) => Object.assign(layer("relu"), { class_name: "Swirl", module: "mine" })),
    'layer "relu" is a "Swirl", which is no layer of Keras\'s own',
  ],
  "a Lambda": [
    withConfig((layer) => Object.assign(layer("relu"), { class_name: "Lambda" })),
    'layer "relu" is a Lambda, whose Python code cannot be run',
  ],
  "weights of another shape": [
    withConfig((layer) => layer("dw").config.kernel_size = [5, 3]),
    'layer "backbone/dw" takes weights [5, 3, 4, 1], ',
  ],
  "a layer larger than its file": [
    withConfig((layer) => layer("conv").config.filters = 1e9),
    'layer "conv" takes weights [3, 3, 3, 1000000000], more than the file can hold',
  ],
  "an encrypted file": [
    repack("config.json", (entry) => ({ ...entry, flags: 1 })),
    '"config.json" inside it is encrypted',
  ],
  "an unknown packing": [
    repack("config.json", (entry) => ({ ...entry, method: 93 })),
    "is packed by method 93: pack it with deflate",
  ],
  "a wrong checksum": [
    repack("model.weights.h5", (entry) => ({ ...entry, checksum: 1 })),
    '"model.weights.h5" inside it is damaged',
  ],
  "a size that is less": [
    repack(entries[1]!.name, (entry) => ({ ...entry, packed, method: 8, size: 100 })),
    "inside it is damaged",
  ],
  "a size that is more": [
    repack(entries[1]!.name, (entry) => ({ ...entry, packed, method: 8, size: entry.content.length + 100 })),
    "inside it is damaged",
  ],
  "a size of gigabytes": [
    repack("model.weights.h5", (entry) => ({ ...entry, method: 8, size: 3e9 })),
    '"model.weights.h5" inside it would unpack to 3000000000 bytes',
  ],
  "packed bytes that are none": [
    repack("config.json", (entry) => ({ ...entry, packed: encode("\xff\xff\xff"), method: 8, size: 3 })),
    '"config.json" inside it is damaged',
  ],
  "two files of one name": [
    packZip([...entries, entries[0]!]),
    `its ZIP archive holds two files "${entries[0]!.name}"`,
  ],
  "two names for one place": [
    repack("config.json", (entry) => ({ ...entry, offset: 0 })),
    "inside it is damaged",
  ],
  "a place behind the end": [
    repack("config.json", (entry) => ({ ...entry, offset: 2 ** 31 })),
    "inside it is damaged",
  ],
  "more files than there are": [
    packZip(entries, { count: 65000 }),
    "its ZIP archive is damaged or cut short",
  ],
  "a million million weights": [
    reshape(h5, [3, 3, 3, 4], [1e3, 1e3, 1e3, 1e3]),
    "its HDF5 file is damaged at",
  ],
};

/** Those of the rows that are said of a file within the archive that comes first. */
rows["two names for one place"]![0] = packZip([entries[1]!, entries[0]!, { ...entries[2]!, offset: 0 }]);

Deno.test("loadModel() says in one line what is no model, or was made to do harm", async (t) => {
  await tryBackend("cpu");
  for (const [name, [bytes, message]] of Object.entries(rows)) {
    await t.step(name, () =>
      leavingNoTensors(async () => {
        const before = Deno.memoryUsage().rss;
        const error = await assertRejects(() => loadModel(bytes), ModelError, message);
        assert(!error.message.includes("\n"), error.message);
        assertLess(Deno.memoryUsage().rss - before, 3e8);
      }));
  }
});

/** Nothing but zeros, which pack a thousandfold. */
async function bomb(size: number): Promise<ZipEntry> {
  const content = new Uint8Array(size);
  return { name: "model.weights.h5", content, packed: await deflate(content), method: 8 };
}

Deno.test("loadModel() unpacks no archive that was made to fill memory", async () => {
  await tryBackend("cpu");
  const entry = await bomb(64 * 2 ** 20);
  const bytes = repack("model.weights.h5", () => entry);
  assertLess(bytes.length, 2e5);
  const before = Deno.memoryUsage().rss;
  await assertRejects(() => loadModel(bytes), ModelError, "would unpack to 67108864 bytes");
  // One that says it were small is stopped where it is larger.
  const liar = repack("model.weights.h5", () => ({ ...entry, size: 1000 }));
  await assertRejects(() => loadModel(liar), ModelError, '"model.weights.h5" inside it is damaged');
  assertLess(Deno.memoryUsage().rss - before, 3e7);
});

Deno.test("loadModel() does not look for an archive's list for ever", async () => {
  const many = packZip(
    Array.from({ length: 5000 }, (_, i) => ({ name: `${i}`, content: new Uint8Array() })),
  );
  const end = many.slice(-22);
  end[8] = end[10] = 0xff; // more files than there are, which shows after all of them
  end[9] = end[11] = 0xfe;
  const bytes = new Uint8Array(many.length + 2900 * end.length);
  bytes.set(many);
  for (let at = many.length - end.length; at < bytes.length; at += end.length) bytes.set(end, at);
  const start = now();
  await assertRejects(() => loadModel(bytes), ModelError, "its ZIP archive is damaged or cut short");
  assertLess(now() - start, 3000);
});

Deno.test("loadModel() opens archives however they were packed", async (t) => {
  await tryBackend("cpu");
  const deflated = await Promise.all(entries.map(async (entry) => ({
    ...entry,
    packed: await deflate(entry.content.slice()),
    method: 8,
  })));
  const rows: Record<string, Uint8Array> = {
    "with deflate": packZip(deflated),
    "with room for large numbers": packZip(entries, { isLarge: true }),
    "with a comment that looks like an end": new Uint8Array([
      ...packZip(entries).slice(0, -2),
      26,
      0,
      ...encode("PK\x05\x06"),
      ...new Uint8Array(22).fill(7),
    ]),
    "as a folder": packZip(entries.map((entry) => ({ ...entry, name: `mine/${entry.name}` }))),
    "beside other files": packZip([{ name: "__MACOSX/x", content: encode("x") }, ...entries]),
  };
  for (const [name, bytes] of Object.entries(rows)) {
    await t.step(name, async () => {
      const model = await loadModel(bytes);
      assertEquals(model.format, "keras-zip");
      model.dispose();
    });
  }
});
