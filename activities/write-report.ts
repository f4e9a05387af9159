import type { Activities } from './contract.ts';
import { contentId } from './identity/identity.ts';
import { type Publishing, publish } from './provenance/publish.ts';
import { report } from './report/report.ts';
import { readBy } from './report/request.ts';
import * as keys from './store/keys.ts';

/** Writes the report: everything that was made, beside what the paper says, as one page. */
export function createWriteReport({ store, environment, now }: Publishing): Activities['writeReport'] {
  return async ({ reproductions }) => {
    const startedAt = now();
    const refs = readBy(reproductions);
    const contents = await Promise.all(refs.map(async (ref) => [ref.key, await store.get(ref)] as const));
    const page = report(reproductions, new Map(contents));
    // What is written names its folder.
    const id = contentId({ page });
    const { folder, outputs, provenance } = await publish(store, {
      keyOf: (file) => keys.report(id, file),
      latest: keys.latestReport,
      files: [{ name: 'report.html', bytes: page, contentType: 'text/html; charset=utf-8' }],
      title: 'Report',
      about: `${reproductions.map(({ artifact }) => artifact).join(', ')}: what was made, beside what the paper says.`,
      inputs: refs,
      parameters: { artifacts: reproductions.map(({ artifact }) => artifact) },
      environment,
      startedAt,
      now,
    });
    return { folder, html: outputs[0], provenance };
  };
}
