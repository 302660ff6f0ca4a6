import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { decodeImage } from "../input/image/mod.ts";
import { leavingNoTensors } from "../testing/mod.ts";
import { main } from "./main.ts";
import { fakeIo, namesIn, runMain, withTempDir } from "./testing.ts";
import { writeTinyModel } from "../testing/tiny_model.ts";

const photo = new URL("../../testdata/images/plain.png", import.meta.url).pathname;
const other = new URL("../../testdata/images/plain.jpg", import.meta.url).pathname;
const pngStart = [0x89, 0x50, 0x4e, 0x47];

/** Everything that a test of this file needs: a model, options that need no saying, a folder for results. */
async function withModel(run: (options: string[], out: string) => Promise<void>): Promise<void> {
  await withTempDir(async (folder) => {
    const model = await writeTinyModel(folder);
    const out = `${folder}/out`;
    await Deno.mkdir(out);
    await run(["--model", model, "--preprocess", "unit", "--backend", "cpu", "--out", `${out}/`], out);
  });
}

/** The scores that the tool prints. */
async function scoresOf(options: readonly string[]): Promise<unknown> {
  const { code, stdout, stderr } = await runMain([photo, ...options, "--json"]);
  assertEquals([code, stderr.text], [0, ""]);
  return JSON.parse(stdout.text).scores;
}

Deno.test("explainCommand takes mean and deviation in place of a preprocessing's name", async () => {
  await withModel(async (options) => {
    const names = options.toSpliced(options.indexOf("--preprocess"), 2);
    const unit = await scoresOf([...names, "--preprocess", "unit"]);
    assertEquals(await scoresOf([...names, "--preprocess", "mean=0,std=255"]), unit);
    assertEquals(await scoresOf([...names, "--preprocess", "mean=0:0:0,std=255:255:255"]), unit);
    const caffe = ["mean=103.939:116.779:123.68,std=1,channels=bgr", "caffe"];
    const [custom, named] = await Promise.all(
      caffe.map((text) => scoresOf([...names, "--preprocess", text])),
    );
    assertEquals(custom, named);
  });
});

Deno.test("explainCommand writes what is asked for", async (t) => {
  const cases: { args: string[]; files: string[]; code?: number }[] = [
    { args: [photo], files: ["plain.gradcam.png"] },
    { args: [photo, "--save", "npy"], files: ["plain.gradcam.npy"] },
    {
      args: [photo, "--save", "overlay,heatmap,panel,npy,json"],
      files: [
        "plain.gradcam.json",
        "plain.gradcam.npy",
        "plain.heatmap.png",
        "plain.overlay.png",
        "plain.panel.png",
      ],
    },
    {
      args: [photo, "--top", "2", "--relu", "--score", "logit"],
      files: ["plain.0_ant.gradcam.png", "plain.1_bee.gradcam.png"],
    },
    {
      args: [photo, "--class", "bee", "--class", "0", "--save", "heatmap", "--colormap", "turbo"],
      files: ["plain.0_ant.heatmap.png", "plain.1_bee.heatmap.png"],
    },
    { args: [photo, other], files: ["plain-2.gradcam.png", "plain.gradcam.png"] },
    { args: [photo, "--layer", "features", "--alpha", "0"], files: ["plain.gradcam.png"] },
    { args: [photo, "--opacity", "constant", "--contour", "--min-side", "0"], files: ["plain.gradcam.png"] },
  ];
  for (const { args, files } of cases) {
    await t.step(args.slice(1).join(" ").replaceAll(other, "and another") || "overlay", async () => {
      await withModel(async (options, out) => {
        const { code, stderr } = await leavingNoTensors(() => runMain([...args, ...options]));
        assertEquals(stderr.text, "");
        assertEquals(code, 0);
        const names = await namesIn(out);
        assertEquals(names, files);
        for (const name of names) {
          const start = [...(await Deno.readFile(`${out}/${name}`)).subarray(0, 4)];
          if (name.endsWith(".png")) assertEquals(start, pngStart);
        }
      });
    });
  }
});

