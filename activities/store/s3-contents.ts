/** What lies in a bucket, with its age, and what was begun and never finished: for housekeeping alone. */
import {
  AbortMultipartUploadCommand,
  ListMultipartUploadsCommand,
  type ListMultipartUploadsCommandOutput,
  paginateListObjectsV2,
} from '@aws-sdk/client-s3';
import { connectS3, type S3Options } from './s3.ts';
import { askS3 } from './s3-failure.ts';

export interface StoredObject {
  key: string;
  bytes: number;
  /** When its bytes were written. */
  modified: Date;
}

/** An upload in parts that was begun. S3 does not say how large its parts are until they are listed one by one. */
export interface Upload {
  key: string;
  id: string;
  started: Date;
}

export interface Contents {
  objects(): AsyncIterable<StoredObject>;
  uploads(): AsyncIterable<Upload>;
  /** Gives the room of its parts back; one that is gone already does not matter. */
  abort(upload: Upload): Promise<void>;
}

export function openContents(options: S3Options): Contents {
  const { bucket: Bucket, prefix = '' } = options;
  const { client, place } = connectS3(options);
  const { send, unless } = askS3(place);
  const Prefix = prefix;

  return {
    async *objects() {
      const pages = paginateListObjectsV2({ client }, { Bucket, Prefix })[Symbol.asyncIterator]();
      for (;;) {
        const { value: page, done } = await send(pages.next());
        if (done || !page) return;
        for (const { Key = '', Size = 0, LastModified } of page.Contents ?? []) {
          if (LastModified) yield { key: Key.slice(prefix.length), bytes: Size, modified: LastModified };
        }
      }
    },

    async *uploads() {
      let from: Pick<ListMultipartUploadsCommandOutput, 'NextKeyMarker' | 'NextUploadIdMarker'> = {};
      for (;;) {
        const page = await send(
          client.send(
            new ListMultipartUploadsCommand({
              Bucket,
              Prefix,
              KeyMarker: from.NextKeyMarker,
              UploadIdMarker: from.NextUploadIdMarker,
            }),
          ),
        );
        for (const { Key = '', UploadId, Initiated } of page.Uploads ?? []) {
          if (UploadId && Initiated) {
            yield { key: Key.slice(prefix.length), id: UploadId, started: Initiated };
          }
        }
        if (!page.IsTruncated) return;
        from = page;
      }
    },

    async abort({ key, id }) {
      const command = new AbortMultipartUploadCommand({ Bucket, Key: prefix + key, UploadId: id });
      await unless(client.send(command), ['NoSuchUpload']);
    },
  };
}
