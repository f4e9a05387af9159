/** The few statistics that verdicts rest on. */

/** Mean and sample standard deviation (n − 1; 0 for a single value). */
export function meanAndDeviation(values: number[]): { mean: number; deviation: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, deviation: values.length > 1 ? Math.sqrt(squares / (values.length - 1)) : 0 };
}

/** P(|T| ≤ t) of Student's t with integer degrees of freedom: the finite series of Abramowitz and Stegun, 26.7.3–4. */
export function studentWithin(t: number, degrees: number): number {
  const angle = Math.atan(t / Math.sqrt(degrees));
  const [sine, cosine] = [Math.sin(angle), Math.cos(angle)];
  const odd = degrees % 2 === 1;
  let term = odd ? cosine : 1;
  let sum = degrees === 1 ? 0 : term;
  for (let power = odd ? 3 : 2; power <= degrees - 2; power += 2) {
    term *= ((power - 1) / power) * cosine ** 2;
    sum += term;
  }
  return odd ? (2 / Math.PI) * (angle + sine * sum) : sine * sum;
}

/** The t with P(T ≤ t) = probability, for a probability of at least one half. */
export function studentQuantile(probability: number, degrees: number): number {
  const within = 2 * probability - 1;
  let [low, high] = [0, 1];
  while (studentWithin(high, degrees) < within) high *= 2;
  for (let halving = 0; halving < 60; halving++) {
    const middle = (low + high) / 2;
    if (studentWithin(middle, degrees) < within) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

const NORMAL_975 = 1.959964; // 97.5 % quantile of the normal distribution

/** Wilson's 95 % interval of a proportion, in per cent. */
export function wilsonPercent(correct: number, images: number): [number, number] {
  const z2 = NORMAL_975 ** 2;
  const share = correct / images;
  const centre = (share + z2 / (2 * images)) / (1 + z2 / images);
  const half =
    (NORMAL_975 * Math.sqrt((share * (1 - share)) / images + z2 / (4 * images ** 2))) / (1 + z2 / images);
  return [100 * (centre - half), 100 * (centre + half)];
}
