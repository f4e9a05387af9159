/** Which devices train here. A GPU that was asked for, or that TensorFlow was installed for, and that is not there, is
 *  refused: a training that took the CPU instead would only look slow. */

/** `webgpu` has a name once a worker has found its adapter; infra/ cannot look for it.
 *  @typedef {{ kind: 'cpu' } | ({ kind: 'gpu' } & import('./nvidia.mjs').Gpu) | { kind: 'webgpu', name?: string }} Device */
/** @typedef {{ devices: Device[], idle: number }} Chosen `idle`: GPUs that CUDA_VISIBLE_DEVICES leaves out */
/** @typedef {{ fact: string, remedy: string }} Refusal */
/** @typedef {{ version: string, gpu: boolean, log: string } | { problem: string }} Tried what TensorFlow says of itself */
/** @typedef {{ name: string, isSoftware: boolean }} Adapter what WebGPU trains on; a software one computes on the CPU */
/** @typedef {{ adapter: Adapter | null } | { problem: string }} Sought */

const ON_THE_CPU = 'set RETHINKING_DEVICE=cpu to train on the CPU';

/** @param {object} here
 *  @param {string} here.asked RETHINKING_DEVICE: `auto`, `cpu`, `gpu` or `webgpu`
 *  @param {boolean} here.cuda whether the CUDA flavour of TensorFlow is installed
 *  @param {string | undefined} here.visible CUDA_VISIBLE_DEVICES
 *  @param {() => import('./nvidia.mjs').Found} look called only where GPUs come into it
 *  @returns {Chosen | Refusal} */
export function chooseDevices({ asked, cuda, visible }, look) {
  const cpu = /** @type {Chosen} */ ({ devices: [{ kind: 'cpu' }], idle: 0 });
  if (asked === 'cpu') return cpu;
  // Never by itself: tfjs's gradients of convolutions are naive on WebGPU, and the CPU's compiled step is likely faster.
  if (asked === 'webgpu') return { devices: [{ kind: 'webgpu' }], idle: 0 };
  if (!cuda) {
    if (asked !== 'gpu') return cpu;
    return {
      fact: "RETHINKING_DEVICE=gpu asks for a GPU, and TensorFlow's CPU flavour is installed",
      remedy: `install the other one with \`npm run setup -- --gpu\`, or ${ON_THE_CPU}`,
    };
  }
  const { gpus, problem } = look();
  if (problem !== null) {
    return {
      fact: `TensorFlow's CUDA flavour is installed and no NVIDIA GPU is to be seen (${problem})`,
      remedy: `install or repair the driver, give this container its GPU, or ${ON_THE_CPU}`,
    };
  }
  const seen = visibleOf(gpus, visible);
  if (seen.length === 0) {
    return {
      fact: `CUDA_VISIBLE_DEVICES=${visible} names none of ${gpus.map(({ index, id }) => `${index} (${id})`).join(', ')}`,
      remedy: `unset it, name one of them, or ${ON_THE_CPU}`,
    };
  }
  const devices = seen.map((gpu) => /** @type {Device} */ ({ kind: 'gpu', ...gpu }));
  return { devices, idle: gpus.length - seen.length };
}

/** The answer, or a refusal where TensorFlow does not see a GPU that the driver shows.
 *  @param {Chosen | Refusal} answer
 *  @param {() => Tried} tryTensorflow called only where a GPU was chosen
 *  @returns {Chosen | Refusal} */
export function confirm(answer, tryTensorflow) {
  if ('fact' in answer || answer.devices.every(({ kind }) => kind !== 'gpu')) return answer;
  const tried = tryTensorflow();
  if ('gpu' in tried && tried.gpu) return answer;
  const reason = 'gpu' in tried ? reasonIn(tried.log) : tried.problem;
  const { devices } = answer;
  return {
    fact: `TensorFlow does not see ${devices.map(titleOf).join(', ')}${reason ? ` (${reason})` : ''}`,
    remedy: `look at \`npm run doctor\` and \`nvidia-smi\`, or ${ON_THE_CPU}`,
  };
}

/** The device with its adapter's name, or a refusal where WebGPU finds none.
 *  @param {Sought} sought
 *  @returns {Chosen | Refusal} */
export function confirmAdapter(sought) {
  if ('adapter' in sought && sought.adapter) {
    return { devices: [{ kind: 'webgpu', name: titleOfAdapter(sought.adapter) }], idle: 0 };
  }
  return {
    fact: `RETHINKING_DEVICE=webgpu asks for a GPU, and WebGPU finds none${'problem' in sought ? ` (${sought.problem})` : ''}`,
    remedy: `install its driver (on Debian libvulkan1 and mesa-vulkan-drivers), or ${ON_THE_CPU}`,
  };
}

/** @param {Adapter} adapter */
export const titleOfAdapter = ({ name, isSoftware }) => (isSoftware ? `${name}, software on the CPU` : name);

/** @param {Refusal} refusal */
export const sentenceOf = ({ fact, remedy }) => `${fact}: ${remedy}.`;

/** @param {Chosen} chosen
 *  @param {{ threads: number, visible: string | undefined }} here */
export function describeDevices({ devices, idle }, { threads, visible }) {
  const each = devices.length > 1 ? ', one each' : '';
  const others =
    idle > 0
      ? `; ${idle === 1 ? 'another idles' : `${idle} others idle`} (CUDA_VISIBLE_DEVICES=${visible})`
      : '';
  const names = devices.map((device) =>
    device.kind === 'cpu' ? `the CPU (${threads} threads)` : titleOf(device),
  );
  return `Trainings run on ${names.join(', ')}${each}${others}.`;
}

/** @param {Device} device */
function titleOf(device) {
  if (device.kind === 'cpu') return 'CPU';
  if (device.kind === 'webgpu') return device.name ?? 'the GPU that WebGPU finds';
  return `${device.name} (device ${device.index})`;
}

/** As CUDA reads it: numbers or beginnings of ids, up to the first that names nothing; numbers in nvidia-smi's order.
 *  @param {import('./nvidia.mjs').Gpu[]} gpus
 *  @param {string | undefined} visible */
function visibleOf(gpus, visible) {
  if (visible === undefined) return gpus;
  const named = visible
    .split(',')
    .map((name) => name.trim())
    .map((name) =>
      gpus.find(({ index, id }) =>
        /^\d+$/.test(name) ? index === Number(name) : name !== '' && id.startsWith(name),
      ),
    );
  const end = named.indexOf(undefined);
  const seen = end < 0 ? named : named.slice(0, end);
  return [...new Set(seen)].filter((gpu) => gpu !== undefined);
}

/** TensorFlow's own line about its GPUs, without time and place; empty where it says nothing.
 *  @param {string} log */
function reasonIn(log) {
  const line = log
    .split('\n')
    .find((text) => /cuInit|Cannot dlopen|cuda drivers|visible gpu device/i.test(text));
  return line?.replace(/^.*?\] /, '').replace(/\.( .*)?$/, '') ?? '';
}
