import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { parseStartTime } from '../../../../src/container/state/process-identity.js'
import { currentBoot, currentProcess, isAlive, isSameProcess } from '../../../../src/container/state/index.js'

describe('process identity', () => {
  it('is that of this process, which lives', () => {
    const self = currentProcess()
    expect(self.pid).toBe(process.pid)
    expect(self.bootId).toMatch(/^[0-9a-f-]{36}$/)
    expect(self.bootId).toBe(currentBoot())
    // Seconds after boot, in clock ticks of 10 ms on every architecture (proc_pid_stat(5)).
    const uptime = Number(readFileSync('/proc/uptime', 'utf8').split(' ')[0])
    expect(self.startTime / 100).toBeGreaterThan(uptime - process.uptime() - 5)
    expect(self.startTime / 100).toBeLessThan(uptime)
    expect(isAlive(self)).toBe(true)
    expect(isSameProcess(self, { ...self })).toBe(true)
  })

  it('is not that of a process with the same pid, nor of another boot', () => {
    const self = currentProcess()
    for (const other of [
      { ...self, startTime: self.startTime - 1 },
      { ...self, bootId: '00000000-0000-0000-0000-000000000000' },
      { ...self, pid: 0x7fffffff }
    ]) {
      expect(isAlive(other)).toBe(false)
      expect(isSameProcess(self, other)).toBe(false)
    }
  })

  it('dies with its process, though nobody has waited for it yet', async () => {
    // The shell starts a process and becomes another, which does not wait for it: a zombie, once it ends.
    const shell = spawn('sh', ['-c', 'sleep 0.2 & echo $!; exec sleep 60'], {
      stdio: ['ignore', 'pipe', 'inherit']
    })
    try {
      const [line] = (await once(shell.stdout.setEncoding('utf8'), 'data')) as [string]
      const stat = () => readFileSync(`/proc/${line.trim()}/stat`, 'utf8')
      await expect.poll(stat).toContain(') Z ')
      const [startTime] = stat().split(' ').slice(21, 22).map(Number)
      expect(isAlive({ ...currentProcess(), pid: Number(line), startTime: startTime! })).toBe(false)
    } finally {
      const closed = once(shell, 'exit')
      shell.kill('SIGKILL')
      await closed
    }
  })

  it('is read from names with blanks and parentheses, of which anybody can make one', () => {
    const rest = `S ${Array.from({ length: 18 }, (_, i) => i).join(' ')} 4242 77 88\n`
    for (const name of ['node', 'a b', ') Z 1 2 3', '(((', ') ) )']) {
      expect(parseStartTime(`123 (${name}) ${rest}`)).toBe(4242)
    }
    expect(parseStartTime(`123 (node) ${rest.replace('S', 'Z')}`)).toBeUndefined()
    expect(parseStartTime('')).toBeUndefined()
  })
})
