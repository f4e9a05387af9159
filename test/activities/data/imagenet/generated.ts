/** A few hundred small JPEG images of several classes that a network can tell apart (each class has its colour and the
 *  direction of its stripes), as shards and as class folders. Class, phase, noise and size come from a seed. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import sharp from 'sharp';
import { stream } from '../../../../activities/random/stream.ts';
import { tar } from '../archives.ts';

export interface GeneratedImage {
  split: 'train' | 'val';
  /** As ImageNet's are called, `n00000003_17` or `ILSVRC2012_val_00000017`. */
  name: string;
  label: number;
  jpeg: Buffer;
}

const SIDES = { least: 64, most: 120 };

export async function generateImages({
  classes = 8,
  train = 40,
  val = 10,
  seed = 1,
} = {}): Promise<GeneratedImage[]> {
  const one = async (split: 'train' | 'val', label: number, i: number, number: number) => {
    const name =
      split === 'train' ? `${folderOf(label)}_${i}` : `ILSVRC2012_val_${String(number + 1).padStart(8, '0')}`;
    return {
      split,
      name,
      label,
      jpeg: await striped(label, classes, seed, 2 * number + (split === 'train' ? 0 : 1)),
    };
  };
  const all = (split: 'train' | 'val', each: number) =>
    Array.from({ length: classes * each }, (_, number) =>
      one(split, number % classes, Math.floor(number / classes), number),
    );
  return Promise.all([...all('train', train), ...all('val', val)]);
}

/** Class folders are called as WordNet's are. */
export const folderOf = (label: number) => `n${String(label).padStart(8, '0')}`;

function striped(label: number, classes: number, seed: number, number: number): Promise<Buffer> {
  const { below, uniform } = stream(seed, 'procedural', number);
  const side = () => SIDES.least + below(SIDES.most - SIDES.least + 1);
  const [width, height] = [side(), side()];
  const angle = (Math.PI * label) / classes;
  const wavelength = 8 + 8 * uniform();
  const phase = 2 * Math.PI * uniform();
  const pixels = Buffer.alloc(width * height * 3);
  for (let at = 0; at < width * height; at++) {
    const along = (at % width) * Math.cos(angle) + Math.floor(at / width) * Math.sin(angle);
    const stripe = Math.sin((2 * Math.PI * along) / wavelength + phase);
    for (let channel = 0; channel < 3; channel++) {
      const tint = Math.cos(2 * Math.PI * (label / classes + channel / 3));
      pixels[3 * at + channel] = 128 + 50 * stripe + 50 * tint + below(20);
    }
  }
  return sharp(pixels, { raw: { width, height, channels: 3 } })
    .jpeg({ quality: 90 })
    .toBuffer();
}

type Files = Record<string, Buffer>;

/** WebDataset shards of `perShard` images: `train-000000.tar`, …, `val-000000.tar`, …. `sidecar` makes the label's file. */
export function shardFiles(
  images: GeneratedImage[],
  { perShard = 50, sidecar = cls as (image: GeneratedImage) => Files } = {},
): Files {
  const files: Files = {};
  for (const split of ['train', 'val'] as const) {
    const own = images.filter((image) => image.split === split);
    for (let shard = 0; shard * perShard < own.length; shard++) {
      const members = own.slice(shard * perShard, (shard + 1) * perShard);
      files[`${split}-${String(shard).padStart(6, '0')}.tar`] = tar(
        Object.assign(
          {},
          ...members.map((image) => ({ [`${image.name}.jpg`]: image.jpeg, ...sidecar(image) })),
        ),
      );
    }
  }
  return files;
}

export const cls = ({ name, label }: GeneratedImage): Files => ({
  [`${name}.cls`]: Buffer.from(String(label)),
});

export const json = ({ name, label }: GeneratedImage): Files => ({
  [`${name}.json`]: Buffer.from(JSON.stringify({ filename: `${name}.JPEG`, label })),
});

/** `train/n00000000/n00000000_0.JPEG`, … */
export const folderFiles = (images: GeneratedImage[]): Files =>
  Object.fromEntries(
    images.map(({ split, name, label, jpeg }) => [`${split}/${folderOf(label)}/${name}.JPEG`, jpeg]),
  );

/** A temporary folder with these files. */
export async function folderWith(files: Files) {
  const folder = await mkdtemp(join(tmpdir(), 'imagenet-'));
  for (const [path, bytes] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), bytes);
  }
  return { folder, remove: () => rm(folder, { recursive: true }) };
}
