import { describe, expect, it } from 'vitest'
import { parsePort, parsePorts } from '../../../../src/container/ports/index.js'
import type { PortOptions, PortRequest } from '../../../../src/container/ports/index.js'

const one = (port: number) => ({ first: port, last: port })
const tcp80 = { protocol: 'tcp', containerPorts: one(80) } as const

describe('parsePort', () => {
  it.each<[string, PortRequest]>([
    ['80', tcp80],
    ['80/tcp', tcp80],
    ['80/udp', { ...tcp80, protocol: 'udp' }],
    ['80/SCTP', { ...tcp80, protocol: 'sctp' }],
    ['8080:80', { ...tcp80, hostPorts: one(8080) }],
    ['0:80', tcp80],
    [':80', tcp80],
    ['::80', tcp80],
    [':8080:80', { ...tcp80, hostPorts: one(8080) }],
    ['127.0.0.1:8080:80/tcp', { ...tcp80, hostAddress: '127.0.0.1', hostPorts: one(8080) }],
    ['127.0.0.1::80', { ...tcp80, hostAddress: '127.0.0.1' }],
    ['[::1]:8080:80/udp', { ...tcp80, protocol: 'udp', hostAddress: '::1', hostPorts: one(8080) }],
    ['[FD00:0::1]::80', { ...tcp80, hostAddress: 'fd00::1' }],
    ['[::]:8080:80', { ...tcp80, hostAddress: '::', hostPorts: one(8080) }],
    [
      '8000-8010:80-90',
      { protocol: 'tcp', hostPorts: { first: 8000, last: 8010 }, containerPorts: { first: 80, last: 90 } }
    ],
    ['8000-8010:80', { ...tcp80, hostPorts: { first: 8000, last: 8010 } }],
    ['80-90', { protocol: 'tcp', containerPorts: { first: 80, last: 90 } }],
    ['0:80-90', { protocol: 'tcp', containerPorts: { first: 80, last: 90 } }],
    ['80-80:80-80', { ...tcp80, hostPorts: one(80) }]
  ])('reads %s', (text, request) => {
    expect(parsePort(text)).toStrictEqual(request)
  })

  it.each<[PortOptions, PortRequest]>([
    [{ containerPort: 80 }, tcp80],
    [{ containerPort: '80', hostPort: 0 }, tcp80],
    [
      { containerPort: '80-81', hostPort: '90-91', protocol: 'sctp', hostAddress: '0.0.0.0' },
      {
        protocol: 'sctp',
        hostAddress: '0.0.0.0',
        hostPorts: { first: 90, last: 91 },
        containerPorts: { first: 80, last: 81 }
      }
    ],
    [
      { containerPort: 65535, hostPort: 1, hostAddress: undefined, protocol: undefined },
      { protocol: 'tcp', hostPorts: one(1), containerPorts: one(65535) }
    ]
  ])('reads %j', (options, request) => {
    expect(parsePort(options)).toStrictEqual(request)
  })
})

