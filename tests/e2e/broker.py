"""A tunnel broker's update page: dyndns2 over HTTPS, with a certificate that an authority made here signs."""
import base64
import contextlib
import http.server
import pathlib
import ssl
import tempfile
import threading
import urllib.parse

from tests.lab.netns import inside, run

NAME = "broker.lab"
KEY = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2")


class Authority:
    """Signs certificates; `certificate` is the PEM file to trust."""

    def __init__(self, folder, name):
        self.folder, self.certificate, self.key = folder, folder / f"{name}.pem", folder / f"{name}.key"
        run("openssl", "req", "-x509", *KEY, "-subj", f"/CN={name}", "-keyout", self.key, "-out", self.certificate)

    def sign(self, host):
        """(certificate, key) of this host's server."""
        certificate, key = self.folder / f"{host}.pem", self.folder / f"{host}.key"
        run("openssl", "req", "-x509", *KEY, "-subj", f"/CN={host}", "-addext", f"subjectAltName=DNS:{host}", "-CA",
            self.certificate, "-CAkey", self.key, "-keyout", key, "-out", certificate)
        return certificate, key


@contextlib.contextmanager
def readable_folder():
    """Whoever asks a broker runs as nobody, and reads the authority's certificate by itself."""
    with tempfile.TemporaryDirectory(prefix="gate41-broker-") as name:
        folder = pathlib.Path(name)
        folder.chmod(0o755)
        yield folder


class UpdatePage:
    """`answers`: {host: what is answered to its update}. `requests`: {host: [(path, parameters, user and password)]}."""

    def __init__(self, namespace, address, certificate, answers):
        self.requests = {}
        self.asked, self.may_answer = threading.Event(), threading.Event()
        self.may_answer.set()
        page = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                url = urllib.parse.urlsplit(self.path)
                parameters = dict(urllib.parse.parse_qsl(url.query))
                kind, _, value = self.headers.get("Authorization", "").partition(" ")
                login = base64.b64decode(value).decode() if kind == "Basic" else None
                page.requests.setdefault(parameters["hostname"], []).append((url.path, parameters, login))
                page.asked.set()
                page.may_answer.wait(10)
                body = answers[parameters["hostname"]].encode()
                self.send_response(200)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass

        with inside(namespace):
            self.server = http.server.ThreadingHTTPServer((address, 443), Handler, bind_and_activate=True)
        self.server.daemon_threads = True
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*certificate)
        self.server.socket = context.wrap_socket(self.server.socket, server_side=True)
        self.server.handle_error = lambda *_: None  # a client that does not trust us
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self):
        self.may_answer.set()
        self.server.shutdown()
        self.server.server_close()
