import { assert, assertEquals } from "@std/assert";
import type { RgbaImage } from "../input/image/types.ts";
import { axisOver } from "./axis.ts";
import { type ChartLine, type ChartOptions, layLineChart } from "./line_chart.ts";
import { whitePaper } from "./paste.ts";
import { loadFont } from "./text/font.ts";

const red = [200, 0, 0] as const;
const blue = [0, 0, 200] as const;
const options: ChartOptions = {
  width: 300,
  height: 180,
  x: axisOver([0, 1]),
  y: axisOver([0, 1]),
  below: "share",
};

/** Where a colour is: the rows that it is seen in, in each column. */
function placesOf({ data, width, height }: RgbaImage, [r, g, b]: readonly number[]): Map<number, number[]> {
  const found = new Map<number, number[]>();
  for (let at = 0; at < width * height; at++) {
    if (data[at * 4] !== r || data[at * 4 + 1] !== g || data[at * 4 + 2] !== b) continue;
    const x = at % width;
    found.set(x, [...found.get(x) ?? [], Math.floor(at / width)]);
  }
  return found;
}

async function draw(lines: readonly ChartLine[], more: Partial<ChartOptions> = {}): Promise<RgbaImage> {
  const chart = layLineChart(await loadFont(), lines, { ...options, ...more });
  assertEquals(chart.height, 180);
  const paper = whitePaper({ height: 200, width: 320 });
  chart.draw(paper, 10, 10);
  return paper;
}

Deno.test("layLineChart() draws lines from one end of the axes to the other", async () => {
  const paper = await draw([{ name: "own", x: [0, 1], y: [1, 0], color: red }]);
  const places = [...placesOf(paper, red)].map(([x, ys]) => [x, Math.min(...ys)] as const)
    .filter(([_, y]) => y < 135).sort(([a], [b]) => a - b); // below is the legend
  const [first, last] = [places[0]!, places.at(-1)!];
  assert(first[1] < 25 && last[1] > 120, `${first} ${last}`);
  assert(places.every(([_, y], at) => at === 0 || y >= places[at - 1]![1]), "It falls");
});

Deno.test("layLineChart() tints what lies between two lines, on both sides of a crossing", async () => {
  const lines = [
    { name: "own", x: [0, 1], y: [1, 0], color: red },
    { name: "other", x: [0, 1], y: [0, 1], color: blue, isDashed: true },
  ];
  const [plain, filled] = [await draw(lines), await draw(lines, { isFilled: true })];
  const tinted = (x: number, y: number) => {
    const at = (y * 320 + x) * 4;
    return filled.data[at + 1]! < plain.data[at + 1]!;
  };
  assertEquals([tinted(60, 75), tinted(290, 75), tinted(170, 25), tinted(170, 125)], [
    true,
    true,
    false,
    false,
  ]);
});

Deno.test("layLineChart() stays within its place, with numbers that are none and axes of any size", async () => {
  const y = [NaN, 1e6, -1e6, Infinity];
  const lines = [{
    name: "a name that is long enough to be as wide as the chart itself",
    x: [0, 0.3, 0.6, 1],
    y,
    color: red,
  }];
  const paper = await draw(lines, { y: axisOver(y), isFilled: true });
  let outside = 0;
  for (let at = 0; at < 320 * 200; at++) {
    const [x, row] = [at % 320, Math.floor(at / 320)];
    const isOutside = x < 10 || row < 9 || row > 194;
    if (isOutside && paper.data[at * 4 + 1]! < 255) outside++;
  }
  assertEquals(outside, 0);
});
