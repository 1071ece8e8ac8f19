# A node: `docker build -t imagechat .`. The last stage has Python and the program, no compiler, no npm and no sources.

FROM node:22.19.0-bookworm-slim AS widget
WORKDIR /build/web
COPY web/package.json web/package-lock.json ./
RUN npm ci --no-audit --no-fund
COPY web/ ./
RUN npm run build

FROM python:3.11.13-slim-bookworm AS package
WORKDIR /build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 PIP_ROOT_USER_ACTION=ignore
COPY requirements/build.txt requirements/run.txt requirements/
# nothing is compiled here; nkeys is plain Python and comes as its source only
RUN pip install --require-hashes --only-binary :all: --requirement requirements/build.txt \
    && python -m venv --without-pip /opt/imagechat \
    && pip --python /opt/imagechat install --require-hashes --only-binary :all: --no-binary nkeys \
        --requirement requirements/run.txt
COPY pyproject.toml build_widget.py README.md LICENSE NOTICE ./
COPY src/ src/
COPY --from=widget /build/src/imagechat/static/ src/imagechat/static/
RUN pip wheel --no-deps --no-build-isolation --wheel-dir dist . \
    && pip --python /opt/imagechat install --no-deps dist/*.whl \
    && install --directory --mode 700 data

FROM python:3.11.13-slim-bookworm
LABEL org.opencontainers.image.title="Image Chat" \
      org.opencontainers.image.description="Live conversations pinned on pictures" \
      org.opencontainers.image.licenses="Apache-2.0"
COPY --from=package /opt/imagechat /opt/imagechat
# for the embedded database; a node with IMAGECHAT_DATABASE_URL writes nothing, and all else may be read-only
COPY --from=package --chown=10001:10001 /build/data /data
ENV PATH=/opt/imagechat/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    IMAGECHAT_HOST=0.0.0.0 \
    IMAGECHAT_PORT=8000 \
    IMAGECHAT_DATA=/data
USER 10001:10001
VOLUME /data
EXPOSE 8000
STOPSIGNAL SIGTERM
# alive; whether it is ready is for the balancer to ask. With a certificate of its own (IMAGECHAT_TLS_CERT), give another.
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=3 \
    CMD ["python", "-c", "import os, urllib.request as r; r.urlopen('http://127.0.0.1:' + os.environ['IMAGECHAT_PORT'] + '/healthz', timeout=4)"]
ENTRYPOINT ["imagechat"]
CMD ["serve"]
