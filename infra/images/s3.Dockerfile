# The S3 server of the local stack, for the compose file: the version that infra/setup/pins.mjs names, built from source, whose
# digest Go's checksum database knows. Both bases stand by tag, see worker.Dockerfile.
ARG GO=golang:1.26-bookworm
ARG BASE=debian:bookworm-slim

FROM ${GO} AS build
ARG VERSION=1.8.0
ENV CGO_ENABLED=0
RUN go install -ldflags="-s -w -X=main.Version=${VERSION}" "github.com/versity/versitygw/cmd/versitygw@v${VERSION}"

FROM ${BASE}
COPY --from=build /go/bin/versitygw /usr/local/bin/versitygw
RUN install --directory --owner=65532 --group=65532 --mode=0700 /data /data/objects /data/versions /data/iam
USER 65532:65532
VOLUME /data
# ROOT_ACCESS_KEY and ROOT_SECRET_KEY come from the environment. Inside the container it listens on its own network alone.
ENTRYPOINT ["versitygw"]
CMD ["--port", ":7070", "--quiet", "--keep-alive", "--health", "/healthz", "--iam-dir", "/data/iam", "posix", "--versioning-dir", "/data/versions", "/data/objects"]
