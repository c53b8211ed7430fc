import { describe, expect, it } from 'vitest'
import { capture } from './capture.js'

describe('wrong usage', () => {
  it.each([
    [['frobnicate'], "unknown command 'frobnicate'", 'netloom [options] [command]'],
    [
      ['network', 'creat', 'web'],
      "unknown command 'creat' (Did you mean create?)",
      'netloom network [options] [command]'
    ],
    [['network', 'create'], "missing required argument 'name'", 'netloom network create [options] <name>'],
    [['network', 'create', 'a', 'b'], 'too many arguments', 'netloom network create [options] <name>'],
    [
      ['network', 'create', '--sub', 'x', 'a'],
      "unknown option '--sub'",
      'netloom network create [options] <name>'
    ],
    [
      ['network', 'create', '-o', 'x', 'a'],
      'It must be KEY=VALUE.',
      'netloom network create [options] <name>'
    ],
    [
      ['network', 'ls', '--format', 'yaml'],
      'Allowed choices are table, json.',
      'netloom network ls [options]'
    ],
    [
      ['network', 'create', '--gateway', '10.0.0.1', 'a'],
      '--gateway 10.0.0.1 lies in no --subnet',
      'netloom network create [options] <name>'
    ],
    [
      ['sandbox', 'create', '-p', '80', 'a'],
      'options of a connection need --network',
      'netloom sandbox create [options] [name]'
    ],
    [
      ['sandbox', 'exec', 'a'],
      "missing required argument 'command'",
      'netloom sandbox exec [options] <sandbox> <command> [args...]'
    ],
    [['sandbox', 'exec', '-u', 'root', 'a', 'id'], 'root is no user', 'netloom sandbox exec [options]'],
    [
      ['connect', '--gw-priority', 'x', 'n', 's'],
      'It must be a whole number.',
      'netloom connect [options] <network> <sandbox>'
    ],
    [['port', 'a', 'http'], 'http is no port', 'netloom port [options] <sandbox> [port[/protocol]]'],
    [['topology', '--svg', '--dot'], "cannot be used with option '--svg'", 'netloom topology [options]'],
    [['link', 'show', '--namespace', 'pid:x'], 'the id of a process', 'netloom link show [options] [link]'],
    [['monitor', 'links'], 'Allowed choices are link, address,', 'netloom monitor [options] [object...]'],
    [['completion', 'tcsh'], 'Allowed choices are bash, zsh, fish.', 'netloom completion [options] <shell>']
  ])('%j', async (words, message, usage) => {
    const { status, out, error } = await capture(words)
    const [first = '', second = '', ...rest] = error.split('\n')
    expect(first).toMatch(/^netloom: /)
    expect(first).toContain(message)
    expect(second).toContain(`Usage: ${usage}`)
    expect({ status, out, rest }).toEqual({ status: 2, out: '', rest: [''] })
  })

  it('shows the help of a group in place of a command that is missing', async () => {
    for (const words of [[], ['network']]) {
      const { status, out, error } = await capture(words)
      expect({ status, out }).toEqual({ status: 2, out: '' })
      expect(error).toMatch(/^Usage: netloom/)
    }
  })
})

describe('help', () => {
  it('lists every command, with a summary', async () => {
    const { status, out, error } = await capture(['--help'])
    expect({ status, error }).toEqual({ status: 0, error: '' })
    for (const heading of ['Container networks:', 'The network of this machine:'])
      expect(out).toContain(heading)
    for (const name of [
      ...['network', 'sandbox', 'connect', 'disconnect', 'port', 'reconcile', 'serve'],
      ...['topology', 'link', 'address', 'route', 'neighbor', 'rule', 'monitor', 'completion']
    ]) {
      expect(out).toMatch(new RegExp(`^  ${name}\\b.* {2}\\S`, 'm'))
    }
    expect(out).not.toContain('__complete')
  })

  it.each([['network', 'create'], ['sandbox', 'exec'], ['connect'], ['route', 'show'], ['topology']])(
    'of %s %s names its options',
    async (...words) => {
      const { status, out } = await capture([...words, '--help'])
      expect(status).toBe(0)
      expect(out).toContain(`Usage: netloom ${words.join(' ')}`)
      expect(out).toContain('-h, --help')
    }
  )

  it('is also a command', async () => {
    const { out } = await capture(['help', 'network'])
    expect(out).toMatch(/^Usage: netloom network/)
  })

  it('tells the version', async () => {
    expect(await capture(['--version'])).toEqual({
      status: 0,
      out: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) as string,
      error: ''
    })
  })
})
