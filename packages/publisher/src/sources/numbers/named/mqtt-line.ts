import { parsePlainNumber } from '../parse-number.ts'
import { parseLoosely, readObject } from './json-values.ts'
import type { NamedFormat, NamedValues } from './named-values.ts'

const LINE = /^(\S+)\s+(\S.*)$/s

/** A name of several levels, which no date and no fraction is. */
const TOPIC = /^(?=.*[a-z])[^,;:={}"]*\/[^,;:={}"]*$/i

/** `home/room/temp 21.5` and `tele/room/SENSOR {"temp": 21.5}`, as `mosquitto_sub -v` prints what comes. */
export const MQTT_LINES: NamedFormat = { title: 'MQTT topics and values', read: readMqtt }

function readMqtt(text: string): readonly NamedValues[] | string | undefined {
  const [, topic, payload = ''] = LINE.exec(text) ?? []
  if (topic === undefined || !TOPIC.test(topic)) return undefined
  if (payload.startsWith('{')) {
    const parsed = parseLoosely(payload)
    if (parsed === undefined) return 'what follows its topic is not JSON'
    const row = readObject(parsed, `${topic}.`)
    return typeof row === 'string' ? row : [row]
  }
  const value = parsePlainNumber(payload)
  if (Number.isNaN(value)) return undefined
  return Number.isFinite(value) ? [{ names: [topic], values: [value] }] : 'a number in it is too large'
}
