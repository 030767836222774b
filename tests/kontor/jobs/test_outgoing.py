"""The door for requests that leave the site, tried on a real server: who is not named, leads elsewhere or dawdles fails."""

import json
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

import pytest
from pytest_django.fixtures import Settings

from kontor.jobs.outgoing import OutgoingFailed, origin_of, post_json


class Service(BaseHTTPRequestHandler):
    """Answers what its path says."""

    asked: list[tuple[str, object]]

    def do_POST(self) -> None:
        data = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.asked.append((self.path, data))
        answers = {"/echo": data, "/many": "x" * 2_000_000}
        if self.path == "/elsewhere":
            self.send_response(307)
            self.send_header("Location", "/echo")
            self.end_headers()
        elif self.path == "/broken":
            self.send_error(500)
        elif self.path == "/html":
            self._send(b"<p>no JSON</p>")
        elif self.path == "/drip":
            self.send_response(200)
            self.end_headers()
            try:
                while True:
                    self.wfile.write(b" ")
                    self.wfile.flush()
                    time.sleep(0.05)
            except OSError:
                return  # the other side had enough
        else:
            self._send(json.dumps(answers[self.path]).encode())

    def do_GET(self) -> None:
        self.asked.append((self.path, None))
        self._send(b"{}")

    def _send(self, body: bytes) -> None:
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments: object) -> None:
        """Quiet."""


@pytest.fixture
def asked() -> list[tuple[str, object]]:
    """What the service was asked."""
    return []


@pytest.fixture
def service(settings: Settings, asked: list[tuple[str, object]]) -> Iterator[str]:
    """The address of a real server, which the operator named."""
    handler = type("Asked", (Service,), {"asked": asked})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True).start()
        address = f"http://127.0.0.1:{server.server_address[1]}"
        settings.OUTGOING_ORIGINS = frozenset({address})
        yield address
        server.shutdown()


def test_json_goes_out_and_comes_back(service: str, asked: list[tuple[str, object]]) -> None:
    assert post_json(f"{service}/echo", {"q": "洁净室"}) == {"q": "洁净室"}
    assert asked == [("/echo", {"q": "洁净室"})]


def test_an_address_that_nobody_named_is_not_asked(
    service: str, asked: list[tuple[str, object]], settings: Settings
) -> None:
    port = urlsplit(service).port
    for url in (
        f"http://localhost:{port}/echo",
        f"https://127.0.0.1:{port}/echo",
        f"http://127.0.0.1:{port}@example.org/echo",
        f"http://user@127.0.0.1:{port}/echo",
        "file:///etc/hostname",
    ):
        with pytest.raises(ValueError, match="is none of OUTGOING_ORIGINS"):
            post_json(url, {})
    settings.OUTGOING_ORIGINS = frozenset()
    with pytest.raises(ValueError, match="is none of OUTGOING_ORIGINS"):
        post_json(f"{service}/echo", {})
    assert asked == []


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("/elsewhere", "status 307"),
        ("/broken", "status 500"),
        ("/html", "Expecting value"),
        ("/many", "more than 1000000 bytes"),
    ],
)
def test_an_answer_that_is_not_as_agreed_has_failed(
    service: str, asked: list[tuple[str, object]], path: str, reason: str
) -> None:
    with pytest.raises(OutgoingFailed, match=reason):
        post_json(service + path, {})
    assert [one for one, _data in asked] == [path]  # nobody was led on


def test_a_service_that_drips_does_not_hold_the_job(service: str) -> None:
    with pytest.raises(OutgoingFailed, match=r"no whole answer within 3 s"):
        post_json(f"{service}/drip", {}, limit_s=3)


def test_nobody_there_has_failed(service: str, settings: Settings) -> None:
    settings.OUTGOING_ORIGINS = frozenset({"http://127.0.0.1:1"})
    with pytest.raises(OutgoingFailed):
        post_json("http://127.0.0.1:1/echo", {}, limit_s=5)


def test_no_proxy_of_the_environment_is_used(service: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    assert post_json(f"{service}/echo", {}) == {}


def test_an_origin_is_scheme_host_and_port() -> None:
    assert origin_of("HTTP://Translate.Example.org:5000/translate?q=1") == "http://translate.example.org:5000"
