import { expect, it } from 'vitest'
import { parsePins } from '../../../src/topology/read/pins.js'
import { parseNamespaceLink } from '../../../src/topology/read/proc.js'

const mountinfo = `22 1 254:0 / / rw,relatime - ext4 /dev/vda rw
30 22 0:26 / /run rw - tmpfs tmpfs rw
31 30 0:26 /netns /run/netns rw shared:5 - tmpfs tmpfs rw
32 30 0:4 net:[4026532281] /run/netns/con1 rw shared:6 - nsfs nsfs rw
33 31 0:4 net:[4026532281] /run/netns/con1 rw shared:6 - nsfs nsfs rw
34 31 0:4 net:[4026532281] /run/docker/netns/a\\040b\\134c rw - nsfs nsfs rw
35 31 0:4 net:[4026532300] /run/netns/con2 rw - nsfs nsfs rw
36 31 0:4 net:[4026532301] /run/netns/con2 rw - nsfs nsfs rw
37 31 0:4 mnt:[4026532302] /run/snapd/ns/lxd.mnt rw - nsfs nsfs rw
`

it('reads the files on which namespaces are pinned, of two on one file the later', () => {
  expect(parsePins(mountinfo)).toEqual(
    new Map([
      [4026532281, ['/run/docker/netns/a b\\c', '/run/netns/con1']],
      [4026532301, ['/run/netns/con2']]
    ])
  )
})

it('reads links of /proc', () => {
  expect(parseNamespaceLink('net:[4026531840]')).toBe(4026531840)
  expect(parseNamespaceLink('mnt:[4026531840]')).toBeUndefined()
  expect(parseNamespaceLink('socket:[12]')).toBeUndefined()
})
