#ifndef NETLOOM_BENCHMARKS_OPERATIONS_H
#define NETLOOM_BENCHMARKS_OPERATIONS_H

void routes_add(void);
void routes_delete(void);
void routes_list(void);
void routes_stream(void);
void routes_table(void);
void route_add(void);
void veth_add(void);
void veth_delete(void);
void link_get(void);
void link_get_concurrent(void);
void container(void);

#endif
