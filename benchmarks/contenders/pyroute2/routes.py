"""The operations on routes."""

import asyncio
from socket import AF_INET, AF_INET6

from pyroute2 import AsyncIPRoute, IPRoute

from batch import Batch

FAMILIES = {"inet": AF_INET, "inet6": AF_INET6}
GATEWAYS = {"inet": "10.255.0.2", "inet6": "fd00:ffff::2"}


def destination(family, i):
    if family == "inet":
        return f"{16 + (i >> 16)}.{(i >> 8) & 255}.{i & 255}.0/24"
    return f"2001:db8:{i >> 16:x}:{i & 0xFFFF:x}::/64"


def change(report, given, command):
    family = given["family"]
    gateway = GATEWAYS[family]
    destinations = [destination(family, i) for i in range(int(given["count"]))]
    with report.measured(), report.part("add" if command == "add" else "delete"):
        with IPRoute() as ipr, Batch() as batch:
            (wire,) = ipr.link_lookup(ifname="wire0")
            for to in destinations:
                batch.add("route", command, dst=to, gateway=gateway, oif=wire)
    report.count = batch.done


def routes_add(report, given):
    change(report, given, "add")


def routes_delete(report, given):
    change(report, given, "del")


def route_add(report, given):
    async def add():
        async with AsyncIPRoute() as ipr:
            (wire,) = await ipr.link_lookup(ifname="wire0")
            for to in destinations:
                with report.sample("add"):
                    await ipr.route("add", dst=to, gateway=gateway, oif=wire)
                report.count += 1

    gateway = GATEWAYS["inet"]
    destinations = [destination("inet", i) for i in range(int(given["count"]))]
    with report.measured():
        asyncio.run(add())


def routes_list(report, given):
    family = FAMILIES[given["family"]]
    gateway = GATEWAYS[given["family"]]
    with report.measured(), report.part("list"):
        with IPRoute() as ipr:
            routes = list(ipr.get_routes(family=family))
            # Attributes are decoded when they are first looked at.
            report.count = sum(
                route.get_attr("RTA_DST") is not None
                and route.get_attr("RTA_GATEWAY") == gateway
                for route in routes
            )


def routes_stream(report, given):
    family = FAMILIES[given["family"]]
    gateway = GATEWAYS[given["family"]]
    with report.measured(), report.part("stream"):
        with IPRoute() as ipr:
            for route in ipr.get_routes(family=family):
                if route.get_attr("RTA_DST") is None:
                    continue
                if route.get_attr("RTA_GATEWAY") == gateway:
                    report.count += 1


def routes_table(report, given):
    # get_routes() reads all tables and filters them. Without a filter of its own the
    # library sends the table to the kernel, which filters if it checks strictly.
    request = {
        "family": FAMILIES[given["family"]],
        "table": int(given["table"]),
        "dump_filter": None,
    }
    with report.measured():
        with IPRoute(strict_check=True) as ipr:
            for _ in range(int(given["repeat"])):
                with report.sample("table"):
                    report.count += len(list(ipr.route("dump", **request)))
