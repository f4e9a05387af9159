/** Which devices train, and how it is said. */
import { describe, expect, test } from 'vitest';
import {
  type Chosen,
  chooseDevices,
  confirm,
  describeDevices,
  type Refusal,
  sentenceOf,
} from '../../../infra/device/choose.mjs';

const GPUS = [
  { id: 'GPU-3b1c', index: 0, name: 'NVIDIA H100 80GB HBM3' },
  { id: 'GPU-7f2d', index: 1, name: 'NVIDIA H100 80GB HBM3' },
  { id: 'GPU-9e00', index: 2, name: 'NVIDIA L4' },
];
const [first, second, third] = GPUS.map((gpu) => ({ kind: 'gpu' as const, ...gpu }));
const CPU: Chosen = { devices: [{ kind: 'cpu' }], idle: 0 };

const WEBGPU: Chosen = { devices: [{ kind: 'webgpu' }], idle: 0 };

const here = { asked: 'auto', cuda: true, visible: undefined };
const three = () => ({ gpus: GPUS, problem: null });
const none = () => ({ gpus: [], problem: 'nvidia-smi is not there' });
const unasked = () => {
  throw new Error('nvidia-smi was asked');
};
const said = (answer: Chosen | Refusal) => ('fact' in answer ? sentenceOf(answer) : answer);

describe('the CPU trains', () => {
  test('with the CPU flavour, and nobody asks for GPUs', () => {
    expect(chooseDevices({ ...here, cuda: false }, unasked)).toEqual(CPU);
  });

  test('with the CUDA flavour when RETHINKING_DEVICE=cpu', () => {
    expect(chooseDevices({ ...here, asked: 'cpu' }, unasked)).toEqual(CPU);
  });
});

test.each([true, false])('WebGPU trains where it is asked for, with the CUDA flavour: %s', (cuda) => {
  const chosen = chooseDevices({ ...here, asked: 'webgpu', cuda }, unasked);

  expect(chosen).toEqual(WEBGPU);
  expect(confirm(chosen, unasked)).toBe(chosen);
});

describe('a GPU that is not there is refused:', () => {
  test('asked for, with the CPU flavour', () => {
    expect(said(chooseDevices({ ...here, asked: 'gpu', cuda: false }, unasked))).toBe(
      "RETHINKING_DEVICE=gpu asks for a GPU, and TensorFlow's CPU flavour is installed: install the other one with `npm run setup -- --gpu`, or set RETHINKING_DEVICE=cpu to train on the CPU.",
    );
  });

  test.each(['auto', 'gpu'])('with the CUDA flavour and RETHINKING_DEVICE=%s', (asked) => {
    expect(said(chooseDevices({ ...here, asked }, none))).toBe(
      "TensorFlow's CUDA flavour is installed and no NVIDIA GPU is to be seen (nvidia-smi is not there): install or repair the driver, give this container its GPU, or set RETHINKING_DEVICE=cpu to train on the CPU.",
    );
  });

  test.each(['', '-1', '7', 'GPU-ffff'])('hidden by CUDA_VISIBLE_DEVICES=%s', (visible) => {
    expect(said(chooseDevices({ ...here, visible }, three))).toBe(
      `CUDA_VISIBLE_DEVICES=${visible} names none of 0 (GPU-3b1c), 1 (GPU-7f2d), 2 (GPU-9e00): unset it, name one of them, or set RETHINKING_DEVICE=cpu to train on the CPU.`,
    );
  });
});

describe('every GPU that is visible trains:', () => {
  test.for([
    [undefined, [first, second, third], 0],
    ['0', [first], 2],
    ['2,0', [third, first], 1],
    [' 1 , 2 ', [second, third], 1],
    ['GPU-7f', [second], 2],
    ['1,1', [second], 2],
    ['1,-1,2', [second], 2], // CUDA reads no further than what it does not know
  ] as const)('CUDA_VISIBLE_DEVICES=%s', ([visible, devices, idle]) => {
    expect(chooseDevices({ ...here, visible }, three)).toEqual({ devices, idle });
  });
});

describe('TensorFlow has the last word:', () => {
  const chosen = { devices: [first], idle: 2 } as Chosen;
  const sees =
    (gpu: boolean, log = '') =>
    () => ({ version: '2.21.0', gpu, log });

  test('a GPU that it sees stays', () => {
    expect(confirm(chosen, sees(true))).toBe(chosen);
  });

  test('a GPU that it does not see is refused with its own reason', () => {
    const log = [
      'I0000 00:00:1795518222.486541   24876 cpu_feature_guard.cc:227] This TensorFlow binary is optimized to use …',
      'W0000 00:00:1795518222.487205   24876 gpu_device.cc:2364] Cannot dlopen some GPU libraries. Please make sure …',
    ].join('\n');

    expect(said(confirm(chosen, sees(false, log)))).toBe(
      'TensorFlow does not see NVIDIA H100 80GB HBM3 (device 0) (Cannot dlopen some GPU libraries): look at `npm run doctor` and `nvidia-smi`, or set RETHINKING_DEVICE=cpu to train on the CPU.',
    );
  });

  test('without a reason it is refused too', () => {
    expect(said(confirm(chosen, sees(false)))).toMatch(/^TensorFlow does not see .* \(device 0\): look at/);
  });

  test('a TensorFlow that does not even load is quoted', () => {
    const tried = () => ({ problem: 'it ended by SIGSEGV' });

    expect(said(confirm(chosen, tried))).toContain('(device 0) (it ended by SIGSEGV): look at');
  });

  test('about the CPU it is not asked', () => {
    expect(confirm(CPU, unasked)).toBe(CPU);
  });
});

test.for([
  [CPU, 'Trainings run on the CPU (2 threads).'],
  [WEBGPU, 'Trainings run on the GPU that WebGPU finds.'],
  [{ devices: [first], idle: 0 }, 'Trainings run on NVIDIA H100 80GB HBM3 (device 0).'],
  [
    { devices: [first], idle: 2 },
    'Trainings run on NVIDIA H100 80GB HBM3 (device 0); 2 others idle (CUDA_VISIBLE_DEVICES=0).',
  ],
  [
    { devices: [first, third], idle: 1 },
    'Trainings run on NVIDIA H100 80GB HBM3 (device 0), NVIDIA L4 (device 2), one each; another idles (CUDA_VISIBLE_DEVICES=0).',
  ],
] as [Chosen, string][])('%j is said as: %s', ([chosen, line]) => {
  expect(describeDevices(chosen, { threads: 2, visible: '0' })).toBe(line);
});