Deno.test("explainCommand enlarges small photos unless told not to", async () => {
  await withModel(async (options, out) => {
    const sizes = [];
    for (const how of [[], ["--min-side", "0"]]) {
      await runMain([photo, ...how, ...options]);
      const { height, width } = await decodeImage(await Deno.readFile(`${out}/plain.gradcam.png`));
      sizes.push([height, width]);
    }
    assertEquals(sizes, [[182, 280], [26, 40]]);
  });
});

Deno.test("explainCommand says what was seen, where, on what and how fast", async () => {
  await withModel(async (options, out) => {
    const { stdout } = await runMain([photo, ...options]);
    assertEquals(stdout.lines.length, 1);
    const [line = ""] = stdout.lines;
    assertMatch(line, /: (ant|bee|wasp) \([012]\) 0\.\d{3}/);
    assertStringIncludes(line, " · layer features · cpu · ");
    assertMatch(line, / · \d+ ms → /);
    assert(line.startsWith(`${photo}: `) && line.endsWith(`${out}/plain.gradcam.png`), line);
  });
});

Deno.test("explainCommand prints as much as it is asked to", async (t) => {
  await withModel(async (options) => {
    await t.step("--quiet", async () => {
      const { code, stdout, stderr } = await runMain([photo, "--quiet", ...options]);
      assertEquals([code, stdout.text, stderr.text], [0, "", ""]);
    });
    await t.step("a warning", async () => {
      const unsaid = options.filter((option) => option !== "--preprocess" && option !== "unit");
      const { code, stderr } = await runMain([photo, ...unsaid]);
      assertEquals(code, 0);
      assertEquals(stderr.lines.length, 1);
      assertStringIncludes(stderr.text, "warning: The model does not say how it sees pixels");
    });
    await t.step("--json: a line a photo, those that failed too", async () => {
      const { code, stdout, stderr } = await runMain([photo, "none.png", "--json", ...options]);
      const [first, second] = stdout.lines.map((line) => JSON.parse(line));
      assertEquals(code, 1);
      assertEquals(stdout.lines.length, 2);
      assertEquals(first.source, photo);
      assertEquals(first.layer, "features");
      assertEquals(first.backend.name, "cpu");
      assertEquals(first.maps[0].heatmap, { height: 8, width: 6 });
      assertEquals(first.saved[0].kind, "overlay");
      assertEquals(second, { source: "none.png", error: 'Cannot read "none.png": no such file' });
      assertEquals(stderr.text, 'gradcam: Cannot read "none.png": no such file\n');
    });
  });
});

Deno.test("explainCommand goes on after a photo that failed", async () => {
  await withModel(async (options, out) => {
    const args = [photo, "none.png", other, ...options];
    const { code, stdout, stderr } = await leavingNoTensors(() => runMain(args));
    assertEquals(code, 1);
    assertEquals(stdout.lines.length, 2);
    assertEquals(stderr.text, 'gradcam: Cannot read "none.png": no such file\n');
    assertEquals(await namesIn(out), ["plain-2.gradcam.png", "plain.gradcam.png"]);
  });
});

Deno.test("explainCommand reads standard input and writes standard output", async () => {
  await withModel(async (options, out) => {
    const io = { stdin: await Deno.readFile(photo) };
    const piped = await runMain(["-", ...options, "--out", "-"], io);
    assertEquals(piped.code, 0);
    assertEquals([...piped.stdout.bytes.subarray(0, 4)], pngStart);
    assertStringIncludes(piped.stderr.text, "standard input: ");
    const saved = await runMain(["-", ...options], io);
    assertEquals(saved.code, 0);
    assertEquals(await namesIn(out), ["stdin.gradcam.png"]);
    assertEquals(await Deno.readFile(`${out}/stdin.gradcam.png`), piped.stdout.bytes);
    const json = await runMain(["-", ...options, "--out", "-", "--save", "json", "--quiet"], io);
    assertEquals(JSON.parse(json.stdout.text).layer, "features");
    assertEquals(json.stderr.text, "");
    const refused = await runMain(["-", ...options, "--out", "-"], { ...io, columns: 80 });
    assertEquals(refused.code, 2);
    assertStringIncludes(refused.stderr.text, "Cannot print a picture on a terminal");
  });
});

