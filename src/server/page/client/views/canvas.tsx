/// <reference lib="dom" />
import { useLayoutEffect, useRef } from "preact/hooks";
import type { RgbaImage } from "../../../../input/image/types.ts";
import { imageDataOf } from "../drawing.ts";

/** Options of {@linkcode Canvas}. */
export interface CanvasProps {
  readonly image: RgbaImage | ImageData;
  readonly class: string;
  /** What it shows; left out where another says it. */
  readonly label?: string | undefined;
}

/** Pixels on the page. */
export function Canvas({ image, class: look, label }: CanvasProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useLayoutEffect(() => {
    const { width, height } = image;
    Object.assign(canvas.current!, { width, height });
    const pixels = image instanceof ImageData ? image : imageDataOf(image);
    canvas.current!.getContext("2d")!.putImageData(pixels, 0, 0);
  }, [image]);
  const named = label === undefined
    ? { "aria-hidden": true } as const
    : { role: "img", "aria-label": label } as const;
  return <canvas ref={canvas} class={look} {...named} />;
}
