/** Runs that a pretend trainer has finished: in the store whole, as a real one leaves them. */
import type { Outcome, PlannedRun } from '../../activities/contract.ts';
import { provenance } from '../../activities/provenance/provenance.ts';
import * as keys from '../../activities/store/keys.ts';
import type { Store } from '../../activities/store/store.ts';
import { environment } from '../activities/environment.ts';
import { made } from '../activities/verdicts/synthetic.ts';

const EVALUATIONS =
  'step,train_correct,train_images,test_correct,test_images\n8,100,256,120,256\n16,256,256,150,256\n';

/** weights: what the bytes say; a canary with the same text has the stored bytes. */
export async function finishRun(
  store: Store,
  planned: PlannedRun,
  { weights, threads = 2 }: { weights: string; threads?: number },
): Promise<Outcome> {
  const { model, seed } = planned.run.trajectory;
  const { outcome } = made({ model, seed, budget: planned.run.stop.steps, testErrorPercent: 60 });
  if (!outcome) throw new Error('A made run without failure has an outcome.');
  const put = (key: string, text: string | Buffer) => store.putIfAbsent(key, Buffer.from(text));
  const finished: Outcome = {
    ...outcome,
    id: planned.id,
    trajectoryId: planned.trajectoryId,
    weights: await put(keys.weights(planned), weights),
    curve: await put(keys.curve(planned), 'step,loss\n1,2.3\n'),
    evaluations: await put(keys.evaluations(planned), EVALUATIONS),
  };
  const crate = provenance({
    title: planned.id,
    about: '',
    inputs: [],
    outputs: [finished.weights],
    parameters: {},
    environment: { ...environment, platform: 'linux 6.1 x64', tensorflow: '2.21.0', threads },
    startedAt: new Date(0),
    endedAt: new Date(1),
  });
  await put(keys.runProvenance(planned), crate);
  await put(keys.outcome(planned), JSON.stringify(finished));
  return finished;
}
