/** Which flavour of TensorFlow's library set-up brings. */
import { expect, test } from 'vitest';
import { chooseFlavour } from '../../infra/setup/flavour.mjs';

const here = { told: null, device: undefined, remembered: null, hasDriver: () => false };
const withDriver = { ...here, hasDriver: () => true };

test('the CPU flavour where there is no NVIDIA driver', () => {
  expect(chooseFlavour(here)).toEqual({ flavour: 'cpu', told: false });
});

test('the CUDA flavour where there is one', () => {
  expect(chooseFlavour(withDriver)).toEqual({ flavour: 'cuda', told: false });
});

test('the CUDA flavour, without a driver, when a person asks', () => {
  expect(chooseFlavour({ ...here, told: 'cuda' })).toEqual({ flavour: 'cuda', told: true });
  expect(chooseFlavour({ ...here, device: 'gpu' })).toEqual({ flavour: 'cuda', told: true });
});

test('a command after `--gpu` does not swap it back', () => {
  const remembered = { flavour: 'cuda', told: true } as const;

  expect(chooseFlavour({ ...here, remembered })).toBe(remembered);
  expect(chooseFlavour({ ...here, remembered, device: 'gpu' })).toBe(remembered);
  expect(chooseFlavour({ ...here, remembered, device: 'cpu' })).toBe(remembered);
});

test('a driver that is gone does not swap it back either: what had a GPU says that it is missing', () => {
  const remembered = { flavour: 'cuda', told: false } as const;

  expect(chooseFlavour({ ...here, remembered })).toBe(remembered);
});

test('a driver that has come since the last set-up brings the CUDA flavour', () => {
  const remembered = { flavour: 'cpu', told: false } as const;

  expect(chooseFlavour({ ...withDriver, remembered })).toEqual({ flavour: 'cuda', told: false });
});

test('with a driver the CPU flavour stays where a person wants the CPU', () => {
  const remembered = { flavour: 'cpu', told: true } as const;

  expect(chooseFlavour({ ...withDriver, told: 'cpu' })).toEqual(remembered);
  expect(chooseFlavour({ ...withDriver, remembered })).toBe(remembered);
  expect(chooseFlavour({ ...withDriver, device: 'cpu' })).toEqual({ flavour: 'cpu', told: false });
});

test('a driver does not bring the CUDA flavour where WebGPU trains', () => {
  expect(chooseFlavour({ ...withDriver, device: 'webgpu' })).toEqual({ flavour: 'cpu', told: false });
});

test('`--cpu` ends what `--gpu` began', () => {
  const remembered = { flavour: 'cuda', told: true } as const;

  expect(chooseFlavour({ ...here, remembered, told: 'cpu' })).toEqual({ flavour: 'cpu', told: true });
});
