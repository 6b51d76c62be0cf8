# Two stages: the first installs what requirements.lock pins, the second carries it with the gateway and nothing else.
FROM python:3.11-slim AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
COPY requirements.lock /build/
RUN python -m venv /opt/gateway \
 && /opt/gateway/bin/python -m pip install --require-hashes --only-binary :all: -r /build/requirements.lock \
 && /opt/gateway/bin/python -m pip uninstall -y pip setuptools
COPY gateway /opt/gateway/lib/python3.11/site-packages/gateway
RUN /opt/gateway/bin/python -m compileall -q /opt/gateway/lib/python3.11/site-packages/gateway \
 && printf '#!/bin/sh\nexec /opt/gateway/bin/python -m gateway "$@"\n' >/opt/gateway/bin/gateway \
 && chmod +x /opt/gateway/bin/gateway

FROM python:3.11-slim
# The aggregator is reached over TLS; the rest of the gateway is Python and wheels.
RUN apt-get update \
 && apt-get install -y --no-install-recommends ca-certificates \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --system --uid 8171 --home-dir /var/lib/gateway --create-home gateway
COPY --from=build /opt/gateway /opt/gateway
COPY menus /srv/menus
COPY config /srv/config
ENV PATH=/opt/gateway/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    GATEWAY_ENV=production \
    GATEWAY_HOST=0.0.0.0 \
    GATEWAY_PORT=8171 \
    GATEWAY_DATA_DIR=/var/lib/gateway \
    GATEWAY_MENUS=/srv/menus \
    GATEWAY_CONFIG=/srv/config
USER gateway
WORKDIR /srv
VOLUME /var/lib/gateway
EXPOSE 8171
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s --retries=3 \
  CMD ["python", "-c", "import os, urllib.request as r; r.urlopen('http://127.0.0.1:' + os.environ['GATEWAY_PORT'] + '/healthz', timeout=2)"]
ENTRYPOINT ["gateway"]
CMD ["serve"]
