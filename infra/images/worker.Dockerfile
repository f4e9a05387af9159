# The image of both workers and of the command line. From the repository's root:
#   docker build -f infra/images/worker.Dockerfile --build-arg FLAVOUR=cpu --build-arg COMMIT=$(git rev-parse HEAD) -t rethinking:cpu .
#   docker build -f infra/images/worker.Dockerfile --build-arg FLAVOUR=gpu --build-arg COMMIT=$(git rev-parse HEAD) -t rethinking:gpu .
# The base stands by tag, since a digest that nobody here could pull would be a guess: give your own with
# --build-arg BASE=node:22-bookworm-slim@sha256:… . Everything else is pinned by package-lock.json and infra/setup/pins.mjs.
ARG BASE=node:22-bookworm-slim

FROM ${BASE} AS build
# cpu, or gpu for NVIDIA's: 3.4 GB more, and the same code.
ARG FLAVOUR=cpu
ENV XDG_CACHE_HOME=/opt/rethinking/cache
# hadolint ignore=DL3008
RUN apt-get update \
  && apt-get install --yes --no-install-recommends g++ python3 python3-pip \
  && rm -rf /var/lib/apt/lists/*
WORKDIR /opt/rethinking/app
COPY .npmrc package.json package-lock.json ./
COPY infra/setup.mjs infra/setup.mjs
COPY infra/setup infra/setup
COPY infra/device infra/device
COPY infra/doctor infra/doctor
COPY infra/native infra/native
# The same set-up as on a laptop; the layer is kept until a pin or a native source changes.
RUN npm run setup -- "--${FLAVOUR}"
COPY tsconfig.json tsconfig.build.json ./
COPY activities activities
COPY worker worker
COPY workflows workflows
# The bundles of workflows, plain and traced, are made here, or the first light worker would want to write them. The local stack's two servers,
# development's packages and the compiler's inputs stay behind.
RUN npm run build \
  && node --input-type=module --eval "const { workflowBundle } = await import('./dist/worker/bundle.js'); await workflowBundle(); await workflowBundle({ traced: true })" \
  && npm prune --omit=dev \
  && rm -rf "${XDG_CACHE_HOME}"/rethinking/temporal-* "${XDG_CACHE_HOME}"/rethinking/versitygw-* \
    "${XDG_CACHE_HOME}"/rethinking/logs "${XDG_CACHE_HOME}"/rethinking/setup.lock \
    activities infra worker workflows

FROM ${BASE}
ARG COMMIT
# All that a worker writes lies in the two writable folders: downloads of data sets in the cache, its pulse, NVIDIA's compiled
# kernels and whatever a library wants for a moment in /tmp.
ENV NODE_ENV=production \
  HOME=/tmp \
  CUDA_CACHE_PATH=/tmp/cuda \
  NVIDIA_DRIVER_CAPABILITIES=compute,utility \
  RETHINKING_HOME=/opt/rethinking/app \
  RETHINKING_CACHE=/var/cache/rethinking \
  RETHINKING_PULSE_FILE=/tmp/rethinking.pulse \
  RETHINKING_COMMIT=${COMMIT} \
  TF_CPP_MIN_LOG_LEVEL=2
COPY --from=build /opt/rethinking /opt/rethinking
RUN install --directory --owner=65532 --group=65532 --mode=0700 /var/cache/rethinking
WORKDIR /opt/rethinking/app
USER 65532:65532
VOLUME ["/var/cache/rethinking", "/tmp"]
# Fresh while the worker polls (worker/pulse.ts).
HEALTHCHECK --interval=15s --timeout=5s --start-period=2m --retries=3 \
  CMD ["sh", "-c", "test -n \"$(find \"$RETHINKING_PULSE_FILE\" -newermt '60 seconds ago' 2>/dev/null)\""]
# Node is process 1 and gets SIGTERM itself: it checkpoints and hands over within two minutes, so wait longer than that.
ENTRYPOINT ["node"]
CMD ["dist/worker/main.js", "light"]
