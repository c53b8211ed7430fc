"""Containers.

To make a namespace, and to open a socket in one, pyroute2 forks and waits for the child.
"""

import asyncio
import os
import socket
import time

from pyroute2 import AsyncIPRoute, netns
from pyroute2.netlink.rtnl import rt_scope

from links import in_parallel

LINK_SCOPE = rt_scope["link"]


async def configure_inside(name, address):
    async with AsyncIPRoute(netns=name) as inside:
        (lo,) = await inside.link_lookup(ifname="lo")
        (eth0,) = await inside.link_lookup(ifname="eth0")
        await inside.link("set", index=lo, state="up")
        await inside.link("set", index=eth0, state="up")
        await inside.addr("add", index=eth0, address=address, prefixlen=32)
        await inside.route("add", dst="10.255.0.1/32", oif=eth0, scope=LINK_SCOPE)
        await inside.route("add", dst="default", gateway="10.255.0.1", oif=eth0)


async def make(outside, i):
    name, link, address = f"c{i}", f"h{i}", f"10.100.{i >> 8}.{i & 255}"
    netns.create(name)
    peer = {"ifname": "eth0", "net_ns_fd": name}
    await outside.link("add", ifname=link, kind="veth", state="up", peer=peer)
    (index,) = await outside.link_lookup(ifname=link)
    await outside.route("add", dst=f"{address}/32", oif=index, scope=LINK_SCOPE)
    await configure_inside(name, address)


async def add(report, outside, i):
    with report.sample("add"):
        await make(outside, i)


def is_there(i):
    try:
        socket.if_nametoindex(f"h{i}")
        return True
    except OSError:
        return os.path.exists(f"/run/netns/c{i}")


async def remove(report, i):
    start = time.perf_counter()
    # The pair goes with the namespace, later. To delete it first takes as long, and would
    # be waited for.
    netns.remove(f"c{i}")
    report.add_sample("remove", start)
    while is_there(i):
        if time.perf_counter() - start > 60:
            raise TimeoutError(f"container {i} doesn't go away")
        await asyncio.sleep(0.0005)
    report.add_sample("gone", start)


def container(report, given):
    count, concurrency = int(given["count"]), int(given["concurrency"])

    async def perform():
        async with AsyncIPRoute() as outside:
            await in_parallel(count, concurrency, lambda i: add(report, outside, i))
            await in_parallel(count, concurrency, lambda i: remove(report, i))

    with report.measured():
        asyncio.run(perform())
    report.count = count
