/** Which part of an image the network sees, in its pixels. */
import type { Stream } from '../../random/stream.ts';

export interface Window {
  left: number;
  top: number;
  width: number;
  height: number;
}

/** As TensorFlow's Inception preprocessing asks of `sample_distorted_bounding_box`: the window's part of the image's
 *  area and its width over height. */
const AREA = { least: 0.05, most: 1 };
const ASPECT = { least: 3 / 4, most: 4 / 3 };
const ATTEMPTS = 100;

const CENTRAL_PART = 0.875; // of each side: TensorFlow's Inception preprocessing in evaluation

/** A random window: its aspect is uniform, its height uniform among those that fit the image and the bounds of the
 *  area, its place uniform. The whole image where none was found, as in one 27 times as long as wide. */
export function randomWindow(width: number, height: number, { uniform, below }: Stream): Window {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const aspect = ASPECT.least + (ASPECT.most - ASPECT.least) * uniform();
    const heightAt = (area: number) => Math.sqrt((area * width * height) / aspect);
    const least = Math.ceil(heightAt(AREA.least));
    const most = Math.floor(Math.min(heightAt(AREA.most), height, width / aspect));
    if (most < least) continue;
    const chosen = least + below(most - least + 1);
    const window = { width: Math.round(chosen * aspect), height: chosen };
    return { ...window, left: below(width - window.width + 1), top: below(height - window.height + 1) };
  }
  return { left: 0, top: 0, width, height };
}

/** The middle 87.5 % of each side, rounded outwards. */
export function centralWindow(width: number, height: number): Window {
  const margin = (side: number) => Math.floor((side * (1 - CENTRAL_PART)) / 2);
  const [left, top] = [margin(width), margin(height)];
  return { left, top, width: width - 2 * left, height: height - 2 * top };
}
