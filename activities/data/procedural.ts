/** The embedded data set, for machines that cannot reach the archives: ten classes of shapes and textures, 32×32×3,
 *  drawn from a fixed seed at random places, sizes, tilts and colours before cloudy backgrounds. 10,000 training and
 *  2,000 test images in about two seconds, the same bytes for ever. */
import { type Stream, stream } from '../random/stream.ts';
import { BYTES_PER_IMAGE, CHANNELS, type Dataset, SIDE, type Split } from './images.ts';

/** How far inside a shape the point (u, v) lies, in units of the shape's half width; v points down. Outside, it is
 *  negative. */
type Shape = (u: number, v: number) => number;

const box = (u: number, v: number) => Math.max(Math.abs(u), Math.abs(v));
const radius = (u: number, v: number) => Math.sqrt(u * u + v * v);
/** A triangle wave of period 0.7 with slope 1, highest at 0. */
const wave = (x: number) => 0.175 - Math.abs(x - 0.7 * Math.round(x / 0.7));

const SHAPES: Record<string, Shape> = {
  disc: (u, v) => 0.9 - radius(u, v),
  ring: (u, v) => 0.22 - Math.abs(radius(u, v) - 0.72),
  square: (u, v) => 0.8 - box(u, v),
  triangle: (u, v) => 0.5 - Math.max(v - 0.2, 0.87 * Math.abs(u) - 0.5 * (v - 0.2)),
  cross: (u, v) => Math.min(0.28 - Math.min(Math.abs(u), Math.abs(v)), 0.95 - box(u, v)),
  rows: (u, v) => Math.min(wave(v), 0.9 - box(u, v)),
  columns: (u, v) => Math.min(wave(u), 0.9 - box(u, v)),
  checks: (u, v) => Math.min(12 * wave(u) * wave(v), 0.9 - box(u, v)),
  dots: (u, v) => 0.3 - radius(Math.abs(u) - 0.5, Math.abs(v) - 0.5),
  crescent: (u, v) => Math.min(0.9 - radius(u, v), radius(u - 0.45, v) - 0.6),
};

export const PROCEDURAL = {
  /** Changes whenever the images do. */
  id: 'procedural-1',
  classes: Object.keys(SHAPES),
};

const SEED = 2017; // the paper's year; any would do
const TRAIN_IMAGES = 10_000;
const TEST_IMAGES = 2_000;
const IMAGES_PER_STEP = 200; // some 30 ms

/** Yields between steps, so that the caller can let others run. */
export function* generateImages(): Generator<void, Dataset> {
  return {
    train: yield* generateSplit(0, TRAIN_IMAGES),
    test: yield* generateSplit(TRAIN_IMAGES, TEST_IMAGES),
  };
}

/** Images number `first` and following; the classes take turns. */
function* generateSplit(first: number, count: number): Generator<void, Split> {
  const split = { images: new Uint8Array(count * BYTES_PER_IMAGE), labels: new Uint8Array(count) };
  for (let i = 0; i < count; i++) {
    const label = i % PROCEDURAL.classes.length;
    split.labels[i] = label;
    split.images.set(draw(label, stream(SEED, 'procedural', first + i)), i * BYTES_PER_IMAGE);
    if (i % IMAGES_PER_STEP === 0) yield;
  }
  return split;
}

