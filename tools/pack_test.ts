import { assert, assertEquals } from "@std/assert";
import { pack } from "./pack.ts";

const photo = new URL("../testdata/photos/chelsea.png", import.meta.url).pathname;

/** Whether a process may be started without a network. */
async function canCutNetwork(): Promise<boolean> {
  if (Deno.build.os !== "linux") return false;
  const { success } = await new Deno.Command("unshare", { args: ["--net", "true"], stderr: "null" }).output()
    .catch(() => ({ success: false }));
  return success;
}

Deno.test("what is packed runs with no network, in an empty home", async () => {
  const place = await Deno.makeTempDir();
  try {
    const folder = new URL(`file://${place}/packed/`);
    await pack(folder, { withDeno: true });
    const moved = `${place}/elsewhere`; // as on a node
    await Deno.rename(folder, moved);
    await Deno.mkdir(`${place}/home`);
    const program = [
      `${moved}/gradcam`,
      "worker",
      "--results",
      `${place}/r.ndjson`,
      "--parquet",
      `${place}/r.parquet`,
      photo,
    ];
    const [command, ...args] = await canCutNetwork() ? ["unshare", "--net", ...program] : program;
    const { code, stderr } = await new Deno.Command(command!, {
      args,
      cwd: `${place}/home`,
      clearEnv: true,
      env: { HOME: `${place}/home`, PATH: "/usr/bin:/bin", XDG_RUNTIME_DIR: "/" },
    }).output();
    assertEquals(
      [code, new TextDecoder().decode(stderr).split("\n").length],
      [0, 2],
      new TextDecoder().decode(stderr),
    );
    const [result] = (await Deno.readTextFile(`${place}/r.ndjson`)).split("\n");
    assertEquals(JSON.parse(result!).scores[0].label, "Egyptian cat");
    assert((await Deno.stat(`${place}/r.parquet`)).size > 100);
    assertEquals(await Array.fromAsync(Deno.readDir(`${place}/home`)), []);
  } finally {
    await Deno.remove(place, { recursive: true });
  }
});
