/** From a file to what the network sees of it: about 3 ms of a thread of libuv's pool for a photograph of 500×375
 *  pixels, off the JavaScript thread. TensorFlow's Inception preprocessing with three deviations: no distortion of
 *  colours; windows are not drawn around annotated boxes; an image that shrinks is averaged over what a pixel covers
 *  (libvips), where TensorFlow takes four neighbours and, in training, one of four ways at random. */
import sharp from 'sharp';
import { Failure } from '../../failure/failure.ts';
import type { Stream } from '../../random/stream.ts';
import { IMAGENET_PIXELS } from '../limits.ts';
import { centralWindow, randomWindow } from './window.ts';

/** Of Inception V3's input. */
export const SIDE = 299;
export const CHANNELS = 3;
export const BYTES_PER_IMAGE = SIDE * SIDE * CHANNELS;

/** draws: the image's random window and flip; null: the centre, as evaluation and unaugmented training see it. `what`
 *  is what errors call the image. uint8 [299, 299, 3]. Fails with MalformedSource when the file cannot be decoded. */
export async function decodeImage(what: string, file: Buffer, draws: Stream | null): Promise<Buffer> {
  try {
    const image = sharp(file, { failOn: 'error', limitInputPixels: IMAGENET_PIXELS }); // warnings are about metadata that nobody looks at
    const { width, height } = await image.metadata();
    const window = draws ? randomWindow(width, height, draws) : centralWindow(width, height);
    const isMirrored = draws ? draws.below(2) === 1 : false;
    return await image
      .extract(window)
      .resize(SIDE, SIDE, { fit: 'fill', kernel: 'linear', fastShrinkOnLoad: false })
      .flop(isMirrored)
      .toColourspace('srgb') // some of ImageNet's are grey or CMYK
      .removeAlpha()
      .raw()
      .toBuffer();
  } catch (error) {
    const reason = error instanceof Error ? error.message.trim() : String(error);
    throw new Failure(
      'MalformedSource',
      `${what} cannot be decoded (${reason}): expected a whole JPEG image; replace it, then start again, so that ` +
        'the images are indexed anew.',
      { cause: error },
    );
  }
}
