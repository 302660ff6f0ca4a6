import type { PhotoBytes } from "./engine/mod.ts";
import type { PhotoCacheOptions } from "./options.ts";
import { Problem } from "./problem.ts";

/** How many photos are kept. */
export interface PhotoCacheState {
  /** Photos. */
  readonly photos: number;
  /** Bytes of their files. */
  readonly bytes: number;
}

/** A photo that is kept, and until when, as `performance.now()` counts. */
interface KeptPhoto extends PhotoBytes {
  until: number;
}

/** How many are kept at most, however small they are. */
const mostPhotos = 10_000;

/** Ids as they are given out. */
export const idPattern: RegExp = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/**
 * Photos that are kept in memory for a short time under ids that cannot be guessed. Those that were not asked for the longest
 * go first where there are too many. What is too old goes when anything is kept or asked for: there is no timer.
 */
export class PhotoCache {
  readonly #maxBytes: number;
  readonly #maxAgeMs: number;
  readonly #isOff: boolean;
  readonly #now: () => number;
  readonly #kept = new Map<string, KeptPhoto>(); // those asked for last come last
  #bytes = 0;

  /**
   * @param options How many bytes are kept, and for how long; `false` keeps none.
   * @param now The time in milliseconds.
   * @throws {RangeError} If one is below 0 or no number.
   */
  constructor(options: false | PhotoCacheOptions = {}, now: () => number = () => performance.now()) {
    const { maxBytes = 64_000_000, maxAgeMs = 600_000 } = options || {};
    for (const [name, value] of Object.entries({ maxBytes, maxAgeMs })) {
      if (!(value >= 0)) throw new RangeError(`Cannot use photoCache's ${name} ${value}: it is 0 or more`);
    }
    this.#maxBytes = maxBytes;
    this.#maxAgeMs = maxAgeMs;
    this.#isOff = options === false;
    this.#now = now;
  }

  /** How many there are. */
  get state(): PhotoCacheState {
    this.#dropOld();
    return { photos: this.#kept.size, bytes: this.#bytes };
  }

  /**
   * Keep a copy of a photo.
   *
   * @returns The id to ask for it by.
   * @throws {Problem} 400 if none are kept, 413 if it is larger than all that is kept may be.
   */
  keep({ bytes, name }: PhotoBytes): string {
    this.#checkOn();
    if (bytes.length > this.#maxBytes) {
      throw new Problem(
        413,
        `Cannot keep the photo: at most ${this.#maxBytes} bytes are kept`,
        {},
        "too-large",
      );
    }
    this.#dropOld();
    for (const [id] of this.#kept) {
      if (this.#bytes + bytes.length <= this.#maxBytes && this.#kept.size < mostPhotos) break;
      this.#drop(id);
    }
    const id = crypto.randomUUID();
    this.#kept.set(id, { bytes: bytes.slice(), name, until: this.#now() + this.#maxAgeMs });
    this.#bytes += bytes.length;
    return id;
  }

  /**
   * A copy of a photo that was kept; from now on it is kept for as long as if it were new.
   *
   * @throws {Problem} 400 if none are kept or the id is none, 404 with the code `photo-gone` if it is kept no more.
   */
  get(id: string): PhotoBytes {
    this.#checkOn();
    if (!idPattern.test(id)) {
      throw new Problem(
        400,
        "Cannot use photo: give a file, or the id of a photo that was kept",
        {},
        "photo-id-invalid",
      );
    }
    this.#dropOld();
    const photo = this.#kept.get(id);
    if (!photo) throw new Problem(404, "The photo is kept no more: send it again", {}, "photo-gone");
    this.#kept.delete(id);
    this.#kept.set(id, { ...photo, until: this.#now() + this.#maxAgeMs });
    return { bytes: photo.bytes.slice(), name: photo.name };
  }

  #checkOn(): void {
    if (this.#isOff) {
      throw new Problem(400, "Cannot keep photos: this server keeps none", {}, "photos-not-kept");
    }
  }

  #drop(id: string): void {
    this.#bytes -= this.#kept.get(id)?.bytes.length ?? 0;
    this.#kept.delete(id);
  }

  /** Whoever was asked for last is last, and has the longest to live, so that the first that is not too old ends it. */
  #dropOld(): void {
    const now = this.#now();
    for (const [id, { until }] of this.#kept) {
      if (until > now) break;
      this.#drop(id);
    }
  }
}
