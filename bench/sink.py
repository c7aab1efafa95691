"""A mail server that takes everything and keeps nothing, as fast as Python can: python -m bench.sink PORT."""

import socketserver
import sys


class Conversation(socketserver.StreamRequestHandler):
    """One connection: answers every word with yes."""

    def handle(self) -> None:
        """Talk until the client goes."""
        say = self.request.sendall
        say(b"220 sink\r\n")
        for line in self.rfile:
            word = line[:4].upper()
            if word == b"DATA":
                say(b"354 go on\r\n")
                while self.rfile.readline() != b".\r\n":
                    pass
                say(b"250 taken\r\n")
            elif word == b"QUIT":
                say(b"221 bye\r\n")
                return
            else:
                say(b"250 yes\r\n")


class Sink(socketserver.ThreadingTCPServer):
    """A thread for each connection."""

    allow_reuse_address = True
    daemon_threads = True
    disable_nagle_algorithm = True
    request_queue_size = 128


if __name__ == "__main__":
    Sink(("127.0.0.1", int(sys.argv[1])), Conversation).serve_forever()
