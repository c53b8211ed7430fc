import { bitwise } from './bitwise.js'
import { byteorder } from './byteorder.js'
import { cmp } from './cmp.js'
import { connlimit } from './connlimit.js'
import { counter } from './counter.js'
import { ct } from './ct.js'
import { dup } from './dup.js'
import { dynset } from './dynset.js'
import { exthdr } from './exthdr.js'
import { fib } from './fib.js'
import { flowOffload } from './flow-offload.js'
import { fwd } from './fwd.js'
import { hash } from './hash.js'
import { immediate } from './immediate.js'
import { last } from './last.js'
import { limit } from './limit.js'
import { log } from './log.js'
import { lookup } from './lookup.js'
import { masq } from './masq.js'
import { meta } from './meta.js'
import { nat } from './nat.js'
import { notrack } from './notrack.js'
import { numgen } from './numgen.js'
import { objref } from './objref.js'
import { osf } from './osf.js'
import { payload } from './payload.js'
import { queue } from './queue.js'
import { quota } from './quota.js'
import { range } from './range.js'
import { redir } from './redir.js'
import { reject } from './reject.js'
import { rt } from './rt.js'
import { socket } from './socket.js'
import { synproxy } from './synproxy.js'
import { tproxy } from './tproxy.js'
import { tunnel } from './tunnel.js'
import { xfrm } from './xfrm.js'

/** Every kind of expression that netloom knows; any other reads as `unknown`. */
export const expressionKinds = [
  bitwise,
  byteorder,
  cmp,
  connlimit,
  counter,
  ct,
  dup,
  dynset,
  exthdr,
  fib,
  flowOffload,
  fwd,
  hash,
  immediate,
  last,
  limit,
  log,
  lookup,
  masq,
  meta,
  nat,
  notrack,
  numgen,
  objref,
  osf,
  payload,
  queue,
  quota,
  range,
  redir,
  reject,
  rt,
  socket,
  synproxy,
  tproxy,
  tunnel,
  xfrm
] as const
