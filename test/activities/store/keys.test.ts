import { expect, test } from 'vitest';
import * as keys from '../../../activities/store/keys.ts';

const run = { id: 'b'.repeat(20), trajectoryId: 'a'.repeat(20) };
const digest = '0123456789abcdef'.repeat(4);

test('a run lies under its trajectory, and its checkpoints beside it, where longer runs find them', () => {
  expect(keys.trajectory(run)).toBe('trajectories/aaaaaaaaaaaaaaaaaaaa/trajectory.json');
  expect(keys.outcome(run)).toBe('trajectories/aaaaaaaaaaaaaaaaaaaa/runs/bbbbbbbbbbbbbbbbbbbb/outcome.json');
  expect(keys.checkpoint(run, 391, '0123abcd')).toBe(
    'trajectories/aaaaaaaaaaaaaaaaaaaa/checkpoints/bbbbbbbbbbbbbbbbbbbb-000000391-0123abcd.safetensors',
  );
});

test('checkpoints sort by their step', () => {
  const steps = [9, 10, 999, 78_200, 1_000_000];

  expect(steps.map((step) => keys.checkpoint(run, step, '0123abcd')).sort()).toEqual(
    steps.map((step) => keys.checkpoint(run, step, '0123abcd')),
  );
});

test('the name of an uploaded archive loses what a key cannot hold', () => {
  expect(keys.source(digest, 'cifar 10 (ümlaut)/../x.tar.gz')).toBe(
    `sources/${digest}/cifar_10_mlaut_.._x.tar.gz`,
  );
  expect(keys.source(digest, `${'x'.repeat(300)}.tar`)).toHaveLength(
    'sources/'.length + 64 + '/'.length + 100,
  );
});
