/** What happens to training images anew at every step, when a run asks for it: a rotation, a random window instead of
 *  the centre crop, a flip from left to right, and the whitening after them. Windows lie inside the image, without
 *  padding: the paper's 28×28 input leaves five places each way. */
import type { Augmentation } from '../contract.ts';
import { stream } from '../random/stream.ts';
import type { Tensor, Tensor1D, Tensor4D, TensorFlow } from '../tensorflow/load.ts';

export const SIDE = 32;
const CROPPED = 28;
/** Where evaluation cuts. */
export const CENTRE = (SIDE - CROPPED) / 2;

/** Open in the paper. */
const LARGEST_ANGLE = (25 / 180) * Math.PI;

/** Where each image of a batch is cut out, and whether it is mirrored: int32 [B] each, flip 0 or 1. turn: the cosine and
 *  sine of the angle by which it is rotated before, anticlockwise: float32 [B] each. */
export interface Windows<Int = Int32Array, Float = Float32Array> {
  top: Int;
  left: Int;
  flip: Int;
  turn?: { cosine: Float; sine: Float };
}

/** Whether training images differ from step to step. */
export const isAugmented = ({ crop, flip, rotate }: Augmentation) => crop || flip || rotate === true;

/** The windows of a step, the first of which is step 0. */
export function drawWindows(
  step: number,
  images: number,
  seed: number,
  { crop, flip, rotate }: Augmentation,
): Windows {
  const places = stream(seed, 'crop', step);
  const coins = stream(seed, 'flip', step);
  const place = () => (crop ? places.below(SIDE - CROPPED + 1) : CENTRE);
  const windows = { top: new Int32Array(images), left: new Int32Array(images), flip: new Int32Array(images) };
  for (let i = 0; i < images; i++) {
    windows.top[i] = place();
    windows.left[i] = place();
    windows.flip[i] = flip ? coins.below(2) : 0;
  }
  if (!rotate) return windows;
  const { uniform } = stream(seed, 'rotate', step);
  const angles = Float64Array.from({ length: images }, () => (2 * uniform() - 1) * LARGEST_ANGLE);
  return {
    ...windows,
    turn: { cosine: Float32Array.from(angles, Math.cos), sine: Float32Array.from(angles, Math.sin) },
  };
}

/** images: float32 [n, 32, 32, 3]; indices: int32 [B], images of the batch. Their windows, float32 [B, 28, 28, 3]. */
export function cutOut(
  tf: TensorFlow,
  images: Tensor4D,
  indices: Tensor1D,
  { top, left, flip, turn }: Windows<Tensor, Tensor>,
): Tensor4D {
  const [, , , channels] = images.shape;
  const along = tf.range(0, CROPPED, 1, 'int32'); // [28]
  const column = (perImage: Tensor) => perImage.reshape([-1, 1]); // [B] -> [B, 1]
  const rows = column(top).add(along); // [B, 28]
  const mirrored = column(flip).mul(tf.scalar(CROPPED - 1, 'int32').sub(along.mul(tf.scalar(2, 'int32'))));
  const columns = column(left).add(along).add(mirrored); // [B, 28]; a mirrored one runs from 27 to 0
  const window: [number, number, number] = [indices.shape[0], CROPPED, CROPPED];
  const [down, across] = [rows.expandDims(2), columns.expandDims(1)]; // [B, 28, 1], [B, 1, 28]
  return turn
    ? turned(tf, images, indices, { down, across, ...turn })
    : pixelsAt(tf, images, indices, down, across).reshape([...window, channels]);
}

/** Pixels of images, by row and column: int32, of [B, 28, 28] or what is broadcast to it. float32 [B · 28 · 28, C]. */
function pixelsAt(tf: TensorFlow, images: Tensor4D, indices: Tensor1D, row: Tensor, column: Tensor): Tensor {
  const side = tf.scalar(SIDE, 'int32');
  const pixels = indices.reshape([-1, 1, 1]).mul(side).add(row).mul(side).add(column);
  return images.reshape([-1, images.shape[3]]).gather(pixels.flatten().toInt());
}

/** The window's pixels of images that were rotated about their centre: each lies between four of the image, whose mean
 *  it is, weighted by nearness. Beyond the image its edge goes on. */
function turned(
  tf: TensorFlow,
  images: Tensor4D,
  indices: Tensor1D,
  { down, across, cosine, sine }: { down: Tensor; across: Tensor; cosine: Tensor; sine: Tensor },
): Tensor4D {
  const centre = (SIDE - 1) / 2;
  const perImage = (values: Tensor) => values.reshape([-1, 1, 1]); // [B] -> [B, 1, 1]
  const y = down.toFloat().sub(centre);
  const x = across.toFloat().sub(centre);
  const [c, s] = [perImage(cosine), perImage(sine)];
  const inside = (values: Tensor) => values.add(centre).clipByValue(0, SIDE - 1);
  const row = inside(c.mul(y).add(s.mul(x)));
  const column = inside(c.mul(x).sub(s.mul(y))); // [B, 28, 28]
  const [above, before] = [row.floor(), column.floor()];
  const next = (values: Tensor) => tf.minimum(values.add(1), SIDE - 1);
  const share = (values: Tensor) => values.reshape([-1, 1]); // over the channels
  const pixels = (r: Tensor, k: Tensor) => pixelsAt(tf, images, indices, r.toInt(), k.toInt());
  const [fromAbove, fromBefore] = [share(row.sub(above)), share(column.sub(before))];
  const between = (one: Tensor, other: Tensor, nearness: Tensor) => one.add(other.sub(one).mul(nearness));
  const [below, behind] = [next(above), next(before)];
  const upper = between(pixels(above, before), pixels(above, behind), fromBefore);
  const lower = between(pixels(below, before), pixels(below, behind), fromBefore);
  const channels = images.shape[3];
  return between(upper, lower, fromAbove).reshape([indices.shape[0], CROPPED, CROPPED, channels]);
}

/** As `data/whiten.ts`, in float32: mean 0 and deviation 1 over each image. float32 [B, 28, 28, 3]. */
export function whitenBatch(tf: TensorFlow, images: Tensor4D): Tensor4D {
  const elements = images.size / images.shape[0];
  const centred = images.sub(images.mean([1, 2, 3], true));
  const deviation = centred.square().mean([1, 2, 3], true).sqrt();
  return centred.div(tf.maximum(deviation, 1 / Math.sqrt(elements)));
}
