import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { type TestNamespace, testNamespace } from '../../setup/namespace.js'
import { needsKind, needsProgram } from '../../setup/requirements.js'
import { type Outcome, type Program, netloom, session, start } from './program.js'

/** A namespace that plays the host, and a state directory, both of one test. */
async function machine() {
  const host = await testNamespace()
  onTestFinished(() => host.close())
  await host.run('ip', 'link', 'set', 'lo', 'up')
  const state = await mkdtemp(join(tmpdir(), 'netloom-cli-'))
  onTestFinished(() => rm(state, { recursive: true, force: true, maxRetries: 5 }))
  const env = { NETLOOM_STATE: state }
  const { run, close } = session(host.path, env)
  onTestFinished(close)
  return {
    host,
    state,
    env,
    /** One of many in a process. */
    run,
    /** In a process of its own. */
    alone: (...words: string[]): Promise<Outcome> => netloom(words, host.path, env),
    /** What a command prints that ends well. */
    async done(...words: string[]): Promise<string> {
      const { status, out, error } = await run(...words)
      expect({ status, error }, words.join(' ')).toEqual({ status: 0, error: '' })
      return out
    },
    start: (...words: string[]): Program => start(words, host.path, env)
  }
}

/** The links of a namespace but the loopback. */
const linksOf = async (ns: TestNamespace): Promise<unknown[]> =>
  (await ns.ip('link', 'show')).map(({ ifname }) => ifname).filter((name) => name !== 'lo')

describe('a session after that of Docker', () => {
  needsKind('bridge', 'veth')
  needsProgram('ip', 'nft')

  it(
    'makes a network and a sandbox, connects them, looks at them, and takes all away',
    { timeout: 120_000 },
    async () => {
      const { host, alone, done } = await machine()
      const subnet = ['--subnet', '10.88.0.0/16', '--ip-range', '10.88.4.0/24', '--gateway', '10.88.0.1']
      const id = (await done('network', 'create', ...subnet, '--label', 'team=a', 'web')).trim()
      expect(id).toMatch(/^[0-9a-f]{64}$/)
      const sandboxId = (await done('sandbox', 'create', 'frontend')).trim()
      expect(
        await done(
          'connect',
          '-p',
          '8080:80',
          '-p',
          '127.0.0.1:5353:53/udp',
          '--alias',
          'www',
          'web',
          'frontend'
        )
      ).toBe('')

      const { out: listed } = await alone('network', 'ls')
      expect(listed.split('\n')[0]).toMatch(/^NETWORK ID +NAME +DRIVER +SUBNET$/)
      expect(listed).toMatch(new RegExp(`^${id.slice(0, 12)} +web +bridge +10\\.88\\.0\\.0/16$`, 'm'))
      expect((await done('network', 'ls', '-q', '--no-trunc')).split('\n')).toContain(id)
      const line = (await done('network', 'ls', '--format', 'json'))
        .split('\n')
        .find((text) => text.includes('"web"'))
      expect(JSON.parse(line!)).toMatchObject({ id, labels: { team: 'a' } })

      const [network] = JSON.parse(await done('network', 'inspect', 'web')) as [
        { bridge: string; endpoints: object[] }
      ]
      expect(network.endpoints).toMatchObject([
        { sandboxName: 'frontend', address: '10.88.4.0/16', aliases: ['www'] }
      ])
      expect(await linksOf(host)).toContain(network.bridge)
      const [sandbox] = JSON.parse(await done('sandbox', 'inspect', sandboxId.slice(0, 5))) as [
        { namespacePath: string }
      ]
      expect(sandbox).toMatchObject({ id: sandboxId, name: 'frontend', endpoints: [{ networkName: 'web' }] })
      expect(await done('sandbox', 'ls')).toMatch(
        /frontend +web +10\.88\.4\.0\/16 .*0\.0\.0\.0:8080->80\/tcp/
      )

      expect(await done('port', 'frontend')).toContain('80/tcp -> 0.0.0.0:8080\n')
      expect(await done('port', 'frontend', '53/udp')).toBe('127.0.0.1:5353\n')
      const tree = await done('topology', '--namespace', sandbox.namespacePath, '--namespace', host.path)
      expect(tree).toContain('↔ eth0 in sandbox frontend\n')
      expect(tree).toMatch(/bridge +up +10\.88\.0\.1\/16 +network web\n/)

      expect(await done('disconnect', 'web', 'frontend')).toBe('')
      expect(await done('port', 'frontend')).toBe('')
      expect(await done('sandbox', 'rm', 'frontend')).toBe('frontend\n')
      expect(await done('network', 'rm', 'web')).toBe('web\n')
      expect(await linksOf(host)).not.toContain(network.bridge)
      expect(await done('sandbox', 'ls', '-q')).toBe('')
      expect(await done('reconcile')).toBe('')
    }
  )

  it('carries traffic to a published port', { timeout: 120_000 }, async () => {
    const { host, done, start: begin } = await machine()
    await done('network', 'create', 'web')
    await done('sandbox', 'create', '--network', 'web', '-p', '8080:80', 'frontend')
    const server = `require('node:net').createServer((socket) => socket.end('hello')).listen(80, () => console.log('ready'))`
    const serving = begin('sandbox', 'exec', 'frontend', process.execPath, '-e', server)
    await vi.waitFor(() => expect(serving.out).toBe('ready\n'), { timeout: 30_000 })
    const client = `require('node:net').connect(8080, '127.0.0.1').on('data', (data) => console.log(String(data)))`
    expect(await host.run(process.execPath, '-e', client)).toBe('hello\n')
    serving.process.kill('SIGTERM')
    expect((await serving.ended).status).toBe(128 + 15)
    await done('sandbox', 'rm', '-f', 'frontend')
    await done('network', 'rm', 'web')
  })
})

