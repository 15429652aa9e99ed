import { describe, expect, it } from 'vitest'
import { readSample } from './csv'
import { guessColumns, lacking } from './fields'

describe('the first rows of a file', () => {
  it('are found with their delimiter, quotes and byte order mark', () => {
    expect(readSample('\uFEFFCode;Name\r\nA-1;"Pump; old ""P1"""\r\nA-2;Fan\r\n')).toEqual({ delimiter: ';', header: ['Code', 'Name'], rows: [['A-1', 'Pump; old "P1"'], ['A-2', 'Fan']] })
  })
  it('leave out a row that the sample cuts off', () => {
    expect(readSample('a,b\n1,2\n3,').rows).toEqual([['1', '2']])
    expect(readSample('a,b\n1,2\n3,4', 4, true).rows).toEqual([['1', '2'], ['3', '4']])
  })
})

describe('columns', () => {
  const german: Record<string, string> = { serial_number: 'Seriennummer', location: 'Ort' }
  it('meet the fields of their names, in the API’s words or the person’s', () => {
    expect(guessColumns(['CODE', 'Name ', 'Serien-Nummer', 'Seriennummer', 'Ort', 'Farbe'], 'assets', (field) => german[field] ?? field)).toEqual({ CODE: 'code', 'Name ': 'name', Seriennummer: 'serial_number', Ort: 'location' })
  })
  it('say what rows still need', () => {
    expect(lacking('assets', { Code: 'code', Name: 'name' }, { category: 'CON', location: ' ' })).toEqual(['location'])
  })
})