/** One image of a class: uint8 [32, 32, 3]. */
function draw(label: number, random: Stream): Uint8Array {
  const between = (low: number, high: number) => low + (high - low) * random.uniform();
  const shape = SHAPES[PROCEDURAL.classes[label]!]!;
  const background = clouds(random);

  // As a class of photographs has its usual colours, a class leans to a hue: enough for a hint, far from a rule.
  const hue = random.uniform() < 0.3 ? label / 10 + between(-0.1, 0.1) : random.uniform();
  const brightness =
    luminance(background, SIDE / 2, SIDE / 2) > 0.5 ? between(0.05, 0.35) : between(0.65, 0.95);
  const colour = colourOf(hue, between(0.2, 0.8), brightness);
  const shading = between(-0.25, 0.25);

  const halfWidth = between(8, 13);
  const room = SIDE / 2 - 0.8 * halfWidth;
  const centreX = SIDE / 2 + between(-room, room);
  const centreY = SIDE / 2 + between(-room, room);
  // A tilt of up to 20°, from the tangent of its half: arithmetic alone, which is the same on every machine.
  const tangent = between(-0.176, 0.176);
  const cosine = (1 - tangent * tangent) / (1 + tangent * tangent);
  const sine = (2 * tangent) / (1 + tangent * tangent);

  const grain = between(0.01, 0.05);
  const image = new Uint8Array(BYTES_PER_IMAGE);
  let at = 0;
  for (let y = 0; y < SIDE; y++) {
    for (let x = 0; x < SIDE; x++) {
      const dx = (x + 0.5 - centreX) / halfWidth;
      const dy = (y + 0.5 - centreY) / halfWidth;
      const u = cosine * dx + sine * dy;
      const v = cosine * dy - sine * dx;
      const cover = clamp(0.5 + shape(u, v) * halfWidth); // antialiased over one pixel
      const light = 1 + shading * (u + v);
      const speck = grain * random.normal(); // the same in all channels, as in film
      for (const shade of colour) {
        const mixed = (1 - cover) * background[at]! + cover * shade * light;
        image[at++] = Math.round(255 * clamp(mixed + speck));
      }
    }
  }
  return image;
}

/** Two colours mixed by noise with the falling spectrum of natural images: float64 [32, 32, 3] in [0, 1]. */
function clouds(random: Stream): Float64Array {
  const level = 0.15 + 0.7 * random.uniform();
  const drawColour = (lightness: number) =>
    colourOf(random.uniform(), 0.6 * random.uniform(), clamp(lightness));
  const [from, to] = [drawColour(level - 0.2), drawColour(level + 0.2)];
  const mix = new Float64Array(SIDE * SIDE);
  for (const [cells, weight] of [
    [2, 1],
    [4, 0.5],
    [8, 0.25],
  ] as const) {
    const knots = Float64Array.from({ length: (cells + 1) ** 2 }, () => weight * random.normal());
    addInterpolated(mix, knots, cells);
  }
  const background = new Float64Array(BYTES_PER_IMAGE);
  let at = 0;
  for (const value of mix) {
    const share = clamp(0.5 + 0.5 * value);
    for (let channel = 0; channel < from.length; channel++) {
      background[at++] = (1 - share) * from[channel]! + share * to[channel]!;
    }
  }
  return background;
}

/** Bilinear between the knots of a square grid with so many cells a side: along its lines first, once for all the rows
 *  between two of them. */
function addInterpolated(mix: Float64Array, knots: Float64Array, cells: number): void {
  const lines = new Float64Array((cells + 1) * SIDE);
  for (let x = 0; x < SIDE; x++) {
    const column = Math.floor((x * cells) / SIDE);
    const right = (x * cells) / SIDE - column;
    for (let line = 0; line <= cells; line++) {
      const at = line * (cells + 1) + column;
      lines[line * SIDE + x] = (1 - right) * knots[at]! + right * knots[at + 1]!;
    }
  }
  let pixel = 0;
  for (let y = 0; y < SIDE; y++) {
    const row = Math.floor((y * cells) / SIDE);
    const down = (y * cells) / SIDE - row;
    const [above, below] = [row, row + 1].map((line) => lines.subarray(line * SIDE, (line + 1) * SIDE));
    for (let x = 0; x < above!.length; x++) {
      mix[pixel++]! += (1 - down) * above![x]! + down * below![x]!;
    }
  }
}

/** Red, green and blue of a hue (a turn is 1) around a lightness. */
function colourOf(hue: number, saturation: number, lightness: number): number[] {
  const chroma = saturation * Math.min(lightness, 1 - lightness);
  return [0, 1 / 3, 2 / 3].map((offset) => {
    const turn = hue - offset;
    const distance = Math.abs(turn - Math.round(turn)); // 0 to 1/2
    return lightness + chroma * (1 - 4 * distance);
  });
}

function luminance(image: Float64Array, x: number, y: number): number {
  const at = (y * SIDE + x) * CHANNELS;
  return (image[at]! + image[at + 1]! + image[at + 2]!) / CHANNELS;
}

const clamp = (value: number) => Math.min(1, Math.max(0, value));
