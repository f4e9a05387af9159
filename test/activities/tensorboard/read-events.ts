/** Event files read with code of its own: checksums bit by bit, messages byte by byte. What a reader shows of them. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import protobuf from 'protobufjs';

interface Point {
  step: number;
  value: number;
  wallTime: number;
}

/** CRC-32C by its definition, rotated and shifted as the format asks. */
function maskedCrc(bytes: Uint8Array): number {
  let crc = 0xffffffffn;
  for (const byte of bytes) {
    crc ^= BigInt(byte);
    for (let bit = 0; bit < 8; bit++) crc = crc & 1n ? (crc >> 1n) ^ 0x82f63b78n : crc >> 1n;
  }
  crc ^= 0xffffffffn;
  return Number((((crc >> 15n) | (crc << 17n)) + 0xa282ead8n) & 0xffffffffn);
}

/** Fails at a checksum that is wrong; a last record that is cut short is none. */
export function recordsOf(file: Buffer): Buffer[] {
  const records: Buffer[] = [];
  for (let at = 0; at + 12 <= file.length; ) {
    const length = Number(file.readBigUInt64LE(at));
    const data = file.subarray(at + 12, at + 12 + length);
    const end = at + 12 + length + 4;
    if (end > file.length) break;
    if (file.readUInt32LE(at + 8) !== maskedCrc(file.subarray(at, at + 8))) throw new Error('length');
    if (file.readUInt32LE(end - 4) !== maskedCrc(data)) throw new Error(`record ${records.length}`);
    records.push(data);
    at = end;
  }
  return records;
}

type Fields = Map<number, unknown>;

/** Fields by number; of those of 8 and 4 bytes the bytes. */
function fieldsOf(message: Uint8Array): Fields {
  const reader = protobuf.Reader.create(message);
  const fields: Fields = new Map();
  while (reader.pos < reader.len) {
    const tag = reader.uint32();
    const number = tag >>> 3;
    if ((tag & 7) === 0) fields.set(number, Number(reader.int64()));
    else if ((tag & 7) === 1) fields.set(number, reader.double());
    else if ((tag & 7) === 5) fields.set(number, reader.float());
    else fields.set(number, reader.bytes());
  }
  return fields;
}

const inside = (fields: Fields, number: number): Fields | null => {
  const bytes = fields.get(number);
  return bytes instanceof Uint8Array ? fieldsOf(bytes) : null;
};

const text = (bytes: unknown) => (bytes instanceof Uint8Array ? Buffer.from(bytes).toString() : '');

/** Curves by tag, as TensorBoard shows a folder: its files in the order of their names, and what a start of a session takes
 *  back taken back. */
export function shown(folder: string): Record<string, Point[]> {
  const curves: Record<string, Point[]> = {};
  for (const name of readdirSync(folder).sort()) {
    const [version, ...events] = recordsOf(readFileSync(join(folder, name))).map(fieldsOf);
    if (text(version?.get(3)) !== 'brain.Event:2') throw new Error(`${name} does not begin with a version`);
    for (const event of events) {
      const step = Number(event.get(2) ?? 0);
      if (inside(event, 7)?.get(1) === 1) {
        for (const tag of Object.keys(curves))
          curves[tag] = curves[tag]!.filter((point) => point.step < step);
      }
      const summary = inside(event, 5);
      const scalar = summary && inside(summary, 1);
      if (!scalar) continue;
      const tag = text(scalar.get(1));
      curves[tag] ??= [];
      curves[tag].push({ step, value: Number(scalar.get(2) ?? 0), wallTime: Number(event.get(1)) });
    }
  }
  return curves;
}
