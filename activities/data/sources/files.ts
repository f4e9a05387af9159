/** Many files at one place, read in pieces: what a data set that is too large to fetch first is streamed from. */

export interface SourceFile {
  path: string;
  bytes: number;
  /** Another one when the file has changed, as far as its place can tell: a time of change, an ETag. */
  version: string;
}

/** Fails with DatasetUnavailable when the place or a file does not exist or must not be read; with SourceUnreachable,
 *  after a few tries, when a server does not answer, which a later attempt may survive. */
export interface SourceFiles {
  /** As errors and provenance name it. */
  name: string;
  /** Every file, in no particular order. */
  list(signal: AbortSignal): AsyncIterable<SourceFile>;
  /** A piece of a file; shorter where the file ends earlier. */
  read(path: string, piece: { offset: number; bytes: number }, signal: AbortSignal): Promise<Buffer>;
  /** Ends connections. */
  close(): void;
}

/** More than a few images, so that a request repays its latency. */
const PIECE_BYTES = 8 * 2 ** 20;

/** A whole file, piece after piece; the next one is on its way while one is looked at. */
export async function* piecesOf(
  files: SourceFiles,
  { path, bytes }: SourceFile,
  signal: AbortSignal,
): AsyncGenerator<Buffer> {
  const fetch = (offset: number) => {
    const piece = files.read(path, { offset, bytes: Math.min(PIECE_BYTES, bytes - offset) }, signal);
    piece.catch(() => {}); // it is looked at in its turn, or nobody wants it any more
    return piece;
  };
  let next = bytes > 0 ? fetch(0) : null;
  for (let offset = PIECE_BYTES; next; offset += PIECE_BYTES) {
    const piece = await next;
    next = offset < bytes ? fetch(offset) : null;
    yield piece;
  }
}
