/** The python form of CIFAR-10: each batch a pickled dictionary with `data`, a NumPy array uint8 [n, 3072] of colour
 *  planes, and `labels`, a list. */
import { Failure } from '../failure/failure.ts';
import { checkLabel } from './cifar10.ts';
import { BYTES_PER_IMAGE, interleave, type Split } from './images.ts';
import { type Pickled, type RecordedCall, readPickle } from './pickle.ts';

export function readPythonBatch(file: string, bytes: Buffer): Split {
  const batch = readPickle(file, bytes);
  const refuse = (fact: string) =>
    new Failure('MalformedSource', `${file} ${fact}: expected a python batch of CIFAR-10.`);
  if (!(batch instanceof Map)) throw refuse('is not a dictionary');
  const planes = pixelArray(batch.get('data'));
  if (!planes) throw refuse("has no array 'data' of uint8 [n, 3072]");
  const labels = batch.get('labels');
  const n = planes.length / BYTES_PER_IMAGE;
  if (!Array.isArray(labels) || labels.length !== n) throw refuse(`has no list 'labels' of ${n} numbers`);
  const split = { images: new Uint8Array(planes.length), labels: new Uint8Array(n) };
  for (let i = 0; i < n; i++) {
    const label = labels[i];
    split.labels[i] = checkLabel(file, typeof label === 'number' ? label : -1);
    const image = i * BYTES_PER_IMAGE;
    interleave(planes.subarray(image, image + BYTES_PER_IMAGE), split.images.subarray(image));
  }
  return split;
}

/** The bytes of a pickled NumPy array of uint8 [n, 3072]: `_reconstruct(ndarray, (0,), 'b')` with the state
 *  (version, shape, dtype, in Fortran order, bytes). */
function pixelArray(value: Pickled | undefined): Buffer | null {
  if (!isCallTo(value, 'numpy.core.multiarray._reconstruct') || !Array.isArray(value.state)) return null;
  const [, shape, dtype, fortran, bytes] = value.state;
  if (!isCallTo(dtype, 'numpy.dtype') || !isText(dtype.args[0], 'u1') || fortran !== false) return null;
  if (
    !Array.isArray(shape) ||
    shape.length !== 2 ||
    typeof shape[0] !== 'number' ||
    shape[1] !== BYTES_PER_IMAGE
  )
    return null;
  return Buffer.isBuffer(bytes) && bytes.length === shape[0] * BYTES_PER_IMAGE ? bytes : null;
}

const isText = (value: Pickled | undefined, text: string) =>
  Buffer.isBuffer(value) && value.toString('latin1') === text;

function isCallTo(value: Pickled | undefined, callee: string): value is RecordedCall {
  return typeof value === 'object' && value !== null && 'callee' in value && value.callee === callee;
}