describe('the network of the host', () => {
  needsProgram('ip')

  it('is for sandboxes in its own namespace', { timeout: 60_000 }, async () => {
    const { host, done, alone } = await machine()
    await done('sandbox', 'create', '--network', 'host', 'box')
    const inside = await alone('sandbox', 'exec', 'box', 'readlink', '/proc/self/ns/net')
    expect(inside).toMatchObject({
      status: 0,
      out: await host.run('readlink', '/proc/self/ns/net'),
      error: ''
    })
    expect(await done('sandbox', 'ls')).toMatch(/box +host/)
    await done('sandbox', 'rm', '-f', 'box')
  })
})

describe('sandbox exec', () => {
  it('hands on streams, words, variables and the exit code', { timeout: 120_000 }, async () => {
    const { alone, done, host, env } = await machine()
    await done('sandbox', 'create', '--hostname', 'box', 'box')
    const inside = 'cat; echo "$0 $1 $COLOR"; cat /etc/hostname; pwd; echo bad >&2; exit 7'
    const words = [
      'sandbox',
      'exec',
      '-it',
      '-e',
      'COLOR=red',
      '-w',
      '/usr',
      'box',
      'sh',
      '-c',
      inside,
      '-x',
      '--help'
    ]
    expect(await netloom(words, host.path, env, 'input\n')).toEqual({
      status: 7,
      signal: null,
      out: 'input\n-x --help red\nbox\n/usr\n',
      error: 'bad\n'
    })
    expect(await alone('sandbox', 'exec', 'box', '/no/such/program')).toMatchObject({
      status: 127,
      error: 'netloom: /no/such/program: there is no such program\n'
    })
    expect(await alone('sandbox', 'exec', 'box', '/etc/hosts')).toMatchObject({
      status: 126,
      error: 'netloom: /etc/hosts: it can not be executed\n'
    })
    expect((await alone('sandbox', 'exec', 'box', 'sh', '-c', 'kill -9 $$')).status).toBe(128 + 9)
    await done('sandbox', 'rm', 'box')
  })

  it('leaves streams to the program as they are', { timeout: 60_000 }, async () => {
    const { done, start: begin } = await machine()
    await done('sandbox', 'create', 'box')
    const program = begin('sandbox', 'exec', 'box', 'sh', '-c', 'echo ready; cat; head -c 3000000 /dev/zero')
    await vi.waitFor(() => expect(program.out).toBe('ready\n'), { timeout: 30_000 })
    program.process.stdin!.end('late input\n')
    const { status, out, error } = await program.ended
    expect({ status, error, length: out.length }).toEqual({ status: 0, error: '', length: 3_000_000 + 17 })
    await done('sandbox', 'rm', 'box')
  })

  it('passes on signals', { timeout: 60_000 }, async () => {
    const { done, start: begin } = await machine()
    await done('sandbox', 'create', 'box')
    const trap = 'trap "echo hup" HUP; trap "echo int; exit 3" INT; echo ready; while :; do sleep 0.05; done'
    const program = begin('sandbox', 'exec', 'box', 'sh', '-c', trap)
    await vi.waitFor(() => expect(program.out).toBe('ready\n'), { timeout: 30_000 })
    program.process.kill('SIGHUP')
    await vi.waitFor(() => expect(program.out).toBe('ready\nhup\n'), { timeout: 30_000 })
    program.process.kill('SIGINT')
    expect(await program.ended).toMatchObject({ status: 3, out: 'ready\nhup\nint\n' })
    await done('sandbox', 'rm', 'box')
  })
})

