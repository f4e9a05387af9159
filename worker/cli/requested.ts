/** The trainings that a request means: of one artifact its grid, of the paper those of all its artifacts. */
import { z } from 'zod';
import { ArtifactName, UnboundRun } from '../../activities/contract.ts';
import { parseOptions } from '../../activities/read-options.ts';
import { inputOf, WORKFLOW } from '../../workflows/paper.ts';
import type { ArtifactCommand } from './artifact.ts';
import { ARTIFACTS } from './artifacts.ts';

export interface Requested {
  artifact: ArtifactCommand;
  input: object;
  /** Empty where nothing is trained. */
  runs: UnboundRun[];
}

const Grid = z.array(z.object({ run: UnboundRun }));

export function requestedBy(artifact: ArtifactCommand, input: object): Requested[] {
  if (artifact.workflow !== 'reproducePaper') {
    const grid = Grid.safeParse(artifact.grid(input));
    return [{ artifact, input, runs: grid.success ? grid.data.map(({ run }) => run) : [] }];
  }
  const asked = parseOptions('reproducePaper', input);
  return asked.artifacts.flatMap((name) => requestedBy(commandOf(name), inputOf(name, asked)));
}

/** The command of an artifact by its name in the paper: `figure-1`. */
export function commandOf(name: ArtifactName): ArtifactCommand {
  return ARTIFACTS.find(({ workflow }) => workflow === WORKFLOW[name])!;
}

/** The artifact's name in the paper by its command's: `figure1`. */
export const nameOf = ({ workflow }: ArtifactCommand): ArtifactName | undefined =>
  ArtifactName.options.find((name) => WORKFLOW[name] === workflow);
