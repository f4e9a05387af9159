/** Arrays in MNIST's own format, plain or compressed by gzip: two bytes 0, one for the type of the elements, one for
 *  the number of dimensions, their lengths as big-endian uint32, the elements in C order. */
import { gunzipSync } from 'node:zlib';
import { Failure } from '../failure/failure.ts';
import { IDX_BYTES } from './limits.ts';

export interface IdxArray {
  shape: number[];
  data: Uint8Array;
}

const UINT8 = 0x08;
const GZIP = Buffer.from([0x1f, 0x8b]);

/** Of uint8 alone. Fails with MalformedSource; `file` is what the sentence calls it. */
export function readIdx(file: string, bytes: Uint8Array): IdxArray {
  const content = decompressed(file, Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
  const refuse = (fact: string) =>
    new Failure(
      'MalformedSource',
      `${file} ${fact}: expected an IDX file of uint8, as MNIST’s; fetch it again.`,
    );
  if (content.length < 4 || content.readUInt16BE(0) !== 0 || content[2] !== UINT8) {
    throw refuse(`begins with ${content.subarray(0, 4).toString('hex') || 'nothing'}, not with 000008`);
  }
  const start = 4 + 4 * content[3]!;
  if (content.length < start) throw refuse(`ends after ${content.length} bytes, inside its header`);
  const shape = Array.from({ length: content[3]! }, (_, i) => content.readUInt32BE(4 + 4 * i));
  const elements = shape.reduce((product, length) => product * length, 1);
  if (content.length !== start + elements) {
    throw refuse(
      `has ${content.length - start} bytes of data, and its shape [${shape.join(', ')}] wants ${elements}`,
    );
  }
  return { shape, data: new Uint8Array(content.subarray(start)) };
}

function decompressed(file: string, bytes: Buffer): Buffer {
  if (!bytes.subarray(0, GZIP.length).equals(GZIP)) return bytes;
  try {
    return gunzipSync(bytes, { maxOutputLength: IDX_BYTES });
  } catch (cause) {
    throw new Failure(
      'MalformedSource',
      `${file} is truncated, damaged, or unpacks to more than ${IDX_BYTES} bytes: fetch it again.`,
      { cause },
    );
  }
}
