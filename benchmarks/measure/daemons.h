// Servers that programs leave running.
#ifndef NETLOOM_BENCHMARKS_DAEMONS_H
#define NETLOOM_BENCHMARKS_DAEMONS_H

// Makes children of ours of the daemons that our children start from now on. They are ended with us.
void adopt_daemons(void);

// Ends all of our children, and those that they left to us.
void end_children(void);

#endif
