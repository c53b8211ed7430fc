import { constants } from 'node:os'
import { describe, expect, it } from 'vitest'
import {
  type SpawnOptions,
  signalName,
  signalNumber,
  spawnOptions
} from '../../../src/namespace/process-options.js'

const stdio = (value: SpawnOptions['stdio']) => spawnOptions('x', [], { stdio: value }).stdio

describe('spawnOptions', () => {
  it('fills in what node:child_process fills in', () => {
    const options = spawnOptions('ip', ['link'], { env: { A: '1', B: undefined } })
    expect(options).toMatchObject({
      file: 'ip',
      args: ['ip', 'link'],
      env: ['A=1'],
      stdio: [-2, -2, -2],
      mountSys: true
    })
    expect(spawnOptions('ip', [], {}).env).toContain(`PATH=${process.env['PATH']}`)
    expect(spawnOptions('ip', ['x'], { argv0: '-ip', mounts: false })).toMatchObject({
      args: ['-ip', 'x'],
      mountSys: false
    })
  })

  it('turns stdio into numbers', () => {
    expect(stdio('inherit')).toEqual([0, 1, 2])
    expect(stdio('ignore')).toEqual([-1, -1, -1])
    expect(stdio(['pipe', 'inherit', 'ignore'])).toEqual([-2, 1, -1])
    expect(stdio(['ignore'])).toEqual([-1, -2, -2])
    expect(stdio([7, { fd: 8 }, null, undefined, 'pipe'])).toEqual([7, 8, -2, -1, -2])
  })

  it.each<[string, unknown, unknown, unknown, string, string]>([
    ['an empty command', '', [], {}, 'ERR_INVALID_ARG_VALUE', 'command'],
    ['a command that is no string', 7, [], {}, 'ERR_INVALID_ARG_TYPE', 'command'],
    ['a NUL in the command', 'a\0', [], {}, 'ERR_INVALID_ARG_VALUE', 'command'],
    ['arguments in a string', 'a', 'b', {}, 'ERR_INVALID_ARG_TYPE', 'args'],
    ['a number as argument', 'a', ['b', 7], {}, 'ERR_INVALID_ARG_TYPE', 'args[1]'],
    ['a missing argument', 'a', [undefined], {}, 'ERR_INVALID_ARG_TYPE', 'args[0]'],
    ['a NUL in an argument', 'a', ['\0'], {}, 'ERR_INVALID_ARG_VALUE', 'args[0]'],
    ['a shell', 'a', [], { shell: true }, 'ERR_UNKNOWN_FIELD', 'shell'],
    ['a user below 0', 'a', [], { uid: -1 }, 'ERR_OUT_OF_RANGE', 'uid'],
    ['a user that is -1', 'a', [], { uid: 0xffffffff }, 'ERR_OUT_OF_RANGE', 'uid'],
    ['a cwd that is no string', 'a', [], { cwd: 7 }, 'ERR_INVALID_ARG_TYPE', 'cwd'],
    ['an equals sign in a variable', 'a', [], { env: { 'A=B': '1' } }, 'ERR_INVALID_ARG_VALUE', 'env'],
    ['a variable that is no string', 'a', [], { env: { A: 1 } }, 'ERR_INVALID_ARG_TYPE', 'env.A'],
    ['an unknown stdio', 'a', [], { stdio: 'overlapped' }, 'ERR_INVALID_ARG_VALUE', 'stdio'],
    ['an unknown item of stdio', 'a', [], { stdio: ['ipc'] }, 'ERR_INVALID_ARG_VALUE', 'stdio[0]'],
    ['a descriptor below 0', 'a', [], { stdio: [-2] }, 'ERR_OUT_OF_RANGE', 'stdio[0]'],
    ['a stream that is not open', 'a', [], { stdio: [{ fd: null }] }, 'ERR_INVALID_ARG_TYPE', 'stdio[0]'],
    ['an unknown signal', 'a', [], { killSignal: 'SIGNOPE' }, 'ERR_INVALID_ARG_VALUE', 'killSignal'],
    ['no AbortSignal', 'a', [], { signal: 'SIGTERM' }, 'ERR_INVALID_ARG_TYPE', 'signal']
  ])('refuses %s', (_what, command, args, options, code, field) => {
    expect(() => spawnOptions(command as string, args as string[], options as SpawnOptions)).toThrow(
      expect.objectContaining({ code, field })
    )
  })
})

describe('signals', () => {
  it('knows names and numbers', () => {
    expect(signalNumber('SIGKILL')).toBe(9)
    expect(signalNumber(0)).toBe(0)
    expect(signalNumber(64)).toBe(64)
    for (const [name, number] of Object.entries(constants.signals)) {
      expect(signalNumber(signalName(number))).toBe(number)
      expect(signalNumber(name)).toBe(number)
    }
    expect(signalName(6)).toBe('SIGABRT')
    expect(signalName(34)).toBe('SIGRTMIN')
    expect(signalName(36)).toBe('SIGRTMIN+2')
  })

  it.each(['SIGNOPE', 'kill', 'toString', -1, 65, 1.5, undefined])('refuses %j', (signal) => {
    expect(() => signalNumber(signal)).toThrow(expect.objectContaining({ field: 'signal' }))
  })
})
