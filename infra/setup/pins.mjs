/** Every version and digest that set-up installs. To move one: change it here, run set-up, run the tests. */

export const TENSORFLOW = '2.21.0';

/**
 * @typedef {object} Wheel
 * @property {string} name of the package
 * @property {string} version
 * @property {string} tag pip's name for the platform
 * @property {number} bytes
 * @property {string} sha256
 */

/**
 * @typedef {object} Library one flavour of TensorFlow's library
 * @property {Wheel[]} wheels
 * @property {number} keptBytes once they are unpacked
 * @property {string[]} libraries in the wheel's tensorflow/
 * @property {Record<string, string>} links made in the unpacked folder: path -> what it points to
 */

/**
 * @typedef {object} Platform
 * @property {string} title
 * @property {Library} cpu
 * @property {Library} [cuda] for NVIDIA GPUs
 * @property {{ temporal: string, versitygw: string }} release how each project names this platform in its archives
 */

/** Measured on Linux x64; elsewhere it is near enough for the progress line. */
const CPU_KEPT = 853_308_936;

const SO = {
  libraries: ['libtensorflow_cc.so.2', 'libtensorflow_framework.so.2'],
  // The names that the linker looks for.
  links: {
    'lib/libtensorflow.so': 'libtensorflow_cc.so.2',
    'lib/libtensorflow_framework.so': 'libtensorflow_framework.so.2',
  },
};

/** What the extra `and-cuda` of TensorFlow's wheel names, each at the newest version that it admits.
 *  @type {Wheel[]} */
const NVIDIA = [
  {
    name: 'nvidia-cublas-cu12',
    version: '12.9.3.13',
    tag: 'manylinux_2_27_x86_64',
    bytes: 581_217_458,
    sha256: 'd7d51055f161b317c7105ddaae90e71eda059026074ffef93cf7cde2886bfe72',
  },
  {
    name: 'nvidia-cuda-cupti-cu12',
    version: '12.9.79',
    tag: 'manylinux_2_25_x86_64',
    bytes: 10_814_997,
    sha256: '096bcf334f13e1984ba36685ad4c1d6347db214de03dbb6eebb237b41d9d934f',
  },
  {
    name: 'nvidia-cuda-nvcc-cu12',
    version: '12.9.86',
    tag: 'manylinux2010_x86_64',
    bytes: 40_546_229,
    sha256: '5d6a0d32fdc7ea39917c20065614ae93add6f577d840233237ff08e9a38f58f0',
  },
  {
    name: 'nvidia-cuda-nvrtc-cu12',
    version: '12.9.86',
    tag: 'manylinux2010_x86_64',
    bytes: 89_568_129,
    sha256: '210cf05005a447e29214e9ce50851e83fc5f4358df8b453155d5e1918094dcb4',
  },
  {
    name: 'nvidia-cuda-runtime-cu12',
    version: '12.9.79',
    tag: 'manylinux2014_x86_64',
    bytes: 3_493_179,
    sha256: '25bba2dfb01d48a9b59ca474a1ac43c6ebf7011f1b0b8cc44f54eb6ac48a96c3',
  },
  {
    name: 'nvidia-cudnn-cu12',
    version: '9.28.0.42',
    tag: 'manylinux_2_27_x86_64',
    bytes: 716_538_495,
    sha256: '9ff58b7f36dacd0a93e89f8f2957b52466889217963701daa15e577317cfa375',
  },
  {
    name: 'nvidia-cufft-cu12',
    version: '11.4.1.4',
    tag: 'manylinux2014_x86_64',
    bytes: 200_877_592,
    sha256: 'c67884f2a7d276b4b80eb56a79322a95df592ae5e765cf1243693365ccab4e28',
  },
  {
    name: 'nvidia-curand-cu12',
    version: '10.3.10.19',
    tag: 'manylinux_2_27_x86_64',
    bytes: 68_295_626,
    sha256: '49b274db4780d421bd2ccd362e1415c13887c53c214f0d4b761752b8f9f6aa1e',
  },
  {
    name: 'nvidia-cusolver-cu12',
    version: '11.7.5.82',
    tag: 'manylinux_2_27_x86_64',
    bytes: 338_117_415,
    sha256: '15da72d1340d29b5b3cf3fd100e3cd53421dde36002eda6ed93811af63c40d88',
  },
  {
    name: 'nvidia-cusparse-cu12',
    version: '12.5.10.65',
    tag: 'manylinux2014_x86_64',
    bytes: 366_465_088,
    sha256: '73060ce019ac064a057267c585bf1fd5a353734151f87472ff02b2c5c9984e78',
  },
  {
    name: 'nvidia-nccl-cu12',
    version: '2.32.3',
    tag: 'manylinux_2_27_x86_64',
    bytes: 351_526_311,
    sha256: 'bb94b2348e4861d5e8aa00b36c3d12d9bdf9c6369b82cbb723de0b582280a21c',
  },
  {
    name: 'nvidia-nvjitlink-cu12',
    version: '12.9.86',
    tag: 'manylinux2010_x86_64',
    bytes: 39_748_338,
    sha256: 'e3f1171dbdc83c5932a45f0f4c99180a70de9bd2718c1ab77d14104f6d7147f9',
  },
];

