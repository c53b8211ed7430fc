import { closeSync, fstatSync, ftruncateSync, openSync, readSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { NetloomError } from '../../netlink/index.js'

/** The last bytes of a sealed file: these, and how many bytes come before the seal. */
const mark = 'netloom1'
const sealLength = 16

/**
 * Puts a seal at the end of a file, and flushes it to the disk: `breakSeal` then knows the file from one that was
 * damaged, which LMDB's package crashes on.
 */
export async function sealFile(path: string): Promise<void> {
  const file = await open(path, 'r+')
  try {
    const { size } = await file.stat()
    await file.write(sealOf(size), 0, sealLength, size)
    await file.sync()
  } finally {
    await file.close()
  }
}

/** Takes the seal off. Throws `ERR_STATE_DIRECTORY` if it isn't there, or something is missing before it. */
export function breakSeal(path: string, name: string): void {
  const file = openSync(path, 'r+')
  try {
    const length = fstatSync(file).size - sealLength
    const seal = Buffer.alloc(sealLength)
    if (length > 0) readSync(file, seal, 0, sealLength, length)
    if (!seal.equals(sealOf(length))) {
      throw new NetloomError('ERR_STATE_DIRECTORY', `${name} is damaged: nothing was changed`)
    }
    ftruncateSync(file, length)
  } finally {
    closeSync(file)
  }
}

function sealOf(length: number): Buffer {
  const seal = Buffer.alloc(sealLength)
  seal.write(mark)
  seal.writeBigInt64LE(BigInt(length), mark.length)
  return seal
}
