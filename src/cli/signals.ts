import { constants } from 'node:os'
import { isatty } from 'node:tty'
import type { NamespaceProcess } from '../namespace/index.js'

/** Signals that ask a program for something. */
const passedOn = ['SIGTERM', 'SIGHUP', 'SIGUSR1', 'SIGUSR2', 'SIGALRM'] as const

/** Signals of the keyboard: a terminal sends them to every process of the foreground, the program among them. */
const ofKeyboard = ['SIGINT', 'SIGQUIT'] as const

/** Signals that are passed on to a program. */
export interface ForwardedSignals {
  /** The program is there: it gets those that have come meanwhile, and all others from now on. */
  to(child: Pick<NamespaceProcess, 'kill'>): void
  /** From now on they do what they do by default. */
  stop(): void
}

/**
 * Begins to keep signals for a program that is about to be started: it may have said that it is ready before anybody here
 * learns that it was started.
 */
export function forwardSignals(): ForwardedSignals {
  const early: NodeJS.Signals[] = []
  let program: Pick<NamespaceProcess, 'kill'> | undefined
  const pass = (signal: NodeJS.Signals): void => {
    if (program === undefined) early.push(signal)
    else program.kill(signal)
  }
  const leave = (): void => undefined
  // Not process.stdin: to look at it would make it non-blocking, for the program too.
  const keyboard = isatty(0) ? leave : pass
  for (const signal of passedOn) process.on(signal, pass)
  for (const signal of ofKeyboard) process.on(signal, keyboard)
  return {
    to(child) {
      program = child
      early.forEach(pass)
    },
    stop() {
      for (const signal of passedOn) process.off(signal, pass)
      for (const signal of ofKeyboard) process.off(signal, keyboard)
    }
  }
}

/** The first real-time signal (signal(7)). */
const firstRealTime = 34

/** The number of a signal by the name that `NamespaceProcess` gives it. */
export function signalNumber(name: string | null): number {
  const realTime = /^SIGRTMIN(?:\+([0-9]+))?$/.exec(name ?? '')
  if (realTime !== null) return firstRealTime + Number(realTime[1] ?? 0)
  return constants.signals[name as NodeJS.Signals] ?? 0
}