/** The first NVIDIA driver for Linux that runs every CUDA 12 (NVIDIA, "CUDA compatibility", minor versions). */
export const CUDA_DRIVER = '525.60.13';

/** Linux x64 is tested, CUDA there without a GPU; the other two follow the same recipe and are not.
 *  @type {Record<string, Platform>} */
export const PLATFORMS = {
  'linux-x64': {
    title: 'Linux x64',
    cpu: {
      wheels: [
        {
          name: 'tensorflow-cpu',
          version: TENSORFLOW,
          tag: 'manylinux_2_27_x86_64',
          bytes: 274_000_871,
          sha256: 'dcc8afd32930e42d5296b6ee19078b773706830af4ea97fbe503b9f5e0f820cb',
        },
      ],
      keptBytes: CPU_KEPT,
      ...SO,
    },
    cuda: {
      wheels: [
        {
          name: 'tensorflow',
          version: TENSORFLOW,
          tag: 'manylinux_2_27_x86_64',
          bytes: 572_611_111,
          sha256: 'b3b95643c4e70eb925839938fb35cbe142f317ec84af6844ee61513713bb13c0',
        },
        ...NVIDIA,
      ],
      keptBytes: 5_678_994_125,
      libraries: SO.libraries,
      links: {
        ...SO.links,
        // The library finds CUDA by its run path ($ORIGIN/../nvidia/…/lib), which forgets cuSOLVER where it loads it.
        'nvidia/cusparse/lib/libcusolver.so.11': '../../cusolver/lib/libcusolver.so.11',
      },
    },
    release: { temporal: 'linux_amd64', versitygw: 'Linux_x86_64' },
  },
  'linux-arm64': {
    title: 'Linux arm64',
    cpu: {
      wheels: [
        {
          name: 'tensorflow',
          version: TENSORFLOW,
          tag: 'manylinux_2_27_aarch64',
          bytes: 281_946_471,
          sha256: 'b07d15737406533898e36c7ef7944b1be18e9028dc521b9229952c537bbc5552',
        },
      ],
      keptBytes: CPU_KEPT,
      ...SO,
    },
    release: { temporal: 'linux_arm64', versitygw: 'Linux_arm64' },
  },
  'darwin-arm64': {
    title: 'macOS arm64',
    cpu: {
      wheels: [
        {
          name: 'tensorflow',
          version: TENSORFLOW,
          tag: 'macosx_12_0_arm64',
          bytes: 223_488_205,
          sha256: '56ecd7d47429acbe1df2694d50b75bf9fc3995ac92cb367cd9af6c4780ead712',
        },
      ],
      keptBytes: CPU_KEPT,
      libraries: ['libtensorflow_cc.2.dylib', 'libtensorflow_framework.2.dylib'],
      links: {
        'lib/libtensorflow.dylib': 'libtensorflow_cc.2.dylib',
        'lib/libtensorflow_framework.dylib': 'libtensorflow_framework.2.dylib',
      },
    },
    release: { temporal: 'darwin_arm64', versitygw: 'Darwin_arm64' },
  },
};

/** The wheel's Python; which one does not matter, the C library inside is the same. */
export const WHEEL_PYTHON = '3.12';

/** `@tensorflow/tfjs-node-gpu`, whose binding is built. */
export const TFJS = '4.22.0';

/** Part of the binding's folder name: change it with the compiler's arguments, so that old builds are not reused. For the
 *  arguments alone: our sources are part of the name by their digest. */
export const BINDING_RECIPE = 4;

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

/** For `npm run faults` alone: what lies between the workers and both servers there. 2.5.0 is the version that its toxics
 *  were tried with; Go builds it in half a minute, so that no release is looked for. */
export const TOXIPROXY = {
  version: '2.5.0',
  source: 'github.com/Shopify/toxiproxy/v2/cmd/server@v2.5.0',
  linkerFlags: '-s -w -X github.com/Shopify/toxiproxy/v2.Version=2.5.0',
};
