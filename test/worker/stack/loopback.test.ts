/** Where the local stack's servers really listen, as Linux's kernel has it. Neither asks anybody who they are in the first place
 *  (Temporal) or should (S3), so nothing but this machine may reach them, and no setting changes that. */
import { mkdtemp, readdir, readFile, readlink, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const { startStack }: typeof import('../../../worker/stack/stack.ts') = await import(
  new URL('../../../dist/worker/stack/stack.js', import.meta.url).href
);

const LISTENING = '0A';
/** 127.0.0.1 and ::1, as /proc/net writes them. */
const LOOPBACK = ['0100007F', '00000000000000000000000001000000'];

/** The addresses at which a process listens. */
async function listensAt(pid: number): Promise<string[]> {
  const folder = `/proc/${pid}/fd`;
  const links = await Promise.all(
    (await readdir(folder)).map((fd) => readlink(join(folder, fd)).catch(() => '')),
  );
  const tables = await Promise.all(
    ['tcp', 'tcp6'].map((name) => readFile(`/proc/${pid}/net/${name}`, 'utf8')),
  );
  const rows = tables
    .flatMap((table) => table.trim().split('\n').slice(1))
    .map((row) => row.trim().split(/\s+/));
  return rows
    .filter(([, , , state, , , , , , inode]) => state === LISTENING && links.includes(`socket:[${inode}]`))
    .map(([, local]) => local.split(':')[0]);
}

test.runIf(process.platform === 'linux')('both servers listen on loopback and nowhere else', async () => {
  const { RETHINKING_TEMPORAL: temporalBinary = '', RETHINKING_VERSITYGW: versitygwBinary = '' } =
    process.env;
  const folder = await mkdtemp(join(tmpdir(), 'rethinking-loopback-'));
  const stack = await startStack({ folder, temporalBinary, versitygwBinary, onEvent: () => {} });
  try {
    const { temporal, s3 } = stack.pids();
    const addresses = { temporal: await listensAt(temporal), s3: await listensAt(s3) };

    expect(addresses.temporal.length).toBeGreaterThan(1);
    expect(addresses.s3.length).toBe(1);
    expect([...addresses.temporal, ...addresses.s3].filter((address) => !LOOPBACK.includes(address))).toEqual(
      [],
    );
  } finally {
    await stack.stop();
    await rm(folder, { recursive: true });
  }
});
