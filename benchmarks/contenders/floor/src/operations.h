#pragma once

#include "arguments.h"

/** The operations of benchmarks/README.md; each prints its report. */
namespace contender {

void routesAdd(const Arguments& arguments);
void routesDelete(const Arguments& arguments);
/** Reads datagrams and looks at no more than the headers: there are no objects to keep or to stream. */
void routesRead(const Arguments& arguments, const char* part);
void routesTable(const Arguments& arguments);
void routeAdd(const Arguments& arguments);

void vethAdd(const Arguments& arguments);
void vethDelete(const Arguments& arguments);

void linkGet(const Arguments& arguments);
void linkGetConcurrent(const Arguments& arguments);

void container(const Arguments& arguments);

void monitor(const Arguments& arguments);
void churn(const Arguments& arguments);
void stallProbe(const Arguments& arguments);

/** Queries at one rate: their delays. */
void dnsLoad(const Arguments& arguments);
/** Queries at a growing rate: the highest that a server sustains. */
void dnsLimit(const Arguments& arguments);
/** One query after another. */
void dnsAsk(const Arguments& arguments);
/** Two servers for a resolver to ask, of which the first is dead. */
void dnsUpstreams(const Arguments& arguments);

}  // namespace contender
