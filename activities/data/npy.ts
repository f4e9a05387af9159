/** Arrays as NumPy's own files, format 1.0: `numpy.load` reads what is written here, and the other way round. Little
 *  endian, C order.
 *  https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html */
import { Failure } from '../failure/failure.ts';

/** What an array's elements are called in NumPy, in the file's header, and here. */
const TYPES = {
  uint8: { descr: '|u1', of: Uint8Array },
  int32: { descr: '<i4', of: Int32Array },
  float32: { descr: '<f4', of: Float32Array },
  float64: { descr: '<f8', of: Float64Array },
} as const;

type ElementType = keyof typeof TYPES;
type ArrayOf<T extends ElementType> = InstanceType<(typeof TYPES)[T]['of']>;

const MAGIC = Buffer.from('\x93NUMPY\x01\x00', 'latin1');
const PREAMBLE = MAGIC.length + 2; // and the header's length as uint16
const ALIGNMENT = 64; // the format wants the data to begin at a multiple of it

/** A file of zeros and, in its place inside the file, the array to be filled: large arrays exist once. */
export function allocateNpy<T extends ElementType>(
  type: T,
  shape: number[],
): { bytes: Buffer<ArrayBuffer>; data: ArrayOf<T> } {
  const { descr, of } = TYPES[type];
  const tuple = shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(', ')})`;
  const header = `{'descr': '${descr}', 'fortran_order': False, 'shape': ${tuple}, }`;
  const start = Math.ceil((PREAMBLE + header.length + 1) / ALIGNMENT) * ALIGNMENT;
  const elements = shape.reduce((product, length) => product * length, 1);
  const bytes = Buffer.from(new ArrayBuffer(start + elements * of.BYTES_PER_ELEMENT));
  MAGIC.copy(bytes);
  bytes.writeUInt16LE(start - PREAMBLE, MAGIC.length);
  bytes.write(`${header.padEnd(start - PREAMBLE - 1)}\n`, PREAMBLE, 'latin1');
  return { bytes, data: new of(bytes.buffer, start, elements) as ArrayOf<T> };
}

export function encodeNpy(type: ElementType, shape: number[], data: ArrayLike<number>): Buffer {
  const file = allocateNpy(type, shape);
  file.data.set(data);
  return file.bytes;
}

/** The array of a file; it shares the file's memory where alignment allows. Fails with MalformedSource when the
 *  file is not a whole npy file of this element type. */
export function decodeNpy<T extends ElementType>(
  file: Uint8Array,
  type: T,
): { shape: number[]; data: ArrayOf<T> } {
  const bytes = Buffer.from(file.buffer, file.byteOffset, file.byteLength);
  const { descr, of } = TYPES[type];
  const refuse = (fact: string) =>
    new Failure('MalformedSource', `${fact}: expected an npy file of format 1.0 with ${type} elements.`);
  if (!bytes.subarray(0, MAGIC.length).equals(MAGIC)) throw refuse('The bytes do not begin as an npy file');
  const start = PREAMBLE + bytes.readUInt16LE(MAGIC.length);
  const header = bytes.toString('latin1', PREAMBLE, start);
  const found = /'descr': '([^']+)', 'fortran_order': False, 'shape': \(([\d, ]*)\)/.exec(header);
  if (found?.[1] !== descr) throw refuse(`The array is ${header.trim()}`);
  const shape = (found[2]!.match(/\d+/g) ?? []).map(Number);
  const elements = shape.reduce((product, length) => product * length, 1);
  if (bytes.length !== start + elements * of.BYTES_PER_ELEMENT) {
    throw refuse(`The array [${shape}] has ${bytes.length - start} bytes of data`);
  }
  const aligned = (bytes.byteOffset + start) % of.BYTES_PER_ELEMENT === 0;
  const body = aligned ? bytes.subarray(start) : new Uint8Array(bytes.subarray(start));
  return { shape, data: new of(body.buffer as ArrayBuffer, body.byteOffset, elements) as ArrayOf<T> };
}
