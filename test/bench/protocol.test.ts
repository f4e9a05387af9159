import { expect, test } from 'vitest';
import { encodeMessage, encodeRun, type Message, parseMessage, parseRun } from './protocol.ts';

const READY: Message = {
  ready: {
    variant: 'jax',
    versions: { jax: '0.10.2' },
    setupSeconds: 1,
    firstStepSeconds: 2,
    proof: [2.4, 2.3, 2.2],
  },
};

test('messages are read as they were written', () => {
  expect(parseMessage(encodeMessage(READY))).toEqual(READY);
  expect(parseMessage('{"seconds": 0.25}')).toEqual({ seconds: 0.25 });
});

test('a line that a framework printed is told with its text', () => {
  expect(() => parseMessage('Downloading…')).toThrow('said Downloading…, expected {"ready"');
});

test('no time at all is not a measurement', () => {
  expect(() => parseMessage('{"seconds": 0}')).toThrow('expected');
});

test('the number of steps is read as it was written', () => {
  expect(parseRun(encodeRun(12).trimEnd())).toBe(12);
});

test('no steps are refused', () => {
  expect(() => parseRun('run 0')).toThrow('expected run and a number');
});
