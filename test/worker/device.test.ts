/** A worker has a GPU that works, or says why not; it never takes the CPU instead. */
import { describe, expect, test } from 'vitest';
import {
  findDevices,
  type Probes,
  trainingAdapter,
  trainingDevice,
  variablesOf,
} from '../../worker/device.ts';

const first = { kind: 'gpu', id: 'GPU-3b1c', index: 0, name: 'NVIDIA H100 80GB HBM3' } as const;
const second = { kind: 'gpu', id: 'GPU-7f2d', index: 1, name: 'NVIDIA T400' } as const;

const machine = (probes: Partial<Probes>): Probes => ({
  choose: () => ({ devices: [first, second], idle: 0 }),
  tryDevice: async () => ({ version: '2.21.0', gpu: true, log: '' }),
  seekAdapter: () => expect.fail('asked WebGPU'),
  ...probes,
});

describe('the devices of a worker', () => {
  test('are all that TensorFlow sees', async () => {
    expect(await findDevices(machine({}))).toEqual([first, second]);
  });

  test('leave out a GPU that TensorFlow does not take, such as a small one for the screen', async () => {
    const tryDevice: Probes['tryDevice'] = async (device) => ({
      version: '2.21.0',
      gpu: device === first,
      log: '',
    });

    expect(await findDevices(machine({ tryDevice }))).toEqual([first]);
  });

  test('are never the CPU because TensorFlow sees no GPU', async () => {
    const log = 'E0000 00:00:1.4 7 cuda_platform.cc:52] failed call to cuInit: UNKNOWN ERROR (303)';
    const tryDevice = async () => ({ version: '2.21.0', gpu: false, log });

    await expect(findDevices(machine({ tryDevice }))).rejects.toMatchObject({
      type: 'DeviceMissing',
      message:
        'No training will start: TensorFlow does not see NVIDIA H100 80GB HBM3 (device 0) (failed call to cuInit: UNKNOWN ERROR (303)): look at `npm run doctor` and `nvidia-smi`, or set RETHINKING_DEVICE=cpu to train on the CPU.',
    });
  });

  test('are refused with the machine’s own sentence, and TensorFlow is not asked', async () => {
    const choose = () => ({ fact: 'There is none', remedy: 'buy one' });
    const tryDevice = () => expect.fail('asked');

    await expect(findDevices(machine({ choose, tryDevice }))).rejects.toMatchObject({
      type: 'DeviceMissing',
      message: 'No training will start: There is none: buy one.',
    });
  });

  test('are the CPU where that was chosen, without a question to TensorFlow', async () => {
    const choose: Probes['choose'] = () => ({ devices: [{ kind: 'cpu' }], idle: 0 });

    const devices = await findDevices(machine({ choose, tryDevice: () => expect.fail('asked') }));

    expect(devices).toEqual([{ kind: 'cpu' }]);
  });
});

describe('with RETHINKING_DEVICE=webgpu the device', () => {
  const asked = (seekAdapter: Probes['seekAdapter']) =>
    machine({
      choose: () => ({ devices: [{ kind: 'webgpu' }], idle: 0 }),
      tryDevice: () => expect.fail('asked TensorFlow'),
      seekAdapter,
    });

  test('is the adapter that WebGPU finds', async () => {
    const adapter = { name: 'AMD Radeon RX 7600 (radv)', isSoftware: false };

    expect(await findDevices(asked(async () => ({ adapter })))).toEqual([
      { kind: 'webgpu', name: 'AMD Radeon RX 7600 (radv)' },
    ]);
  });

  test('may be software, and its name says so', async () => {
    const adapter = { name: 'llvmpipe (Mesa)', isSoftware: true };

    expect(await findDevices(asked(async () => ({ adapter })))).toEqual([
      { kind: 'webgpu', name: 'llvmpipe (Mesa), software on the CPU' },
    ]);
  });

  test.for([
    [{ adapter: null }, ''],
    [{ problem: 'Command failed: node look-at-device.js' }, ' (Command failed: node look-at-device.js)'],
  ] as const)('is refused after %j', async ([sought, reason]) => {
    await expect(findDevices(asked(async () => sought))).rejects.toMatchObject({
      type: 'DeviceMissing',
      message: `No training will start: RETHINKING_DEVICE=webgpu asks for a GPU, and WebGPU finds none${reason}: install its driver (on Debian libvulkan1 and mesa-vulkan-drivers), or set RETHINKING_DEVICE=cpu to train on the CPU.`,
    });
  });
});

describe('a trainer', () => {
  test('of a GPU sees this one and no other', () => {
    expect(variablesOf(second)).toMatchObject({
      RETHINKING_DEVICE: 'gpu',
      RETHINKING_DEVICE_NAME: 'NVIDIA T400',
      CUDA_VISIBLE_DEVICES: 'GPU-7f2d',
    });
  });

  test('of the CPU sees no GPU', () => {
    expect(variablesOf({ kind: 'cpu' })).toEqual({ RETHINKING_DEVICE: 'cpu', CUDA_VISIBLE_DEVICES: '-1' });
  });

  test('of WebGPU is told so, and by which name its adapter is known', () => {
    expect(variablesOf({ kind: 'webgpu', name: 'llvmpipe (Mesa)' })).toEqual({
      RETHINKING_DEVICE: 'webgpu',
      RETHINKING_DEVICE_NAME: 'llvmpipe (Mesa)',
    });
    expect(variablesOf({ kind: 'webgpu' })).toEqual({ RETHINKING_DEVICE: 'webgpu' });
  });

  test('reports its device by name', () => {
    const told = { RETHINKING_DEVICE: 'gpu', RETHINKING_DEVICE_NAME: 'NVIDIA L4' } as const;

    expect(trainingDevice(told, 'gpu')).toBe('NVIDIA L4');
    expect(trainingDevice({ RETHINKING_DEVICE: 'cpu' }, 'cpu')).toBe('cpu');
    const software = { name: 'llvmpipe (Mesa)', isSoftware: true };
    expect(trainingAdapter({ RETHINKING_DEVICE: 'webgpu' }, software)).toBe(
      'llvmpipe (Mesa), software on the CPU',
    );
  });

  test('that has lost its GPU does not train on the CPU', () => {
    const told = { RETHINKING_DEVICE: 'gpu', RETHINKING_DEVICE_NAME: 'NVIDIA L4' } as const;

    expect(() => trainingDevice(told, 'cpu')).toThrow(
      'This training was given NVIDIA L4 and TensorFlow sees none any more: another worker takes over; look at `nvidia-smi`.',
    );
  });

  test.each([
    [null, 'none'],
    [{ name: 'llvmpipe (Mesa)', isSoftware: true }, 'llvmpipe (Mesa), software on the CPU'],
  ])('that has lost its adapter does not train on %j', (seen, found) => {
    const told = {
      RETHINKING_DEVICE: 'webgpu',
      RETHINKING_DEVICE_NAME: 'AMD Radeon RX 7600 (radv)',
    } as const;

    expect(() => trainingAdapter(told, seen)).toThrow(
      `This training was given AMD Radeon RX 7600 (radv) and WebGPU finds ${found} now: another worker takes over; look at its driver.`,
    );
  });
});
