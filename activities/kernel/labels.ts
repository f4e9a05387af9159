/** Ten classes as ten regressions, one against all others. */

export const CLASSES = 10;

/** +1 for the class, −1 for the others: float64 [n, 10]. */
export function oneVsAll(labels: ArrayLike<number>): Float64Array<ArrayBuffer> {
  const targets = new Float64Array(labels.length * CLASSES).fill(-1);
  for (let i = 0; i < labels.length; i++) targets[i * CLASSES + labels[i]!] = 1;
  return targets;
}

/** The class with the largest output, the first of several: uint8 [n]. outputs: [n, 10]. */
export function classify(outputs: Float64Array): Uint8Array {
  return Uint8Array.from({ length: outputs.length / CLASSES }, (_, i) => {
    const own = outputs.subarray(i * CLASSES, (i + 1) * CLASSES);
    return own.indexOf(own.reduce((most, value) => Math.max(most, value)));
  });
}

/** How many rows have their largest output elsewhere than at their label. A row that is not finite is an error. */
export function countErrors(outputs: Float64Array, labels: ArrayLike<number>): number {
  const classes = classify(outputs);
  return classes.reduce((errors, chosen, i) => errors + (chosen === labels[i] ? 0 : 1), 0);
}
