/** `node infra/compose/make-secrets.mjs`: the passwords and keys that compose.yaml's services share, made up once, each in the
 *  file of the service that needs it, readable by the owner alone and ignored by git. */
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const folder = join(import.meta.dirname, 'secrets');
if (existsSync(folder)) {
  console.error(
    `${folder} is there already: remove it to make new ones, together with the volumes that know the old.`,
  );
  process.exit(1);
}
const secret = () => randomBytes(24).toString('hex');
const database = secret();
const [key, keySecret] = ['rethinking', secret()];

/** @type {Record<string, Record<string, string>>} */
const FILES = {
  'postgresql.env': { POSTGRES_PASSWORD: database },
  'temporal.env': { POSTGRES_PWD: database },
  's3.env': { ROOT_ACCESS_KEY: key, ROOT_SECRET_KEY: keySecret },
  'worker.env': { AWS_ACCESS_KEY_ID: key, AWS_SECRET_ACCESS_KEY: keySecret },
};
mkdirSync(folder, { mode: 0o700 });
for (const [name, variables] of Object.entries(FILES)) {
  const lines = Object.entries(variables).map(([variable, value]) => `${variable}=${value}\n`);
  writeFileSync(join(folder, name), lines.join(''), { mode: 0o600 });
}
console.log(`Secrets are in ${folder}.`);
