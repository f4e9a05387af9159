/** The numbers of a linear model's descents. */
import { DescentName, type LinearDescent } from '../contract.ts';
import { csv } from './csv.ts';

export function distancesCsv({ looks }: LinearDescent): string {
  return csv(
    ['descent', 'epoch', 'step', 'distance', 'distance_to_limit', 'off_span', 'train_errors'],
    DescentName.options.flatMap((name) =>
      looks.map(({ epoch, step, [name]: look }) => [
        name,
        epoch,
        step,
        look.distance,
        look.distanceToLimit,
        look.offSpan,
        look.errors,
      ]),
    ),
  );
}

export function spectraCsv({ optima: { spectra } }: LinearDescent): string {
  const [one, other] = spectra;
  return csv(
    ['place', 'from_zero', 'from_elsewhere'],
    one.map((value, i) => [i + 1, value, other[i]!]),
  );
}
