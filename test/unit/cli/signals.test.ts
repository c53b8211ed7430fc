import { describe, expect, it } from 'vitest'
import { forwardSignals } from '../../../src/cli/signals.js'

describe('signals', () => {
  it('are kept for a program that is only being started, and then passed on', () => {
    const listeners = process.listenerCount('SIGUSR2')
    const got: unknown[] = []
    const signals = forwardSignals()
    process.emit('SIGUSR2', 'SIGUSR2')
    process.emit('SIGHUP', 'SIGHUP')
    expect(got).toEqual([])
    signals.to({ kill: (signal) => got.push(signal) > 0 })
    expect(got).toEqual(['SIGUSR2', 'SIGHUP'])
    process.emit('SIGTERM', 'SIGTERM')
    expect(got).toEqual(['SIGUSR2', 'SIGHUP', 'SIGTERM'])
    signals.stop()
    expect(process.listenerCount('SIGUSR2')).toBe(listeners)
  })
})
