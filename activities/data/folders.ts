/** CIFAR-10 as image files in class folders, `train/<class>/<name>.png` and `test/<class>/<name>.jpg`, below any
 *  other folder. PNG keeps the pixels; JPEG is lossy, and its pixels are those of the decoder in package-lock.json. */
import sharp from 'sharp';
import { Failure } from '../failure/failure.ts';
import { CLASSES } from './cifar10.ts';
import { CHANNELS, SIDE } from './images.ts';
import { CIFAR10_PIXELS } from './limits.ts';

export interface FolderImage {
  split: 'train' | 'test';
  label: number;
  /** uint8 [32, 32, 3] */
  pixels: Buffer;
  format: 'jpeg' | 'png';
}

const PLACE = /(?:^|\/)(train|test)\/([^/]+)\/[^/.][^/]*\.(?:jpe?g|png)$/i;
const JPEG = Buffer.from([0xff, 0xd8]);

export const isFolderImage = (path: string) => PLACE.test(path);

/** Decodes one image file. Fails with MalformedSource when it is of another size, damaged, or in a folder that is
 *  not one of the ten classes. */
export async function readFolderImage(path: string, bytes: Buffer): Promise<FolderImage> {
  const [, split, name] = PLACE.exec(path)!;
  const label = CLASSES.indexOf(name!);
  if (label === -1) {
    throw new Failure(
      'MalformedSource',
      `${path} is in class folder '${name}', expected one of ${CLASSES.join(', ')}.`,
    );
  }
  const { data, info } = await decode(path, bytes);
  if (info.width !== SIDE || info.height !== SIDE || info.channels !== CHANNELS) {
    throw new Failure(
      'MalformedSource',
      `${path} is ${info.width}×${info.height} pixels, expected 32×32: CIFAR-10's images are used as they are.`,
    );
  }
  return {
    split: split === 'train' ? 'train' : 'test',
    label,
    pixels: data,
    format: bytes.subarray(0, JPEG.length).equals(JPEG) ? 'jpeg' : 'png',
  };
}

async function decode(path: string, bytes: Buffer) {
  try {
    const image = sharp(bytes, { limitInputPixels: CIFAR10_PIXELS });
    return await image.toColourspace('srgb').removeAlpha().raw().toBuffer({ resolveWithObject: true });
  } catch (error) {
    throw new Failure(
      'MalformedSource',
      `${path} cannot be decoded (${error instanceof Error ? error.message.trim() : error}): expected a whole PNG or JPEG image.`,
      { cause: error },
    );
  }
}
