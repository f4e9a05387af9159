/** What set-up cannot bring itself, looked for before anything is written and named all at once. */
import { readFileSync } from 'node:fs';
import { compiler } from './binding.mjs';
import { firstLine } from './child.mjs';
import { SetupFailure } from './failure.mjs';
import { npm } from './packages.mjs';
import { PLATFORMS } from './pins.mjs';

export const NODE = [20, 19];
/** Older than the 1.25 that the sources ask for: from 1.21 on, `go` fetches a newer one by itself. */
const GO = [1, 21];

/** @typedef {'debian' | 'fedora' | 'macos'} Family */
/** @typedef {{ what: string, why: string, install: Record<Family, string> }} Prerequisite */

const NODE_JS = {
  what: `Node ${NODE.join('.')} or later`,
  why: 'everything runs on it',
  install: {
    debian: 'https://nodejs.org/en/download (the packaged one is often older)',
    fedora: 'sudo dnf install nodejs22',
    macos: 'brew install node@24',
  },
};
const NPM = {
  what: 'npm',
  why: 'it installs the packages',
  install: {
    debian: 'sudo apt install npm',
    fedora: 'sudo dnf install nodejs-npm',
    macos: 'brew install node@24',
  },
};
const PYTHON = {
  what: 'Python 3 with pip',
  why: 'they download and unpack the TensorFlow library',
  install: {
    debian: 'sudo apt install python3 python3-pip',
    fedora: 'sudo dnf install python3 python3-pip',
    macos: 'brew install python',
  },
};
const COMPILER = {
  what: 'a C++ compiler',
  why: "it builds TensorFlow.js's binding",
  install: {
    debian: 'sudo apt install g++',
    fedora: 'sudo dnf install gcc-c++',
    macos: 'xcode-select --install',
  },
};
const GO_OR_RELEASES = {
  what: `github.com, which does not answer, or Go ${GO.join('.')} or later instead`,
  why: 'temporal and the S3 server are downloaded from the one or built by the other',
  install: {
    debian: 'sudo apt install golang-go   (Debian 12, Ubuntu 22.04: too old, take https://go.dev/dl)',
    fedora: 'sudo dnf install golang',
    macos: 'brew install go',
  },
};

/** @param {{ packages: boolean, library: boolean, binding: boolean, go: boolean }} needs what is still to be done
 *  @param {{ environment: NodeJS.ProcessEnv, node: string }} here
 *  @returns {Prerequisite[]} */
export function findMissing(needs, { environment, node }) {
  /** @param {string} command
   *  @param {...string} args */
  const answers = (command, ...args) => firstLine(command, args, environment) !== null;
  const missing = [];
  if (!isAtLeast(node, NODE)) missing.push(NODE_JS);
  if (needs.packages && !answers(...npm(), '--version')) missing.push(NPM);
  if (needs.library && !answers('python3', '-m', 'pip', '--version')) missing.push(PYTHON);
  if (needs.binding && !answers(compiler, '--version')) missing.push(COMPILER);
  if (needs.go && !isAtLeast(firstLine('go', ['version'], environment) ?? '', GO))
    missing.push(GO_OR_RELEASES);
  return missing;
}

/** @param {Prerequisite[]} missing
 *  @param {Family | null} family null where it is not known: then every line is shown */
export function describeMissing(missing, family) {
  const lines = missing.flatMap(({ what, why, install }) => [
    `  ${what}: ${why}`,
    ...(family
      ? [`      ${install[family]}`]
      : Object.entries(install).map(([name, line]) => `      ${name}: ${line}`)),
  ]);
  return [
    `Set-up needs ${missing.length === 1 ? 'one thing' : `${missing.length} things`} first:`,
    ...lines,
  ].join('\n');
}

/** The first version number in a text against a lowest one.
 *  @param {string} text
 *  @param {number[]} lowest */
export function isAtLeast(text, [lowestMajor = 0, lowestMinor = 0]) {
  const [, major, minor] = /(\d+)\.(\d+)/.exec(text) ?? [];
  return Number(major) > lowestMajor || (Number(major) === lowestMajor && Number(minor) >= lowestMinor);
}

/** @returns {import('./pins.mjs').Platform} */
export function supportedPlatform() {
  const platform = PLATFORMS[`${process.platform}-${process.arch}`];
  const known = Object.values(PLATFORMS).map(({ title }) => title);
  if (!platform) {
    throw new SetupFailure(
      `This runs on ${known.join(', ')}; here is ${process.platform} ${process.arch}. On Windows use WSL 2.`,
    );
  }
  if (process.platform === 'linux' && !usesGlibc()) {
    throw new SetupFailure(
      'TensorFlow needs glibc, which this Linux (Alpine?) does not have: use another one.',
    );
  }
  return platform;
}

function usesGlibc() {
  const report = /** @type {{ header: { glibcVersionRuntime?: string } }} */ (process.report.getReport());
  return report.header.glibcVersionRuntime !== undefined;
}

/** @returns {Family | null} */
export function systemFamily() {
  if (process.platform === 'darwin') return 'macos';
  try {
    const release = readFileSync('/etc/os-release', 'utf8');
    const ids = /^ID(?:_LIKE)?=(.*)$/gm;
    const names = [...release.matchAll(ids)].map(([, value]) => value).join(' ');
    if (/debian|ubuntu/.test(names)) return 'debian';
    if (/fedora|rhel|centos/.test(names)) return 'fedora';
  } catch {
    // a system without the file
  }
  return null;
}
