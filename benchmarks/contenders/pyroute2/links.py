"""The operations on links."""

import asyncio
import os

from pyroute2 import AsyncIPRoute, IPRoute

from batch import Batch


def veth_add(report, given):
    numbers = range(int(given["count"]))
    namespace = given["namespace"]
    with report.measured():
        with report.part("create"):
            fd = os.open(namespace, os.O_RDONLY)
            with Batch() as batch:
                for i in numbers:
                    peer = {"ifname": f"p{i}", "net_ns_fd": fd}
                    batch.add(
                        "link",
                        "add",
                        ifname=f"v{i}",
                        kind="veth",
                        state="up",
                        peer=peer,
                    )
        report.count = batch.done
        with report.part("configure"):
            with IPRoute(netns=namespace) as ipr, Batch(namespace) as batch:
                indexes = {
                    link.get_attr("IFLA_IFNAME"): link["index"]
                    for link in ipr.get_links()
                }
                for i in numbers:
                    end = indexes[f"p{i}"]
                    address = f"10.200.{i >> 8}.{i & 255}"
                    batch.add("link", "set", index=end, state="up")
                    batch.add("addr", "add", index=end, address=address, prefixlen=32)
            os.close(fd)


def veth_delete(report, given):
    with report.measured(), report.part("delete"):
        with Batch() as batch:
            for i in range(int(given["count"])):
                batch.add("link", "del", ifname=f"v{i}")
    report.count = batch.done


async def get(ipr):
    (link,) = await ipr.link("get", ifname="wire0")
    if link.get_attr("IFLA_IFNAME") != "wire0":
        raise RuntimeError("asked for wire0")


def link_get(report, given):
    async def get_all():
        async with AsyncIPRoute() as ipr:
            for _ in range(int(given["count"])):
                with report.sample("get"):
                    await get(ipr)
                report.count += 1

    with report.measured():
        asyncio.run(get_all())


async def in_parallel(count, concurrency, perform):
    """Performs for 0 to count - 1 in so many tasks. Each takes the next that is left."""

    async def work():
        for i in numbers:
            await perform(i)

    numbers = iter(range(count))
    await asyncio.gather(*(work() for _ in range(concurrency)))


def link_get_concurrent(report, given):
    count, concurrency = int(given["count"]), int(given["concurrency"])

    async def get_all():
        async with AsyncIPRoute() as ipr:
            await in_parallel(count, concurrency, lambda _: get(ipr))

    with report.measured(), report.part("get"):
        asyncio.run(get_all())
    report.count = count
