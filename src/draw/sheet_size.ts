/** How many cells a sheet has, and of what. */
export interface SheetPlan {
  /** The photo's own height and width, in pixels. */
  readonly photo: Size;
  readonly rows: number;
  readonly columns: number;
  /** The longest side that a cell's picture may have. */
  readonly maxSide?: number | undefined;
}

/** A picture's size. */
export interface Size {
  readonly height: number;
  readonly width: number;
}

/** Pixels between cells. */
export const gutter = 16;
/** What the words above and below a row of cells take, in pixels. */
export const rowWords = 84;
/** The least width of a cell, in pixels, so that its words have room. */
export const narrowestCell = 110;

/** Pictures of cells are brought within these, in pixels, */
const largest = { height: 300, width: 400 };
/** their longer side to this at least, where there is room, */
const smallest = 200;
/** and never below this. */
const least = 48;
/** How much they shrink at a time, until the sheet is small enough. */
const step = 0.9;
/** The most pixels of a sheet's cells, and the most across. */
const mostPixels = 2 ** 24;
const widest = 4096;

function fit({ height, width }: Size, room: Size): Size {
  const shrunk = Math.min(room.height / height, room.width / width, 1);
  const enlarged = Math.min(smallest / Math.max(height, width), room.height / height, room.width / width);
  const scale = Math.max(shrunk, enlarged);
  return { height: Math.max(Math.round(height * scale), 1), width: Math.max(Math.round(width * scale), 1) };
}

/**
 * The size of each cell's picture: as large as on a sheet of one row, smaller where the sheet would have more than some 16
 * million pixels or be wider than 4096, but its longer side 48 pixels at least.
 */
export function cellSize({ photo, rows, columns, maxSide = Infinity }: SheetPlan): Size {
  let room: Size = {
    height: Math.min(largest.height, maxSide),
    width: Math.min(largest.width, maxSide),
  };
  while (true) {
    const size = fit(photo, room);
    const across = columns * (Math.max(size.width, narrowestCell) + gutter);
    const down = rows * (size.height + rowWords);
    const isSmall = across <= widest && across * down <= mostPixels;
    if (isSmall || Math.max(size.height, size.width) <= least) return size;
    room = { height: room.height * step, width: room.width * step };
  }
}
