/** Every version and digest that set-up installs. To move one: change it here, run set-up, run the tests. */

/**
 * @typedef {object} Platform
 * @property {string} title
 * @property {string} wheel the package whose wheel has the CPU library
 * @property {string} tag pip's name for the platform
 * @property {number} wheelBytes
 * @property {string} sha256 of the wheel
 * @property {string[]} libraries in the wheel's tensorflow/
 * @property {Record<string, string>} links names the linker looks for -> library
 * @property {{ temporal: string, versitygw: string }} release how each project names this platform in its archives
 */

const SO = {
  libraries: ['libtensorflow_cc.so.2', 'libtensorflow_framework.so.2'],
  links: {
    'libtensorflow.so': 'libtensorflow_cc.so.2',
    'libtensorflow_framework.so': 'libtensorflow_framework.so.2',
  },
};

/** Linux x64 is tested; the other two follow the same recipe and are not.
 *  @type {Record<string, Platform>} */
export const PLATFORMS = {
  'linux-x64': {
    title: 'Linux x64',
    wheel: 'tensorflow-cpu',
    tag: 'manylinux_2_27_x86_64',
    wheelBytes: 274_000_871,
    sha256: 'dcc8afd32930e42d5296b6ee19078b773706830af4ea97fbe503b9f5e0f820cb',
    ...SO,
    release: { temporal: 'linux_amd64', versitygw: 'Linux_x86_64' },
  },
  'linux-arm64': {
    title: 'Linux arm64',
    wheel: 'tensorflow',
    tag: 'manylinux_2_27_aarch64',
    wheelBytes: 281_946_471,
    sha256: 'b07d15737406533898e36c7ef7944b1be18e9028dc521b9229952c537bbc5552',
    ...SO,
    release: { temporal: 'linux_arm64', versitygw: 'Linux_arm64' },
  },
  'darwin-arm64': {
    title: 'macOS arm64',
    wheel: 'tensorflow',
    tag: 'macosx_12_0_arm64',
    wheelBytes: 223_488_205,
    sha256: '56ecd7d47429acbe1df2694d50b75bf9fc3995ac92cb367cd9af6c4780ead712',
    libraries: ['libtensorflow_cc.2.dylib', 'libtensorflow_framework.2.dylib'],
    links: {
      'libtensorflow.dylib': 'libtensorflow_cc.2.dylib',
      'libtensorflow_framework.dylib': 'libtensorflow_framework.2.dylib',
    },
    release: { temporal: 'darwin_arm64', versitygw: 'Darwin_arm64' },
  },
};

export const TENSORFLOW = '2.21.0';

/** The wheel's Python; which one does not matter, the C library inside is the same. */
export const WHEEL_PYTHON = '3.12';

/** `@tensorflow/tfjs-node-gpu`, whose binding is built. */
export const TFJS = '4.22.0';

/** Part of the binding's folder name: change it with the compiler's arguments, so that old builds are not reused. */
export const BINDING_RECIPE = 1;

/**
 * @typedef {object} Tool
 * @property {'temporal' | 'versitygw'} name
 * @property {string} version
 * @property {(platform: Platform) => { archive: string, member: string }} release
 * @property {string} releases address of the version's files, with a checksums.txt beside them
 * @property {string} source Go package
 * @property {string} linkerFlags the project's own, without its commit and date
 */

/** 1.5.1 is the newest that `go install` takes: later ones replace a module by a local folder.
 *  @type {Tool} */
export const TEMPORAL = {
  name: 'temporal',
  version: '1.5.1',
  releases: 'https://github.com/temporalio/cli/releases/download/v1.5.1',
  release: ({ release }) => ({
    archive: `temporal_cli_1.5.1_${release.temporal}.tar.gz`,
    member: 'temporal',
  }),
  source: 'github.com/temporalio/cli/cmd/temporal@v1.5.1',
  linkerFlags: '-s -w -X github.com/temporalio/cli/temporalcli.Version=1.5.1',
};

/** @type {Tool} */
export const VERSITYGW = {
  name: 'versitygw',
  version: '1.8.0',
  releases: 'https://github.com/versity/versitygw/releases/download/v1.8.0',
  release: ({ release }) => {
    const folder = `versitygw_v1.8.0_${release.versitygw}`;
    return { archive: `${folder}.tar.gz`, member: `${folder}/versitygw` };
  },
  source: 'github.com/versity/versitygw/cmd/versitygw@v1.8.0',
  linkerFlags: '-s -w -X=main.Version=1.8.0',
};
