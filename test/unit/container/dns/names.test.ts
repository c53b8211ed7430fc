import { describe, expect, it } from 'vitest'
import type { NameEntry } from '../../../../src/container/dns/index.js'
import { NameDirectory } from '../../../../src/container/dns/names.js'

const web: NameEntry = {
  endpointId: 'e1',
  networkId: 'n1',
  networkName: 'Public.Net',
  names: ['Web', 'www', '0123456789ab', 'web'],
  address: '10.88.0.2',
  address6: 'fd00:0::2'
}

function directory(...entries: NameEntry[]): NameDirectory {
  const made = new NameDirectory()
  for (const entry of entries) made.set(entry)
  return made
}

describe('NameDirectory', () => {
  it('finds every name, alone and with the network, in any letter case', () => {
    const names = directory(web)
    for (const name of ['web', 'WEB', 'www', '0123456789ab', 'web.public.net', 'Www.PUBLIC.net']) {
      expect(names.addresses(name, ['n1']), name).toEqual({ inet: ['10.88.0.2'], inet6: ['fd00::2'] })
    }
    for (const name of ['we', 'web.', 'web.net', 'public.net', '.public.net', 'web.public.net.', '']) {
      expect(names.addresses(name, ['n1']), name).toBeUndefined()
    }
  })

  it('looks through the networks of the sandbox alone, in their order', () => {
    const other = { ...web, endpointId: 'e2', networkId: 'n2', networkName: 'b', address: '10.89.0.2' }
    const names = directory(web, other)
    expect(names.addresses('web', ['n2', 'n1'])?.inet).toEqual(['10.89.0.2'])
    expect(names.addresses('web', ['n1', 'n2'])?.inet).toEqual(['10.88.0.2'])
    expect(names.addresses('web.b', ['n1', 'n2'])?.inet).toEqual(['10.89.0.2'])
    expect(names.addresses('web.b', ['n1'])).toBeUndefined()
    expect(names.addresses('web', [])).toBeUndefined()
    expect(names.addresses('web', ['n3'])).toBeUndefined()
  })

  it('prefers a whole name to a name of a network', () => {
    const dotted = {
      ...web,
      endpointId: 'e2',
      networkId: 'n2',
      names: ['web.public.net'],
      address: '10.89.0.9'
    }
    expect(directory(web, dotted).addresses('web.public.net', ['n1', 'n2'])?.inet).toEqual(['10.89.0.9'])
  })

  it('gives all that share a name, each as often first', () => {
    const names = directory()
    for (let i = 1; i <= 4; i++) {
      names.set({ ...web, endpointId: `e${i}`, names: ['all'], address: `10.88.0.${i}`, address6: undefined })
    }
    const first = new Map<string, number>()
    for (let i = 0; i < 4000; i++) {
      const { inet, inet6 } = names.addresses('all', ['n1'])!
      expect(inet6).toEqual([])
      expect(new Set(inet).size).toBe(4)
      first.set(inet[0]!, (first.get(inet[0]!) ?? 0) + 1)
    }
    // 1,000 each, with a standard deviation of 27.
    for (const count of first.values()) expect(Math.abs(count - 1000)).toBeLessThan(250)
    expect(first.size).toBe(4)
  })

  it('replaces what was told before, and forgets', () => {
    const names = directory(web)
    names.set({ ...web, names: ['new'], address: '10.88.0.3', address6: undefined })
    expect(names.addresses('web', ['n1'])).toBeUndefined()
    expect(names.addresses('new', ['n1'])).toEqual({ inet: ['10.88.0.3'], inet6: [] })
    expect(names.nameOf('10.88.0.2', ['n1'])).toBeUndefined()
    expect(names.nameOf('fd00::2', ['n1'])).toBeUndefined()
    names.set({ ...web, networkId: 'n2', networkName: 'other' })
    expect(names.addresses('new', ['n1'])).toBeUndefined()
    expect(names.addresses('web.other', ['n2'])?.inet).toEqual(['10.88.0.2'])
    names.remove('e1')
    names.remove('e1')
    names.remove('never')
    expect(names.addresses('web', ['n2'])).toBeUndefined()
    expect(names.nameOf('10.88.0.2', ['n2'])).toBeUndefined()
  })

  it('leaves the others that share a name', () => {
    const names = directory(web, { ...web, endpointId: 'e2', address: '10.88.0.3' })
    names.remove('e1')
    expect(names.addresses('web', ['n1'])?.inet).toEqual(['10.88.0.3'])
    expect(names.nameOf('fd00::2', ['n1'])).toBe('web.public.net')
  })

  it('knows whose an address is', () => {
    const names = directory(web)
    expect(names.nameOf('10.88.0.2', ['n2', 'n1'])).toBe('web.public.net')
    expect(names.nameOf('fd00::2', ['n1'])).toBe('web.public.net')
    expect(names.nameOf('10.88.0.2', ['n2'])).toBeUndefined()
    expect(names.nameOf('10.88.0.4', ['n1'])).toBeUndefined()
  })

  it('passes over names that no message can hold', () => {
    const long = 'a'.repeat(64)
    const impossible = [long, 'a..b', 'ü', `${'abc.'.repeat(64)}d`]
    expect(directory({ ...web, names: [...impossible, 'fit'] }).nameOf('10.88.0.2', ['n1'])).toBe(
      'fit.public.net'
    )
    expect(directory({ ...web, names: impossible }).nameOf('10.88.0.2', ['n1'])).toBeUndefined()
  })

  it('refuses what is no address, and changes nothing', () => {
    const names = directory(web)
    const wrong = [
      { address: 'fd00::2' },
      { address: '10.88.0' },
      { address6: '10.88.0.2' },
      { address6: 'x:y' }
    ]
    for (const part of wrong) {
      expect(() => names.set({ ...web, names: ['new'], ...part })).toThrow(
        expect.objectContaining({ code: 'ERR_INVALID_ARG_VALUE', field: Object.keys(part)[0] })
      )
    }
    expect(names.addresses('web', ['n1'])).toBeDefined()
  })
})
