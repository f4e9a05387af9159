/** Which flavour of TensorFlow's library a clone has: `cpu`, or `cuda` for NVIDIA GPUs. */

/** @typedef {'cpu' | 'cuda'} Flavour */
/** @typedef {{ flavour: Flavour, told: boolean }} Choice `told`: by a person, and it holds until they say otherwise */

/** What had a GPU once never goes back to the CPU by itself: a driver that is broken today would not be noticed.
 *  @param {object} here
 *  @param {Flavour | null} here.told `npm run setup -- --gpu` or `--cpu`
 *  @param {string | undefined} here.device RETHINKING_DEVICE
 *  @param {Choice | null} here.remembered from the last set-up
 *  @param {() => boolean} here.hasDriver
 *  @returns {Choice} */
export function chooseFlavour({ told, device, remembered, hasDriver }) {
  if (told) return { flavour: told, told: true };
  if (device === 'gpu' && remembered?.flavour !== 'cuda') return { flavour: 'cuda', told: true };
  if (remembered?.told || remembered?.flavour === 'cuda') return remembered;
  const withoutCuda = device === 'cpu' || device === 'webgpu';
  return { flavour: !withoutCuda && hasDriver() ? 'cuda' : 'cpu', told: false };
}
