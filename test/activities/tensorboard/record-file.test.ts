import { expect, test } from 'vitest';
import { crc32c, decodeRecords, encodeRecord } from '../../../activities/tensorboard/record-file.ts';
import { recordsOf } from './read-events.ts';

const records = ['', 'a', 'a longer record'].map((text) => Buffer.from(text));
const file = Buffer.concat(records.map(encodeRecord));

test('CRC-32C of 123456789 is e3069283, the check value of its catalogue', () => {
  expect(crc32c(Buffer.from('123456789'))).toBe(0xe3069283);
});

test('records are read back by code that shares nothing with ours', () => {
  expect(recordsOf(file)).toEqual(records);
});

test('of a file that is cut anywhere, or has a bit flipped, the records before that are read', () => {
  for (let end = 0; end < file.length; end++) {
    const whole = [16, 33, 64].filter((length) => length <= end).length;
    expect([...decodeRecords(file.subarray(0, end))]).toHaveLength(whole);
  }
  for (let at = 0; at < file.length; at++) {
    const damaged = Buffer.from(file);
    damaged[at]! ^= 4;
    expect([...decodeRecords(damaged)]).toEqual(records.slice(0, [16, 33].filter((end) => end <= at).length));
  }
});
