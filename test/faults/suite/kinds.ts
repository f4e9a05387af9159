/** What is done to a running Figure 1, by kind. `needs`: what a kind cannot be had without. */
export const KINDS = {
  'kill-trainer': { title: 'kill -9 of the trainer', needs: null },
  'kill-train-worker': { title: 'kill -9 of the worker that trains', needs: null },
  'kill-light-worker': { title: 'kill -9 of the worker that runs workflows', needs: null },
  'kill-temporal': { title: 'kill -9 of the Temporal server', needs: null },
  'kill-s3': { title: 'kill -9 of the S3 server', needs: null },
  'kill-leash': { title: 'kill -9 of the process that keeps both servers', needs: null },
  'stop-trainer': { title: 'SIGSTOP of the trainer, then SIGCONT', needs: null },
  'stop-train-worker': { title: 'the same of worker and trainer together', needs: null },
  'stop-temporal': { title: 'the same of the Temporal server', needs: null },
  'stop-s3': { title: 'the same of the S3 server', needs: null },
  'refuse-temporal': {
    title: 'Temporal refuses connections, and those that were open end',
    needs: 'proxies',
  },
  'slow-temporal': {
    title: 'Temporal is slow (latency on every packet), and connections end',
    needs: 'proxies',
  },
  'cut-temporal': { title: 'connections to Temporal break after some bytes', needs: 'proxies' },
  'refuse-s3': { title: 'S3 refuses connections, and those that were open end', needs: 'proxies' },
  'slow-s3': { title: 'S3 is slow (latency, little bandwidth), and transfers end', needs: 'proxies' },
  'cut-s3': { title: 'transfers to and from S3 break after some bytes', needs: 'proxies' },
  'full-disk': { title: 'no byte left on the disk of both servers', needs: 'disk' },
  'damage-checkpoint': {
    title: 'a bit of the newest checkpoint flips, and the trainer is killed',
    needs: null,
  },
  'damage-pointer': { title: 'the same of the pointer to the checkpoints', needs: null },
  'damage-images': { title: 'a bit of the prepared images flips, and the trainer is killed', needs: null },
  'damage-weights': { title: 'a bit of finished weights flips', needs: null },
  'damage-curve': { title: 'a bit of a finished curve flips, before it is drawn', needs: null },
} as const satisfies Record<string, { title: string; needs: 'proxies' | 'disk' | null }>;

export type Kind = keyof typeof KINDS;

export const isKind = (name: string): name is Kind => Object.hasOwn(KINDS, name);
export const ALL_KINDS: readonly Kind[] = Object.keys(KINDS).filter(isKind);
