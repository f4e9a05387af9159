/** Has an index of a source's ImageNet in the store; the images stay where they are. Reads every byte once: as long as
 *  the source takes for an epoch. A source whose files have not changed is answered from the store. */
import { Context } from '@temporalio/activity';
import type { Activities } from './contract.ts';
import { indexImages } from './data/imagenet/stored-index.ts';
import { openFiles } from './data/sources/open-files.ts';
import { Failure } from './failure/failure.ts';
import type { Store } from './store/store.ts';

export function createIndexImageNet({
  store,
  imagenet,
}: {
  store: Store;
  /** The worker's own source. */
  imagenet?: string;
}): Activities['indexImageNet'] {
  return async ({ source: asked }) => {
    const source = asked ?? imagenet;
    if (source === undefined) {
      throw new Failure(
        'InvalidInput',
        'No source of ImageNet is named: give `source` a folder, an s3:// prefix or https:// addresses of its shards or class folders, or set RETHINKING_IMAGENET for the workers.',
      );
    }
    const context = Context.current();
    let progress: object = {};
    const beat = setInterval(() => context.heartbeat(progress), 1000);
    const files = openFiles(source);
    try {
      return await indexImages(
        store,
        files,
        (latest) => {
          progress = latest;
        },
        context.cancellationSignal,
      );
    } finally {
      files.close();
      clearInterval(beat);
    }
  };
}
