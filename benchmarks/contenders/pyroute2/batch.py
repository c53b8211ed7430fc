"""Many requests at once: compiled by IPBatch and sent as one datagram."""

from pyroute2 import IPBatch, IPRSocket

# The acknowledgements of a datagram must fit into the receive buffer.
LIMIT = 100


class Batch:
    """Compiles requests and sends them. What is left is sent at the end of `with`.

    The socket is its own: IPRoute leaves acknowledgements of earlier requests in its queue,
    which would be taken for those of a batch.
    """

    def __init__(self, netns=None):
        self.socket = IPRSocket(netns=netns)
        self.compiler = IPBatch()
        self.pending = 0
        self.done = 0

    def __enter__(self):
        return self

    def __exit__(self, kind, *_):
        if kind is None:
            self._send()
        self.compiler.close()
        self.socket.socket.close()

    def add(self, request, command, **spec):
        """Adds a request: add("route", "add", dst=…) for ipr.route("add", dst=…)."""
        getattr(self.compiler, request)(command, **spec)
        self.pending += 1
        if self.pending == LIMIT:
            self._send()

    def _send(self):
        if self.pending == 0:
            return
        self.socket.sendto(self.compiler.batch, (0, 0))
        self.compiler.reset()
        while self.pending > 0:
            for answer in self.socket.get():
                if answer["header"]["error"] is not None:
                    raise answer["header"]["error"]
                self.pending -= 1
                self.done += 1
