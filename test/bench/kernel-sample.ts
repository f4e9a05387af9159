/** Points of MNIST's shape for the kernel systems, generated: ten patterns, twelve ways in which all of them vary, and a
 *  little noise, as bytes. For others one safetensors file: pixels [n, 784], labels [n]. */
import { readFileSync } from 'node:fs';
import { stream } from '../../activities/random/stream.ts';
import { decodeSafetensors, encodeSafetensors } from '../../activities/tensorflow/safetensors.ts';

export const PIXELS = 28 * 28;
const CLASSES = 10;
const FACTORS = 12;
const [PATTERN, FACTOR, NOISE] = [50, 14, 16]; // grey levels

export interface KernelSample {
  /** uint8 [n, 784] */
  pixels: Uint8Array;
  /** uint8 [n] */
  labels: Uint8Array;
}

/** The first n do not depend on how many follow. */
export function kernelSample(n: number): KernelSample {
  const draw = stream(1, 'procedural');
  const shapes = (count: number, size: number) =>
    Float32Array.from({ length: count * PIXELS }, () => size * draw.normal());
  const [patterns, factors] = [shapes(CLASSES, PATTERN), shapes(FACTORS, FACTOR)];
  const pixels = new Uint8Array(n * PIXELS);
  const labels = Uint8Array.from({ length: n }, (_, i) => i % CLASSES);
  for (let i = 0; i < n; i++) {
    const own = Float32Array.from({ length: FACTORS }, draw.normal);
    for (let p = 0; p < PIXELS; p++) {
      let value = 128 + patterns[labels[i]! * PIXELS + p]! + NOISE * (2 * draw.uniform() - 1);
      for (let f = 0; f < FACTORS; f++) value += own[f]! * factors[f * PIXELS + p]!;
      pixels[i * PIXELS + p] = Math.max(0, Math.min(255, Math.round(value)));
    }
  }
  return { pixels, labels };
}

export function encodeKernelSample({ pixels, labels }: KernelSample): Buffer {
  return encodeSafetensors(
    {
      pixels: { shape: [labels.length, PIXELS], data: Float32Array.from(pixels) },
      labels: { shape: [labels.length], data: Float32Array.from(labels) },
    },
    {},
  );
}

export function readKernelSample(file: string): KernelSample {
  const { pixels, labels } = decodeSafetensors(readFileSync(file)).arrays;
  if (!pixels || !labels) throw new Error(`${file} has no pixels or labels.`);
  return { pixels: Uint8Array.from(pixels.data), labels: Uint8Array.from(labels.data) };
}
