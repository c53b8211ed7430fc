"""The clocks, and the line of JSON that the runner reads."""

import contextlib
import json
import resource
import time


def cpu_seconds():
    usages = map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)


def peak_kib():
    # ru_maxrss of the process itself survives exec, so it can be that of the runner.
    # VmHWM begins anew.
    with open("/proc/self/status") as status:
        own = next(int(line.split()[1]) for line in status if line.startswith("VmHWM:"))
    return max(own, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)


class Report:
    def __init__(self):
        self.seconds = {}
        self.samples = {}
        self.count = 0
        self.cpu = 0.0

    @contextlib.contextmanager
    def measured(self):
        """Around the measured part, for the time on the processor."""
        start = cpu_seconds()
        yield
        self.cpu = cpu_seconds() - start

    @contextlib.contextmanager
    def part(self, name):
        """Around a part whose seconds are told."""
        start = time.perf_counter()
        yield
        self.seconds[name] = time.perf_counter() - start

    @contextlib.contextmanager
    def sample(self, name):
        """Around a single call."""
        start = time.perf_counter()
        yield
        self.add_sample(name, start)

    def add_sample(self, name, start):
        microseconds = (time.perf_counter() - start) * 1e6
        self.samples.setdefault(name, []).append(round(microseconds, 1))

    def as_json(self):
        return json.dumps(
            {
                "seconds": self.seconds,
                "samples": self.samples,
                "count": self.count,
                "cpu": self.cpu,
                "rss": peak_kib(),
            }
        )
