import { describe, expect, it } from 'vitest'
import { complete } from '../../../src/cli/completion/complete.js'
import { makeProgram } from '../../../src/cli/program.js'
import { capture } from './capture.js'

const terminal = { write: async () => undefined, error: () => undefined, colors: false, env: {} }

/** The candidates for the last of some words; names of what exists are made up of what is asked for. */
async function candidates(...words: string[]): Promise<string[]> {
  const sources = { names: async (kind: string, state?: string) => [`${kind}-a`, `${kind}-b${state ?? ''}`] }
  return (await complete(makeProgram(terminal), words, sources)).map(({ word }) => word)
}

describe('completion', () => {
  it('knows commands', async () => {
    expect(await candidates('net')).toEqual(['network'])
    expect(await candidates('network', '')).toEqual([
      'create',
      'ls',
      'inspect',
      'rm',
      'connect',
      'disconnect'
    ])
    expect(await candidates('sandbox', 'r')).toEqual(['rm'])
    expect(await candidates('')).not.toContain('__complete')
  })

  it('knows options', async () => {
    expect(await candidates('network', 'create', '--i')).toEqual([
      '--ip-range',
      '--internal',
      '--ipv6',
      '--ipam-driver'
    ])
    expect(await candidates('link', '--ma')).toEqual(['--master'])
    expect(await candidates('-')).toContain('--version')
  })

  it('knows names of what exists', async () => {
    expect(await candidates('network', 'rm', '')).toEqual(['network-a', 'network-b'])
    expect(await candidates('network', 'rm', 'x', 'network-b')).toEqual(['network-b'])
    expect(await candidates('connect', 'x', '')).toEqual(['sandbox-a', 'sandbox-b'])
    expect(await candidates('connect', '-p', '80:80', 'x', 'sandbox-a')).toEqual(['sandbox-a'])
    expect(await candidates('--state', '/s', 'network', 'rm', '')).toEqual(['network-a', 'network-b/s'])
    expect(await candidates('link', 'link')).toEqual(['link-a', 'link-b'])
    expect(await candidates('link', 'show', '--namespace', '')).toEqual(['namespace-a', 'namespace-b'])
    expect(await candidates('port', 'x', '1', '')).toEqual([])
  })

  it('knows choices', async () => {
    expect(await candidates('network', 'ls', '--format', '')).toEqual(['table', 'json'])
    expect(await candidates('completion', '')).toEqual(['bash', 'zsh', 'fish'])
    expect(await candidates('monitor', 'link', 'r')).toEqual(['route', 'rule'])
  })

  it('leaves files and directories to the shell', async () => {
    expect(await candidates('network', 'ls', '--state', '')).toEqual([':directories'])
    expect(await candidates('sandbox', 'exec', 'web', '')).toEqual([':files'])
    expect(await candidates('sandbox', 'exec', 'web', 'ls', '-')).toEqual([':files'])
  })

  it('answers the scripts', async () => {
    const { status, out } = await capture(['__complete', '--', 'network', 'c'])
    expect(status).toBe(0)
    expect(out.split('\n')).toEqual([
      'create\tCreate a network',
      'connect\tConnect a sandbox to a network',
      ''
    ])
    expect((await capture(['__complete', '--', 'network', 'create', '--help'])).out).toMatch(/^--help\t/)
  })

  it.each(['bash', 'zsh', 'fish'])('has a script for %s', async (shell) => {
    const { out } = await capture(['completion', shell])
    expect(out).toContain('netloom __complete --')
  })
})
