/** The headless Chromium that one of the packages brings, with its own libraries and a font. */
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createBrotliDecompress } from 'node:zlib';
import { type Browser, launch } from 'puppeteer-core';
import { extract } from 'tar';

/** Linux x64 alone. */
export async function openBrowser(): Promise<{ browser: Browser; close(): Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'rethinking-chromium-'));
  const packed = join(createRequire(import.meta.url).resolve('@sparticuz/chromium'), '../../../bin');
  const opened = (name: string) => [createReadStream(join(packed, name)), createBrotliDecompress()] as const;
  const executablePath = join(folder, 'chromium');
  await Promise.all([
    pipeline(...opened('chromium.br'), createWriteStream(executablePath, { mode: 0o755 })),
    pipeline(...opened('fonts.tar.br'), extract({ cwd: folder })),
    pipeline(...opened('al2023.tar.br'), extract({ cwd: folder })),
  ]);
  const fonts = join(folder, 'fonts.conf');
  await rm(fonts, { force: true });
  await writeFile(
    fonts,
    `<fontconfig><dir>${join(folder, 'fonts')}</dir><dir>/usr/share/fonts</dir><cachedir>${join(folder, 'cache')}</cachedir></fontconfig>`,
  );
  const browser = await launch({
    executablePath,
    headless: 'shell',
    args: ['--no-sandbox', '--no-zygote', '--disable-gpu', '--disable-dev-shm-usage'],
    env: { ...process.env, FONTCONFIG_FILE: fonts, LD_LIBRARY_PATH: join(folder, 'lib') },
  });
  return {
    browser,
    close: async () => {
      await browser.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
