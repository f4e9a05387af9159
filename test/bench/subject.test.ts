import { availableParallelism } from 'node:os';
import { expect, test } from 'vitest';
import { type ProductJob, SIDE } from './job.ts';
import { startSubject } from './subject.ts';

const JOB: ProductJob = {
  task: 'product',
  model: 'matrix-product',
  variant: 'a-peer',
  precision: 'float32',
  threads: availableParallelism(),
  side: SIDE,
};

const program = (code: string) => ({ command: process.execPath, args: ['-e', code], env: {} });

const PEER = `
  const ready = { variant: 'a-peer', versions: {}, setupSeconds: 1, firstStepSeconds: 1, proof: [] };
  console.log(JSON.stringify({ ready }));
  require('readline').createInterface(process.stdin).on('line', (line) => {
    const steps = Number(line.slice(4));
    if (steps === 13) throw new Error('thirteen is too many');
    console.log(JSON.stringify({ seconds: steps / 10 }));
  });`;

test('a process answers with its seconds, also after it was stopped', async () => {
  const subject = await startSubject(program(PEER), JOB);
  subject.pause();
  subject.resume();
  expect(await subject.run(5)).toBe(0.5);
  await subject.end();
});

test('a process that ends before it is ready is told with its last lines', async () => {
  const broken = program("console.error('no compiler here'); process.exit(3)");
  await expect(startSubject(broken, JOB)).rejects.toThrow('a-peer ended with 3: no compiler here');
});

test('a process that ends in the middle fails the step that waits, and every later one', async () => {
  const subject = await startSubject(program(PEER), JOB);
  await expect(subject.run(13)).rejects.toThrow('a-peer ended with 1');
  await expect(subject.run(1)).rejects.toThrow('a-peer ended with 1');
  await subject.end();
});

test('a program that is not there is told', async () => {
  const missing = { command: '/nowhere/python', args: [], env: {} };
  await expect(startSubject(missing, JOB)).rejects.toThrow('ENOENT');
});
