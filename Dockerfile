# The blog as a static binary in an otherwise empty image. Build it with
#   docker build --build-arg VERSION=1.0.0 --tag miniblog .
FROM golang:1.26 AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
ARG VERSION=development
RUN CGO_ENABLED=0 go build -trimpath -ldflags "-s -w -X main.version=${VERSION}" -o /miniblog ./cmd/miniblog

FROM scratch
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/
COPY --from=build /miniblog /miniblog
# A user of no rights; the image has no other.
USER 65532:65532
ENV MINIBLOG_ADDR=:8080
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=6s --start-period=60s CMD ["/miniblog", "doctor", "--ready"]
# SIGTERM drains for up to 20 seconds.
STOPSIGNAL SIGTERM
ENTRYPOINT ["/miniblog"]
