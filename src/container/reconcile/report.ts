/** Something that `reconcile` found. */
export interface ReconciledObject {
  readonly object: 'network' | 'sandbox' | 'endpoint' | 'link' | 'namespace'
  /** Of a link or a namespace, its name. */
  readonly id: string
  readonly name?: string | undefined
}

/** What `reconcile` did. */
export interface ReconcileReport {
  /** Half taken away by a process that is dead, and gone now. */
  readonly finished: readonly ReconciledObject[]
  /** Half made by a process that is dead, and gone now. */
  readonly undone: readonly ReconciledObject[]
  /** Known and there; what the kernel lacked of it is there again. */
  readonly adopted: readonly ReconciledObject[]
  /** Known but gone, such as a sandbox without its namespace; or there, netloom's, and not known. Neither is left. */
  readonly removed: readonly ReconciledObject[]
  /** Whether the packet filter had to be changed. */
  readonly firewall: boolean
}

/** A report that is being written, and what went wrong meanwhile. */
export class Reconciliation {
  readonly finished: ReconciledObject[] = []
  readonly undone: ReconciledObject[] = []
  readonly adopted: ReconciledObject[] = []
  readonly removed: ReconciledObject[] = []
  readonly failures: unknown[] = []
  firewall = false

  /** Does one thing, and goes on to the next if it fails. */
  async attempt(work: () => Promise<void>): Promise<void> {
    try {
      await work()
    } catch (error) {
      this.failures.push(error)
    }
  }

  /** Does something for each, some at the same time. */
  async attemptEach<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
    const waiting = [...items].reverse()
    const worker = async (): Promise<void> => {
      for (let item = waiting.pop(); item !== undefined; item = waiting.pop()) {
        const next = item
        await this.attempt(() => work(next))
      }
    }
    await Promise.all(Array.from({ length: together }, worker))
  }

  report(): ReconcileReport {
    const { finished, undone, adopted, removed, firewall } = this
    return { finished, undone, adopted, removed, firewall }
  }
}

const together = 16
