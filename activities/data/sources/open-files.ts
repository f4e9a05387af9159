import type { SourceFiles } from './files.ts';
import { httpFiles } from './http-files.ts';
import { localFiles } from './local-files.ts';
import { s3Files } from './s3-files.ts';

/** A folder, `s3://bucket/prefix`, or addresses with `https://`, see `http-files.ts`. Nothing is read yet. */
export function openFiles(source: string): SourceFiles {
  if (/^https?:/.test(source)) return httpFiles(source);
  if (source.startsWith('s3:')) return s3Files(source);
  return localFiles(source);
}
