/** Both splits on the device, once; a batch is gathered there by its indices. */
import type { NamedHostTensors } from '../tensorflow/compile/compile.ts';
import type { NamedTensorMap, Tensor, Tensor1D, Tensor4D, TensorFlow } from '../tensorflow/load.ts';
import type { Windows } from './augment.ts';
import { batchOf, type DeviceSplit } from './batch.ts';
import { type Split, sideOf } from './engine.ts';
import { type Feed, type SplitName, stack } from './feed.ts';

export function residentFeed(tf: TensorFlow, splits: Record<SplitName, Split>): Feed {
  return {
    variables: { train: variablesOf('train', splits.train), test: variablesOf('test', splits.test) },
    batch: (split, variables, { indices, ...inputs }) =>
      batchOf(tf, splitIn(split, variables), indices as Tensor1D, windowsIn(inputs)),
    steps: async (steps) => ({
      indices: stack(steps.map(({ indices }) => indices)),
      ...stackWindows(steps.flatMap(({ windows }) => windows ?? [])),
    }),
    async *looks(_split, looks) {
      for (const size of new Set(looks.map(({ indices }) => indices.length))) {
        const same = looks.filter(({ indices }) => indices.length === size);
        const indices = stack(same.map((look) => look.indices));
        const windows = stackWindows(same.flatMap((look) => look.windows ?? []));
        yield { size, inputs: { indices, ...windows } };
      }
    },
    showsAugmented: true,
    close() {},
  };
}

const variablesOf = (name: SplitName, split: Split): NamedHostTensors => ({
  [`${name}/images`]: {
    shape: [split.labels.length, sideOf(split), sideOf(split), 3],
    data: split.images,
  },
  [`${name}/labels`]: { shape: [split.labels.length], data: Int32Array.from(split.labels) },
});

const splitIn = (name: SplitName, variables: NamedTensorMap): DeviceSplit => ({
  images: variables[`${name}/images`] as Tensor4D,
  labels: variables[`${name}/labels`] as Tensor1D,
});

/** Windows of several batches as inputs of a compiled function. */
function stackWindows(windows: Windows[]): NamedHostTensors {
  if (windows.length === 0) return {};
  const turns = windows.flatMap(({ turn }) => turn ?? []);
  return {
    top: stack(windows.map(({ top }) => top)),
    left: stack(windows.map(({ left }) => left)),
    flip: stack(windows.map(({ flip }) => flip)),
    ...(turns.length > 0 && {
      cosine: stack(turns.map(({ cosine }) => cosine)),
      sine: stack(turns.map(({ sine }) => sine)),
    }),
  };
}

/** The other way round: windows of one batch among a function's inputs. */
function windowsIn({ top, left, flip, cosine, sine }: NamedTensorMap): Windows<Tensor, Tensor> | null {
  if (!(top && left && flip)) return null;
  return { top, left, flip, turn: cosine && sine && { cosine, sine } };
}
