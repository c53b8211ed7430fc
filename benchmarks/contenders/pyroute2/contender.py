"""Measures pyroute2 after the protocol in benchmarks/README.md."""

import importlib.metadata
import json
import sys

import containers
import links
import measure
import routes

OPERATIONS = {
    "routes-add": routes.routes_add,
    "routes-delete": routes.routes_delete,
    "routes-list": routes.routes_list,
    "routes-stream": routes.routes_stream,
    "routes-table": routes.routes_table,
    "route-add": routes.route_add,
    "veth-add": links.veth_add,
    "veth-delete": links.veth_delete,
    "link-get": links.link_get,
    "link-get-concurrent": links.link_get_concurrent,
    "container": containers.container,
}


def main():
    if len(sys.argv) < 2:
        sys.exit("usage: contender OPERATION [KEY=VALUE...]")
    if sys.argv[1] == "version":
        print(json.dumps({"version": importlib.metadata.version("pyroute2")}))
        return
    if sys.argv[1] not in OPERATIONS:
        sys.exit(f"unknown operation {sys.argv[1]}")
    given = dict(word.split("=", 1) for word in sys.argv[2:])
    report = measure.Report()
    OPERATIONS[sys.argv[1]](report, given)
    print(report.as_json())


if __name__ == "__main__":
    main()
