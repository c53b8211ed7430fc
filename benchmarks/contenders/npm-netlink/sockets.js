import { createRtNetlink } from 'netlink'

/** One for requests: their replies fit into the 4 KiB that it allocates for each when it doesn't peek. */
export const openSocket = () => createRtNetlink({ messagePeeking: false })

/** What a socket for dumps is made with: the kernel's datagrams are as large as the buffers that are offered. */
export const dumpOptions = { messagePeeking: false, msgBufferSize: 65536 }

export const openDumpSocket = () => createRtNetlink(dumpOptions)
