/** A GPU of software: SwiftShader, the Vulkan driver that Chromium brings for machines without one. */
import { createReadStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { constants, tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createBrotliDecompress } from 'node:zlib';
import { extract } from 'tar';
import { afterAll } from 'vitest';

const RTLD_NODELETE = 0x1000; // <dlfcn.h> of glibc; Node has no name for it

/** Makes it the only Vulkan driver of this process; Linux x64 alone. */
export async function useSwiftShader(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'rethinking-swiftshader-'));
  const chromium = createRequire(import.meta.url).resolve('@sparticuz/chromium');
  const archive = join(chromium, '..', '..', '..', 'bin', 'swiftshader.tar.br');
  await pipeline(createReadStream(archive), createBrotliDecompress(), extract({ cwd: folder }));
  keepLoaded(join(folder, 'libvulkan.so.1'));
  process.env.VK_DRIVER_FILES = join(folder, 'vk_swiftshader_icd.json');
  afterAll(() => rm(folder, { recursive: true }));
}

/** Dawn opens `libvulkan.so.1` by name, and the dynamic linker answers with one that is loaded already: so the
 *  process need not be started with a search path. */
function keepLoaded(library: string): void {
  try {
    process.dlopen({ exports: {} }, library, constants.dlopen.RTLD_NOW | RTLD_NODELETE);
  } catch (error) {
    if (!`${error}`.includes('did not self-register')) throw error; // loaded, if no module for Node
  }
}
