import { describe, expect, it } from 'vitest'
import { portLines } from '../../../src/cli/commands/port.js'
import { failureLine } from '../../../src/cli/failure.js'
import { age } from '../../../src/cli/output/age.js'
import { compactJson, jsonLines, writeAll } from '../../../src/cli/output/json.js'
import { portsText } from '../../../src/cli/output/ports.js'
import { table } from '../../../src/cli/output/table.js'
import { painter } from '../../../src/cli/paint.js'

describe('tables', () => {
  it('align columns, without blanks at the ends of lines', () => {
    expect(
      table(
        ['ID', 'NAME', 'SUBNET'],
        [
          ['0123456789ab', 'bridge', '172.17.0.0/16'],
          ['ba9876543210', 'a-long-name', '']
        ]
      )
    ).toBe(
      'ID             NAME          SUBNET\n' +
        '0123456789ab   bridge        172.17.0.0/16\n' +
        'ba9876543210   a-long-name\n'
    )
    expect(table(['ID', 'NAME'], [])).toBe('ID   NAME\n')
  })
})

describe('ages', () => {
  const now = 1_000_000_000_000
  it.each([
    [0, 'just now'],
    [1_000, '1 second ago'],
    [119_000, '1 minute ago'],
    [2 * 3_600_000, '2 hours ago'],
    [15 * 86_400_000, '2 weeks ago'],
    [800 * 86_400_000, '2 years ago'],
    [-5_000, 'just now']
  ])('%d ms: %s', (before, text) => expect(age(now - before, now)).toBe(text))
})

describe('ports', () => {
  const port = (hostPort: number, containerPort: number, hostAddress = '0.0.0.0') =>
    ({ protocol: 'tcp', hostAddress, hostPort, containerPort }) as const

  it('of a range are put together', () => {
    const ports = [port(8082, 82), port(8080, 80), port(8081, 81), port(8080, 80, '::'), port(9000, 90)]
    expect(portsText(ports)).toBe('0.0.0.0:8080-8082->80-82/tcp, 0.0.0.0:9000->90/tcp, [::]:8080->80/tcp')
    expect(portsText([])).toBe('')
  })

  it('are told as docker port tells them', () => {
    const ports = [port(8080, 80), port(8080, 80, '::'), port(9000, 90)]
    expect(portLines(ports, undefined, 'web')).toBe(
      '80/tcp -> 0.0.0.0:8080\n80/tcp -> [::]:8080\n90/tcp -> 0.0.0.0:9000\n'
    )
    expect(portLines(ports, '80/tcp', 'web')).toBe('0.0.0.0:8080\n[::]:8080\n')
    expect(portLines([], undefined, 'web')).toBe('')
    expect(() => portLines(ports, '80/udp', 'web')).toThrow('port 80/udp of sandbox web is not published')
  })
})

describe('JSON', () => {
  it('says bytes, large numbers and for ever', () => {
    const value = { bytes: Uint8Array.of(1, 255), counter: 2n ** 60n, lifetime: Infinity, absent: undefined }
    expect(compactJson(value)).toBe('{"bytes":"01ff","counter":"1152921504606846976","lifetime":"forever"}')
  })

  it.each([[[]], [[1]], [[{ a: 1 }, [2], null]]])('streams %j as an array', async (values) => {
    let text = ''
    const terminal = {
      write: async (piece: string) => void (text += piece),
      error: () => undefined,
      colors: false,
      env: {}
    }
    await writeAll(terminal, jsonLines(values))
    expect(JSON.parse(text)).toEqual(values)
    expect(text.split('\n')).toHaveLength(Math.max(1, values.length) + 1)
  })
})

describe('errors', () => {
  it('are one line', () => {
    expect(failureLine(new Error('one\n  two\n'))).toBe('netloom: one two')
    expect(failureLine('text')).toBe('netloom: text')
  })
})

describe('colours', () => {
  it('are put on only where they are wanted', () => {
    expect(painter(false)('up', 'UP')).toBe('UP')
    expect(painter(true)('up', 'UP')).toBe('\u001b[32mUP\u001b[0m')
  })
})
