import { constants } from 'node:os'
import { isatty } from 'node:tty'
import type { NamespaceProcess } from '../namespace/index.js'

/** Signals that ask a program for something. */
const passedOn = ['SIGTERM', 'SIGHUP', 'SIGUSR1', 'SIGUSR2', 'SIGALRM'] as const

/** Signals of the keyboard: a terminal sends them to every process of the foreground, the program among them. */
const ofKeyboard = ['SIGINT', 'SIGQUIT'] as const

/** Passes signals on to a program until the returned function is called. */
export function forwardSignals(child: NamespaceProcess): () => void {
  const pass = (signal: NodeJS.Signals): void => void child.kill(signal)
  const leave = (): void => undefined
  // Not process.stdin: to look at it would make it non-blocking, for the program too.
  const keyboard = isatty(0) ? leave : pass
  for (const signal of passedOn) process.on(signal, pass)
  for (const signal of ofKeyboard) process.on(signal, keyboard)
  return () => {
    for (const signal of passedOn) process.off(signal, pass)
    for (const signal of ofKeyboard) process.off(signal, keyboard)
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
