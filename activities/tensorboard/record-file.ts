/** Records in a file, as TensorFlow writes them (TFRecord): length uint64, its checksum, the bytes, their checksum; little
 *  endian. Checksums are CRC-32C, rotated and shifted so that one over data that holds checksums is no weaker. */

const HEADER_BYTES = 12;
const FOOTER_BYTES = 4;

// Castagnoli's polynomial, its bits in reverse.
const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let remainder = byte;
  for (let bit = 0; bit < 8; bit++) remainder = (remainder >>> 1) ^ (remainder & 1 ? 0x82f6_3b78 : 0);
  return remainder;
});

export function crc32c(bytes: Uint8Array): number {
  let crc = 0xffff_ffff;
  for (const byte of bytes) crc = (crc >>> 8) ^ TABLE[(crc ^ byte) & 0xff]!;
  return ~crc >>> 0;
}

const MASK = 0xa282_ead8; // of the format

const masked = (bytes: Uint8Array): number => {
  const crc = crc32c(bytes);
  return (((crc >>> 15) | (crc << 17)) + MASK) >>> 0;
};

export function encodeRecord(data: Uint8Array): Buffer {
  const record = Buffer.alloc(HEADER_BYTES + data.length + FOOTER_BYTES);
  record.writeBigUInt64LE(BigInt(data.length), 0);
  record.writeUInt32LE(masked(record.subarray(0, 8)), 8);
  record.set(data, HEADER_BYTES);
  record.writeUInt32LE(masked(data), HEADER_BYTES + data.length);
  return record;
}

/** The whole records of a file, up to the first that is cut short or damaged: a process that is killed leaves such an
 *  end, and readers stop there too. */
export function* decodeRecords(file: Buffer): Generator<Buffer> {
  let at = 0;
  while (at + HEADER_BYTES + FOOTER_BYTES <= file.length) {
    const length = Number(file.readBigUInt64LE(at));
    if (file.readUInt32LE(at + 8) !== masked(file.subarray(at, at + 8))) return;
    const end = at + HEADER_BYTES + length;
    if (end + FOOTER_BYTES > file.length) return;
    const data = file.subarray(at + HEADER_BYTES, end);
    if (file.readUInt32LE(end) !== masked(data)) return;
    yield data;
    at = end + FOOTER_BYTES;
  }
}
