import http.server
import json
import os


class Answer(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        body = json.dumps({"user": os.getuid(), "files": sorted(os.listdir("."))}).encode()
        self.send_response(200)
        self.end_headers()
        self.wfile.write(body)


http.server.ThreadingHTTPServer(("", 8000), Answer).serve_forever()
