import { loadSome, storeSome } from "./arithmetic";

/** Sums of two rows of numbers, one by one. */
export function addNumbers(count: i32, a: usize, b: usize, to: usize): void {
  const left = count & 3, quads = <usize>(count - left) << 2;
  for (let at: usize = 0; at < quads; at += 16) {
    v128.store(to + at, f32x4.add(v128.load(a + at), v128.load(b + at)));
  }
  if (left) storeSome(to + quads, f32x4.add(loadSome(a + quads, left), loadSome(b + quads, left)), left);
}
