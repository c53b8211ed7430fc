import { encode } from 'dns-packet'
import { expect, it } from 'vitest'
import { answers } from '../../../../src/container/dns/upstream-answer.js'
import { query, queryBytes } from './messages.js'

const asked = query('web.example', 'A')
const response = (name: string, type: 'A' | 'AAAA' = 'A', id = 9): Buffer =>
  encode({ type: 'response', id, questions: [{ name, type }] })

it('takes the answer to its own question alone', () => {
  expect(answers(response('web.example'), asked, 9)).toBe(true)
  expect(answers(response('WEB.Example'), asked, 9), 'other letters').toBe(true)
  expect(answers(response('web.example'), asked, 10), 'another id').toBe(false)
  expect(answers(response('wec.example'), asked, 9), 'another name').toBe(false)
  expect(answers(response('web.examples'), asked, 9), 'a longer name').toBe(false)
  expect(answers(response('web.example', 'AAAA'), asked, 9), 'another type').toBe(false)
  expect(answers(queryBytes('web.example', 'A', { id: 9 }), asked, 9), 'a query').toBe(false)
  expect(answers(Buffer.alloc(5), asked, 0), 'too short').toBe(false)
})

it('takes the refusal of a server that could not read the question', () => {
  const header = encode({ type: 'response', id: 9, flags: 1 })
  expect(answers(header, asked, 9)).toBe(true)
  expect(answers(Buffer.concat([header, Buffer.alloc(4)]), asked, 9)).toBe(false)
})