Deno.test("explainCommand never overwrites a photo", async () => {
  await withModel(async (options, out) => {
    const path = `${out}/a.png`;
    await Deno.copyFile(photo, path);
    await Deno.symlink(path, `${out}/b.gradcam.png`);
    for (const args of [[path, "--out", path], [path, photo, `${out}/b.gradcam.png`]]) {
      const { stderr } = await runMain([...options, ...args]);
      const isOnePhoto = args.includes("--out");
      assertEquals(stderr.text.includes("it is one of the photos"), isOnePhoto);
      assertEquals(await Deno.readFile(path), await Deno.readFile(photo));
    }
  });
});

Deno.test("explainCommand draws a progress bar on a terminal", async () => {
  await withModel(async (options) => {
    const { code, stderr } = await runMain([photo, other, photo, other, ...options], { columns: 70 });
    assertEquals(code, 0);
    assertStringIncludes(stderr.text, "] 0/4 · ");
    assertStringIncludes(stderr.text, "] 3/4 · ");
    assert(stderr.text.endsWith("\r\x1b[K"));
    for (const line of stderr.text.split("\r\x1b[K")) assert(line.length < 70, line);
  });
});

Deno.test("explainCommand stops when it is interrupted", async (t) => {
  await t.step("between photos", async () => {
    await withModel(async (options, out) => {
      const io = fakeIo();
      const write = io.stdout.write.bind(io.stdout);
      io.stdout.write = (data) => {
        io.interruption.abort();
        return write(data);
      };
      const code = await leavingNoTensors(() => main([photo, other, photo, ...options], io));
      assertEquals(code, 130);
      assertEquals(io.stderr.text, "gradcam: Interrupted: 1 of 3 photos done\n");
      assertEquals(await namesIn(out), ["plain.gradcam.png"]);
    });
  });
  await t.step("during a download", async () => {
    await withModel(async (options, out) => {
      const io = fakeIo();
      const hung = Promise.withResolvers<Response>();
      const server = Deno.serve({ port: 0, onListen: () => {} }, () => {
        io.interruption.abort();
        return hung.promise;
      });
      const url = `http://localhost:${server.addr.port}/photo.png`;
      const code = await leavingNoTensors(() => main([url, photo, ...options], io));
      hung.resolve(new Response());
      await server.shutdown();
      assertEquals(code, 130);
      assertEquals(io.stderr.lines.length, 1);
      assertEquals(await namesIn(out), []);
    });
  });
});

Deno.test("explainCommand takes photos and models by URL", async () => {
  await withTempDir(async (folder) => {
    await writeTinyModel(folder);
    await Deno.copyFile(photo, `${folder}/a photo.png`);
    const server = Deno.serve({ port: 0, onListen: () => {} }, async ({ url }) => {
      const path = `${folder}${decodeURIComponent(new URL(url).pathname)}`;
      const file = await Deno.readFile(path).catch(() => undefined);
      return new Response(file, { status: file ? 200 : 404 });
    });
    const base = `http://localhost:${server.addr.port}`;
    const options = [
      "--model",
      `${base}/model.json`,
      "--preprocess",
      "unit",
      "--backend",
      "cpu",
      "--out",
      `${folder}/o/`,
    ];
    const { code, stderr } = await runMain([`${base}/a%20photo.png`, `${base}/none.png`, ...options]);
    await server.shutdown();
    assertEquals(stderr.text, `gradcam: Cannot read "${base}/none.png": the server answered 404 Not Found\n`);
    assertEquals(code, 1);
    assertEquals(await namesIn(`${folder}/o`), ["a photo.gradcam.png"]);
  });
});
