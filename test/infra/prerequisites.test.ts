import { expect, test } from 'vitest';
import { describeMissing, findMissing, isAtLeast } from '../../infra/setup/prerequisites.mjs';

const everything = { packages: false, library: true, binding: true, go: true };
const nowhere = { environment: { PATH: '/nonexistent' }, node: '18.20.1' };

test('on a machine with nothing but an old Node everything is named at once, each with its line', () => {
  const text = describeMissing(findMissing(everything, nowhere), 'debian');

  expect(text).toBe(
    [
      'Set-up needs 4 things first:',
      '  Node 20.19 or later: everything runs on it',
      '      https://nodejs.org/en/download (the packaged one is often older)',
      '  Python 3 with pip: they download and unpack the TensorFlow library',
      '      sudo apt install python3 python3-pip',
      "  a C++ compiler: it builds TensorFlow.js's binding",
      '      sudo apt install g++',
      '  github.com, which does not answer, or Go 1.21 or later instead: temporal and the S3 server are downloaded from the one or built by the other',
      '      sudo apt install golang-go   (Debian 12, Ubuntu 22.04: too old, take https://go.dev/dl)',
    ].join('\n'),
  );
});

test('what is not needed any more is not asked for', () => {
  const needs = { packages: false, library: false, binding: false, go: false };

  expect(findMissing(needs, { ...nowhere, node: '20.19.0' })).toEqual([]);
});

test('an unknown system is shown the line of every known one', () => {
  const needs = { packages: false, library: false, binding: true, go: false };

  const text = describeMissing(findMissing(needs, { ...nowhere, node: '24.1.0' }), null);

  expect(text).toContain('debian: sudo apt install g++');
  expect(text).toContain('fedora: sudo dnf install gcc-c++');
  expect(text).toContain('macos: xcode-select --install');
});

test.each([
  ['20.18.3', false],
  ['20.19.0', true],
  ['22.0.0', true],
  ['9.99.0', false],
  ['no version at all', false],
])('Node %s is new enough: %s', (version, expected) => {
  expect(isAtLeast(version, [20, 19])).toBe(expected);
});
