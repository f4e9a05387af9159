/** Named float32 arrays as one safetensors file, readable by NumPy, PyTorch, JAX and others:
 *    uint64 length of the header · header: JSON · the arrays, little endian, one after another in order of name.
 *  https://github.com/huggingface/safetensors#format */
import { z } from 'zod';
import { Failure } from '../failure/failure.ts';
import type { NamedArrays } from './named-arrays.ts';

const LENGTH_BYTES = 8;
const ALIGNMENT = 8; // the format's authors pad the header with spaces to it

const Header = z.object({ __metadata__: z.record(z.string(), z.string()).default({}) }).catchall(
  z.strictObject({
    dtype: z.literal('F32'),
    shape: z.array(z.int().nonnegative()),
    data_offsets: z.tuple([z.int(), z.int()]),
  }),
);

/** The same arrays and metadata give the same bytes, whatever order they come in. */
export function encodeSafetensors(arrays: NamedArrays, metadata: Record<string, string>): Buffer {
  const names = Object.keys(arrays).sort();
  const header: Record<string, unknown> = {
    __metadata__: Object.fromEntries(Object.entries(metadata).sort(([a], [b]) => (a < b ? -1 : 1))),
  };
  let end = 0;
  for (const name of names) {
    const { shape, data } = arrays[name]!;
    header[name] = { dtype: 'F32', shape, data_offsets: [end, end + data.byteLength] };
    end += data.byteLength;
  }
  const json = Buffer.from(JSON.stringify(header));
  const start = LENGTH_BYTES + Math.ceil(json.length / ALIGNMENT) * ALIGNMENT;
  const file = Buffer.alloc(start + end, ' ');
  file.writeBigUInt64LE(BigInt(start - LENGTH_BYTES));
  json.copy(file, LENGTH_BYTES);
  let offset = start;
  for (const name of names) {
    const { data } = arrays[name]!;
    file.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), offset);
    offset += data.byteLength;
  }
  return file;
}

/** The arrays are copies. Fails with ObjectDamaged when the bytes are not a whole safetensors file of float32. */
export function decodeSafetensors(bytes: Uint8Array): {
  arrays: NamedArrays;
  metadata: Record<string, string>;
} {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const start = LENGTH_BYTES + (file.length < LENGTH_BYTES ? 0 : Number(file.readBigUInt64LE()));
  const { __metadata__: metadata, ...entries } = parseHeader(file.subarray(LENGTH_BYTES, start));
  const arrays: NamedArrays = {};
  for (const [name, { shape, data_offsets }] of Object.entries(entries)) {
    const [from, to] = data_offsets;
    const data = new Uint8Array(file.subarray(start + from, start + to));
    const bytesOfShape = shape.reduce((product, length) => product * length, Float32Array.BYTES_PER_ELEMENT);
    if (data.length !== bytesOfShape) {
      throw damaged(`array ${name} [${shape}] has ${data.length} bytes, expected ${bytesOfShape}`);
    }
    arrays[name] = { shape, data: new Float32Array(data.buffer) };
  }
  return { arrays, metadata };
}

function parseHeader(json: Buffer) {
  try {
    return Header.parse(JSON.parse(json.toString()));
  } catch (cause) {
    throw damaged('its header cannot be read', cause);
  }
}

const damaged = (fact: string, cause?: unknown) =>
  new Failure('ObjectDamaged', `This is not a whole safetensors file of float32 arrays: ${fact}.`, { cause });
