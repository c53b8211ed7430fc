#ifndef NETLOOM_BENCHMARKS_IPTABLES_H
#define NETLOOM_BENCHMARKS_IPTABLES_H

// A version, with that of the iptables by which its owner sets rules.
const char* with_iptables(const char* version);

#endif
