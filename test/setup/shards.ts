/**
 * Which files `--shard` gives to which process: those of one folder, which take similar times, are dealt to all in
 * turn. By their hash, as Vitest does it, one process gets a third more to do than another.
 */
import { BaseSequencer, type TestSpecification } from 'vitest/node'

export default class DealtShards extends BaseSequencer {
  override async shard(files: TestSpecification[]): Promise<TestSpecification[]> {
    const { index, count } = this.ctx.config.shard ?? { index: 1, count: 1 }
    return [...files]
      .sort((a, b) => (a.moduleId < b.moduleId ? -1 : 1))
      .filter((_, place) => place % count === index - 1)
  }
}
