import { encodePicture } from "../draw/encodings/mod.ts";
import { PhotoGrid } from "../draw/photo_grid.ts";
import { gridCapacity } from "../draw/photo_grid_size.ts";
import { fileTypeOf, renderings } from "../draw/renderings/mod.ts";
import { loadFont } from "../draw/text/font.ts";
import type { EncodeOptions } from "../explain/explanation.ts";
import { writeWhole } from "../platform/write.ts";
import { type Destination, pathIn } from "./destination.ts";
import type { PhotoResult } from "./jobs/photo.ts";
import { uniqueStems } from "./output_names.ts";
import { type SavedFile, shortName } from "./report.ts";
import { refuseToOverwrite } from "./save.ts";
import type { CliOutput } from "./io.ts";
import { UsageError } from "./usage_error.ts";

/** What a grid is drawn of, and where it goes. */
export interface GridPlan {
  /** How many pictures stand in a row. */
  readonly columns: number;
  /** All photos of this run: each gets a place, and none is overwritten. */
  readonly photos: readonly string[];
  /** How many maps each of them gets. */
  readonly maps: number;
  readonly destination: Destination;
  /** How pictures are written. */
  readonly drawing: Pick<EncodeOptions, "format" | "quality">;
  /** Standard output, where it goes there. */
  readonly stdout: CliOutput;
}

/** A sheet that was written. */
export interface WrittenSheet extends SavedFile {
  /** How many places it has. */
  readonly cells: number;
}

/** How many sheets there will be. */
function sheetsOf({ columns, photos, maps }: GridPlan): number {
  return Math.max(Math.ceil(photos.length * maps / gridCapacity(columns)), 1);
}

/** Where a sheet goes: the first as it is named, others with their number. */
function pathOf({ destination, photos, drawing }: GridPlan, sheet: number): string {
  if (destination.kind === "stdout") return "-";
  if (destination.kind === "file") {
    return sheet === 0 ? destination.path : destination.path.replace(/(?=\.[^.]*$)/, `-${sheet + 1}`);
  }
  const stem = uniqueStems([...photos, ...Array(sheet + 1).fill("grid")]).at(-1)!; // a photo may be called so
  return pathIn(destination.path, `${stem}.gradcam${fileTypeOf(renderings[0]!, drawing).extension}`);
}

/** The overlays of many photos in one picture, or in several where they are very many. */
export class GridSheets {
  readonly #plan: GridPlan;
  #grid: PhotoGrid | undefined;
  #sheet = 0;
  #explained = 0;

  private constructor(plan: GridPlan) {
    this.#plan = plan;
  }

  /**
   * Begin, before anything is computed.
   *
   * @throws {UsageError} If there would be several sheets, and the result is one stream.
   * @throws {OutputError} If one of them would overwrite a photo.
   */
  static async begin(plan: GridPlan): Promise<GridSheets> {
    const sheets = sheetsOf(plan);
    if (plan.destination.kind === "stdout" && sheets > 1) {
      throw new UsageError(`Cannot use --out "-": the grid needs ${sheets} pictures: name a folder`);
    }
    for (let sheet = 0; sheet < sheets && plan.destination.kind !== "stdout"; sheet++) {
      await refuseToOverwrite(pathOf(plan, sheet), plan.photos);
    }
    return new GridSheets(plan);
  }

  /** Put in what became of a photo: the place of one that failed stays empty. A sheet that is full is written. */
  async add(photo: string, result: PhotoResult): Promise<WrittenSheet | undefined> {
    const isExplained = "explanation" in result;
    if (isExplained) this.#explained++;
    const cells = isExplained ? result.cells ?? [] : [{ name: shortName(photo), what: "not explained" }];
    let written: WrittenSheet | undefined;
    for (const cell of cells) {
      if (this.#grid?.isFull) written = await this.#write(this.#grid);
      this.#grid ??= new PhotoGrid(await loadFont(), this.#plan.columns);
      this.#grid.add(cell);
    }
    return written;
  }

  /** Write the last sheet; nothing where no photo was explained. */
  async finish(): Promise<WrittenSheet | undefined> {
    return this.#grid && this.#explained > 0 ? await this.#write(this.#grid) : undefined;
  }

  async #write(grid: PhotoGrid): Promise<WrittenSheet> {
    const { drawing: { format, quality }, stdout } = this.#plan;
    const path = pathOf(this.#plan, this.#sheet++);
    this.#grid = undefined;
    const bytes = await encodePicture(grid.draw(), { format, quality });
    if (path === "-") await stdout.write(bytes);
    else await writeWhole(path, bytes);
    return { kind: "grid", classIndex: null, method: null, path, cells: grid.count };
  }
}
