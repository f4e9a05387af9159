import { expect, test } from 'vitest';
import { decodeSafetensors } from '../../../activities/tensorflow/safetensors.ts';
import { decodeCheckpoint, encodeCheckpoint } from '../../../activities/training/checkpoint.ts';

const STATE = {
  step: 2,
  weights: { 'linear/kernel': { shape: [2, 1], data: Float32Array.of(1, 2) } },
  momenta: { 'linear/kernel': { shape: [2, 1], data: Float32Array.of(3, 4) } },
  losses: Float32Array.of(2.3, 2.2),
  evaluations: [
    { step: 1, train: { correct: 1, images: 2 }, test: { correct: 0, images: 2 }, wholeTrain: null },
    {
      step: 2,
      train: { correct: 2, images: 2 },
      test: { correct: 0, images: 2 },
      wholeTrain: { correct: 4, images: 4 },
    },
  ],
};

test('a checkpoint gives back the state it was made of', () => {
  const computedOn = [
    { step: 0, device: 'cpu', library: 'TensorFlow 2.21.0', instructionSet: 'x64 avx2', threads: 2 },
  ];
  expect(decodeCheckpoint('abc', encodeCheckpoint('abc', STATE, computedOn))).toEqual({
    ...STATE,
    computedOn,
  });
});

test('weights, momenta and the curve lie in one safetensors file under plain names', () => {
  const { arrays, metadata } = decodeSafetensors(encodeCheckpoint('abc', STATE));
  expect(Object.keys(arrays)).toEqual(['curve/loss', 'momenta/linear/kernel', 'weights/linear/kernel']);
  expect(metadata).toMatchObject({ trajectory: 'abc', step: '2' });
});

test("another trajectory's checkpoint is refused, and the message names both", () => {
  expect(() => decodeCheckpoint('xyz', encodeCheckpoint('abc', STATE))).toThrow(
    expect.objectContaining({
      type: 'ObjectDamaged',
      message: expect.stringMatching(/trajectory abc .* of xyz/),
    }),
  );
});

test('a truncated checkpoint is damaged', () => {
  const bytes = encodeCheckpoint('abc', STATE);
  expect(() => decodeCheckpoint('abc', bytes.subarray(0, bytes.length - 1))).toThrow(
    expect.objectContaining({ type: 'ObjectDamaged' }),
  );
});
