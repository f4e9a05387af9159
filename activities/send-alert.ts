/** Tells a webhook what differs. Where it is belongs to the worker's environment alone, since such addresses hold
 *  secrets: no history, log or message names it. */
import type { Activities } from './contract.ts';
import { Failure } from './failure/failure.ts';
import type { Store } from './store/store.ts';

const ANSWER_MS = 10_000;

/** alertUrl: undefined sends nothing. */
export function createSendAlert({
  store,
  alertUrl,
}: {
  store: Store;
  alertUrl?: string;
}): Activities['sendAlert'] {
  return async ({ drift }) => {
    if (!alertUrl) return { sent: false };
    const body = await store.get(drift.json);
    const answer = await fetch(alertUrl, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: new Uint8Array(body),
      redirect: 'error', // wherever it leads, it is not where the worker was told to send
      signal: AbortSignal.timeout(ANSWER_MS),
    }).catch(() => null);
    if (answer?.ok) return { sent: true };
    throw new Failure(
      'AlertUndelivered',
      `The webhook of RETHINKING_ALERT_URL ${answer ? `answered ${answer.status}` : 'did not answer'}: look whether it is up and the address is right.`,
    );
  };
}
