/// <reference lib="dom" />
/** A photo to begin with, which the server has beside the page. */
export interface Example {
  /** The name in links. */
  readonly name: string;
  readonly file: string;
  /** What is on it. */
  readonly title: string;
  /** Of the photo, in pixels. */
  readonly width: number;
  readonly height: number;
}

/** All of them; tools/build_page.ts makes their files. */
export const examples: readonly Example[] = [
  { name: "cat", file: "chelsea.jpg", title: "A cat", width: 451, height: 300 },
  { name: "coffee", file: "coffee.jpg", title: "A cup of coffee", width: 600, height: 400 },
];

/** Where an example lies, from the page on. */
export function addressOf({ file }: Example): string {
  return `page/${file}`;
}

/** An example's file. */
export async function openExample(example: Example): Promise<File> {
  const response = await fetch(addressOf(example));
  if (!response.ok) throw new Error(`Cannot open the example "${example.name}": ${response.status}`);
  return new File([await response.blob()], example.file, { type: "image/jpeg" });
}