describe('parsePorts', () => {
  it.each<[unknown, string, string]>([
    [{ containerPort: 80, hostAddress: 'abcd' }, 'ports[0].hostAddress', 'ERR_INVALID_ARG_VALUE'],
    ['abcd:8080:80', 'ports[0].hostAddress', 'ERR_INVALID_ARG_VALUE'],
    ['10.0.0.1/8:80:80', 'ports[0].containerPort', 'ERR_INVALID_ARG_VALUE'],
    ['[abcd]:8080:80', 'ports[0].hostAddress', 'ERR_INVALID_ARG_VALUE'],
    ['1.2.3:8080:80', 'ports[0].hostAddress', 'ERR_INVALID_ARG_VALUE'],
    ['239.1.2.3:8080:80', 'ports[0].hostAddress', 'ERR_INVALID_ARG_VALUE'],
    ['255.255.255.255:8080:80', 'ports[0].hostAddress', 'ERR_INVALID_ARG_VALUE'],
    ['[ff02::1]:8080:80', 'ports[0].hostAddress', 'ERR_INVALID_ARG_VALUE'],
    [{ containerPort: 80, hostAddress: 7 }, 'ports[0].hostAddress', 'ERR_INVALID_ARG_TYPE'],
    ['::1:8080:80', 'ports[0]', 'ERR_INVALID_ARG_VALUE'],
    ['[::1]:80', 'ports[0]', 'ERR_INVALID_ARG_VALUE'],
    ['[::1:8080:80', 'ports[0]', 'ERR_INVALID_ARG_VALUE'],
    ['80/tcp/udp', 'ports[0]', 'ERR_INVALID_ARG_VALUE'],
    ['', 'ports[0].containerPort', 'ERR_INVALID_ARG_VALUE'],
    ['8080:', 'ports[0].containerPort', 'ERR_INVALID_ARG_VALUE'],
    ['http', 'ports[0].containerPort', 'ERR_INVALID_ARG_VALUE'],
    ['-80', 'ports[0].containerPort', 'ERR_INVALID_ARG_VALUE'],
    ['80-', 'ports[0].containerPort', 'ERR_INVALID_ARG_VALUE'],
    ['0', 'ports[0].containerPort', 'ERR_OUT_OF_RANGE'],
    ['65536', 'ports[0].containerPort', 'ERR_OUT_OF_RANGE'],
    ['90-80', 'ports[0].containerPort', 'ERR_OUT_OF_RANGE'],
    ['0-10:80', 'ports[0].hostPort', 'ERR_OUT_OF_RANGE'],
    ['x:80', 'ports[0].hostPort', 'ERR_INVALID_ARG_VALUE'],
    ['127.0.0.1:80', 'ports[0].hostPort', 'ERR_INVALID_ARG_VALUE'],
    ['8000-8009:80-90', 'ports[0].hostPort', 'ERR_INVALID_ARG_VALUE'],
    ['8000:80-90', 'ports[0].hostPort', 'ERR_INVALID_ARG_VALUE'],
    ['80/icmp', 'ports[0].protocol', 'ERR_INVALID_ARG_VALUE'],
    ['80/', 'ports[0].protocol', 'ERR_INVALID_ARG_VALUE'],
    [{ containerPort: 80, protocol: 'TCP' }, 'ports[0].protocol', 'ERR_INVALID_ARG_VALUE'],
    [{ containerPort: 80, protocol: 6 }, 'ports[0].protocol', 'ERR_INVALID_ARG_TYPE'],
    [{ containerPort: 8.5 }, 'ports[0].containerPort', 'ERR_OUT_OF_RANGE'],
    [{ containerPort: 80, hostPort: -1 }, 'ports[0].hostPort', 'ERR_OUT_OF_RANGE'],
    [{ containerPort: [80] }, 'ports[0].containerPort', 'ERR_INVALID_ARG_TYPE'],
    [{ hostPort: 80 }, 'ports[0].containerPort', 'ERR_MISSING_FIELD'],
    [{ containerPort: 80, port: 80 }, 'ports[0].port', 'ERR_UNKNOWN_FIELD'],
    [80, 'ports[0]', 'ERR_INVALID_ARG_TYPE'],
    [null, 'ports[0]', 'ERR_INVALID_ARG_TYPE'],
    [['80'], 'ports[0]', 'ERR_INVALID_ARG_TYPE']
  ])('refuses %j at %s', (port, field, code) => {
    expect(() => parsePorts([port as string])).toThrow(expect.objectContaining({ field, code }) as Error)
  })

  it('names the place in the list, and the value', () => {
    expect(() => parsePorts(['80', { containerPort: 80, hostAddress: 'abcd' }])).toThrow(
      'ports[1].hostAddress must be an IP address such as "10.0.0.1" or "fd00::1"; got "abcd"'
    )
    expect(() => parsePorts('80' as never)).toThrow(expect.objectContaining({ field: 'ports' }) as Error)
    expect(parsePorts([])).toEqual([])
  })
})
