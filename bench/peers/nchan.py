"""nchan: publishing and subscribing inside nginx, one worker."""

import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.contender import Contender, Running, said
from bench.folder import FOLDER, NGINX
from bench.generator import arguments, texts
from bench.installed import Need
from bench.processes import free_port, started

# nchan's README: WebSocket publishers spare a request for each message; messages live in shared memory, of which there
# must be enough; one worker where there is one core (workers pass messages to each other)
CONFIGURATION = """
load_module {nginx}/usr/lib/nginx/modules/ngx_nchan_module.so;
daemon off;
worker_processes 1;
worker_rlimit_nofile 20000;
pid {folder}/pid;
error_log stderr error;
events {{ worker_connections 19000; multi_accept on; }}
http {{
  access_log off;
  tcp_nodelay on;
  client_body_temp_path {folder}/body;
  proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi;
  scgi_temp_path {folder}/scgi;
  nchan_shared_memory_size 256M;
  server {{
    listen 127.0.0.1:{port} backlog=4096;
    nchan_channel_id room;
    nchan_message_buffer_length 256;
    location /sub {{ nchan_subscriber websocket; nchan_subscriber_first_message newest; }}
    location /pub {{ nchan_publisher websocket; }}
  }}
}}
"""


@contextmanager
def _run() -> Iterator[Running]:
    with tempfile.TemporaryDirectory(dir=FOLDER, prefix="nchan-") as folder:
        port = free_port()
        file = Path(folder) / "nginx.conf"
        file.write_text(CONFIGURATION.format(nginx=NGINX, folder=folder, port=port))
        with started([NGINX / "usr/sbin/nginx", "-p", folder, "-c", file, "-e", "stderr"], port=port) as server:
            yield Running(server, arguments(port=port, targets=texts(["/sub"]), door="websocket", door_target="/pub"))


def _version() -> str:
    nginx = re.sub(r".*/", "", said(NGINX / "usr/sbin/nginx", "-v", "-e", "stderr"))
    return f"Debian's, on nginx {nginx}"


NCHAN = Contender(
    "nchan",
    Need.NGINX,
    "one worker; published over a WebSocket, which spares a request for each event; no access log; 256 MB of shared"
    " memory; 256 messages of history",
    _version,
    _run,
)
