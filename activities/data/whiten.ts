/** Per-image whitening (Appendix A): mean 0 and standard deviation 1 over all of an image's elements, rows, columns
 *  and channels together. The deviation is taken as at least 1/√elements, so that a uniform image gives zeros.
 *  Computed in float64, kept in float32. */
export function whiten(image: Float64Array): Float32Array {
  const n = image.length;
  let sum = 0;
  for (let i = 0; i < n; i++) sum += image[i]!;
  const mean = sum / n;
  let squares = 0;
  for (let i = 0; i < n; i++) squares += (image[i]! - mean) ** 2;
  const deviation = Math.max(Math.sqrt(squares / n), 1 / Math.sqrt(n));
  const whitened = new Float32Array(n);
  for (let i = 0; i < n; i++) whitened[i] = (image[i]! - mean) / deviation;
  return whitened;
}
