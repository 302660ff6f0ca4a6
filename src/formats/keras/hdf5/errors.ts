/** What no HDF5 library writes: a file is damaged, cut short, or was made to do harm. */
export class Damage extends Error {
  override name = "Damage";
}

/** What HDF5 allows and is not read here; the message says what, and what to do. */
export class Unreadable extends Error {
  override name = "Unreadable";
}
