"""Runs programs, and speaks HTTP to an engine's socket."""
import http.client
import json
import os
import socket
import subprocess


def run(command, check=True, env=None, **more):
    """What a program printed. RuntimeError if it failed and `check`."""
    done = subprocess.run([str(word) for word in command], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          text=True, env={**os.environ, **(env or {})}, **more)
    if check and done.returncode:
        raise RuntimeError(f"{command}: exit {done.returncode}: {done.stderr[-500:]}{done.stdout[-200:]}")
    return done.stdout


class Api:
    """A connection to an engine's unix socket that stays open. For one thread."""

    def __init__(self, path):
        self.path = path
        self.connection = http.client.HTTPConnection("engine")

    def open(self):
        opened = socket.socket(socket.AF_UNIX)
        opened.connect(self.path)
        return opened

    def __call__(self, method, url, body=None):
        for last in (False, True):
            if self.connection.sock is None:
                self.connection.sock = self.open()
            try:
                self.connection.request(method, url, json.dumps(body) if body is not None else None,
                                        {"Content-Type": "application/json"})
                answer = self.connection.getresponse()
                break
            except (BrokenPipeError, ConnectionResetError, http.client.RemoteDisconnected):  # it was idle for too long
                self.connection.close()
                if last:
                    raise
        data = answer.read()
        if answer.status >= 400:
            raise RuntimeError(f"{method} {url}: {answer.status} {data[:300]}")
        return json.loads(data) if data[:1] in (b"{", b"[") else data

    def hijack(self, url, body):
        """Sends a request that takes the connection over, and reads until the engine ends it."""
        with self.open() as taken:
            text = json.dumps(body)
            taken.sendall((f"POST {url} HTTP/1.1\r\nHost: engine\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n"
                           f"Content-Type: application/json\r\nContent-Length: {len(text)}\r\n\r\n{text}").encode())
            while taken.recv(65536):
                pass
