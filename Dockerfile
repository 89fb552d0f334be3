# Clapboard's image; the README has the commands to build and run it.
#
# PyAV's wheels bring FFmpeg with x264 and x265, which are under the GPL: whoever passes this image
# on must keep to the GPL for them. Running it oneself asks for nothing.
#
# With the build argument EXTRAS=heic, HEIC is read too; docs/decisions/0010 has its price.

FROM python:3.11-slim AS build
WORKDIR /src
RUN python -m venv /opt/clapboard
ENV PATH=/opt/clapboard/bin:$PATH PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
COPY pyproject.toml constraints.txt README.md LICENSE ./
COPY bot bot
COPY cogs cogs
COPY sandbox sandbox
ARG EXTRAS
RUN pip install -c constraints.txt ".${EXTRAS:+[$EXTRAS]}"

FROM python:3.11-slim
RUN useradd --uid 10001 --user-group --no-create-home --home-dir /data clapboard \
    && install --directory --owner=clapboard --group=clapboard --mode=0750 /data
COPY --from=build /opt/clapboard /opt/clapboard
ENV PATH=/opt/clapboard/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    DATA_DIR=/data \
    DATABASE_URL=sqlite+aiosqlite:////data/clapboard.db \
    HTTP_HOST=0.0.0.0 \
    HTTP_PORT=8080
# The bot also reads .env from here: mount it, or pass --env-file.
WORKDIR /data
USER clapboard
VOLUME /data
EXPOSE 8080
# /healthz answers 503 while Discord or the database is away. http.client asks no proxy.
HEALTHCHECK --interval=30s --timeout=10s --start-period=60s --retries=3 \
    CMD ["python", "-c", "import http.client, os, sys; c = http.client.HTTPConnection('127.0.0.1', int(os.environ['HTTP_PORT']), timeout=8); c.request('GET', '/healthz'); sys.exit(c.getresponse().status != 200)"]
CMD ["python", "-m", "bot"]