describe('what can not be done', () => {
  needsKind('bridge', 'veth')
  needsProgram('ip')

  it('is told in one line, and changes nothing', { timeout: 120_000 }, async () => {
    const { run, done } = await machine()
    await done('network', 'create', '--subnet', '10.88.0.0/16', 'web')
    await done('sandbox', 'create', '--network', 'web', 'box')
    const before = [await done('network', 'ls'), await done('sandbox', 'ls', '-q')]
    for (const words of [
      ['network', 'create', 'web'],
      ['network', 'create', '--subnet', '10.88.4.0/24', 'other'],
      ['network', 'create', '--subnet', 'nonsense', 'other'],
      ['network', 'create', '-d', 'overlay', 'other'],
      ['network', 'create', '-o', 'com.docker.network.bridge.nonsense=1', 'other'],
      ['network', 'rm', 'web'],
      ['network', 'inspect', 'other'],
      ['sandbox', 'create', 'box'],
      ['sandbox', 'create', '--network', 'other', 'new'],
      ['sandbox', 'rm', 'other'],
      ['connect', 'web', 'box'],
      ['connect', 'web', 'other'],
      ['disconnect', 'bridge', 'box'],
      ['port', 'box', '80']
    ]) {
      const { status, error } = await run(...words)
      expect(status, words.join(' ')).toBe(1)
      expect(error, words.join(' ')).toMatch(/^netloom: [^\n]+\n$/)
    }
    expect([await done('network', 'ls'), await done('sandbox', 'ls', '-q')]).toEqual(before)

    expect(await run('network', 'rm', '-f', 'other')).toMatchObject({ status: 0, out: '', error: '' })
    expect(await run('disconnect', '-f', 'bridge', 'box')).toMatchObject({ status: 0, error: '' })
    expect(await run('sandbox', 'rm', 'other', 'box', '--force')).toMatchObject({
      status: 0,
      out: 'box\n',
      error: ''
    })
    expect(await run('network', 'rm', 'other', 'web')).toMatchObject({ status: 1, out: 'web\n' })
  })
})

describe('serve', () => {
  needsKind('bridge', 'veth')
  needsProgram('ip', 'nft')

  it('answers the names of sandboxes until it is told to end', { timeout: 120_000 }, async () => {
    const { alone, done, state, start: begin } = await machine()
    const service = begin('serve')
    await vi.waitFor(() => expect(service.error).toBe(`netloom: serving names for ${state}\n`), {
      timeout: 30_000
    })
    await done('network', 'create', '--subnet', '10.88.0.0/24', 'web')
    await done('sandbox', 'create', '--network', 'web', '--ip', '10.88.0.20', 'db')
    await done('sandbox', 'create', '--network', 'web', 'app')
    const lookUp = `require('node:dns').resolve4('db', (error, found) => console.log(error ? error.code : found.join()))`
    await vi.waitFor(
      async () =>
        expect((await alone('sandbox', 'exec', 'app', process.execPath, '-e', lookUp)).out).toBe(
          '10.88.0.20\n'
        ),
      { timeout: 60_000 }
    )
    service.process.kill('SIGTERM')
    expect(await service.ended).toMatchObject({ status: 0, signal: null, out: '' })
    await done('sandbox', 'rm', '-f', 'app', 'db')
    await done('network', 'rm', 'web')
  })
})
