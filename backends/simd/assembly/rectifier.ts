import { loadSome, storeSome } from "./arithmetic";

/** Four numbers of a gradient where a rectifier's output is above 0 and below its bound, else 0. */
// @ts-ignore: decorator
@inline
function passed(gradient: v128, output: v128, max: v128): v128 {
  return v128.and(gradient, v128.and(f32x4.gt(output, f32x4.splat(0)), f32x4.lt(output, max)));
}

/**
 * The way back over a rectifier, and over what multiplies each channel before it.
 *
 * @param pixels How many times `channels` numbers there are.
 * @param gradient Of what the rectifier gave; likewise `output`, what that was.
 * @param scale `[channels]`; 0 for none.
 * @param max Its bound, infinite where it has none.
 */
export function rectifyBack(
  pixels: i32, channels: i32, gradient: usize, output: usize, to: usize, scale: usize, max: f32,
): void {
  const most = f32x4.splat(max), left = channels & 3;
  const quads = <usize>(channels - left) << 2, step = <usize>channels << 2;
  for (let pixel = 0; pixel < pixels; pixel++) {
    for (let at: usize = 0; at < quads; at += 16) {
      const value = passed(v128.load(gradient + at), v128.load(output + at), most);
      v128.store(to + at, scale ? f32x4.mul(value, v128.load(scale + at)) : value);
    }
    if (left) {
      const value = passed(loadSome(gradient + quads, left), loadSome(output + quads, left), most);
      storeSome(to + quads, scale ? f32x4.mul(value, loadSome(scale + quads, left)) : value, left);
    }
    gradient += step;
    output += step;
    to += step;
  }
}
