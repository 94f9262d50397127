import type { BlockKind } from '@zcast/shared'
import { describeMessage, type FieldDefinition, type MessageDefinition } from '../protobuf/descriptor-set.ts'

const TIMESTAMP: FieldDefinition = {
  name: 'timestamp',
  number: 1,
  type: 'message',
  typeName: '.google.protobuf.Timestamp',
}

/** Numbers of the fields that zcast adds to messages of others, far above theirs: their readers pass over them. */
export const ADDED = {
  seq: 1001,
  epoch: 1002,
  samples: 1003,
  id: 1004,
  guest: 1005,
  removed: 1006,
  lost: 1007,
  unnumbered: 1008,
  arrivalTime: 1009,
  line: 1010,
  withheld: 1011,
} as const

const SEQ: FieldDefinition = { name: 'zcast_seq', number: ADDED.seq, type: 'uint64' }
const EPOCH: FieldDefinition = { name: 'zcast_epoch', number: ADDED.epoch, type: 'uint32' }

/** True for values of formats that do not number theirs. */
const UNNUMBERED: FieldDefinition = { name: 'zcast_unnumbered', number: ADDED.unnumbered, type: 'bool' }
/** True when the message did not say of what time its values are. */
const ARRIVAL_TIME: FieldDefinition = { name: 'zcast_arrival_time', number: ADDED.arrivalTime, type: 'bool' }

/** The number of values directly before it that were left out on purpose, by the publisher or a relay. */
const WITHHELD: FieldDefinition = { name: 'zcast_withheld', number: ADDED.withheld, type: 'uint64' }

/** One row of numbers. */
const NUMBERS: MessageDefinition = {
  name: 'zcast.Numbers',
  fields: [
    TIMESTAMP,
    { name: 'values', number: 2, type: 'double', isRepeated: true },
    { name: 'seq', number: 3, type: 'uint64' },
    { name: 'epoch', number: 4, type: 'uint32' },
    { name: 'names', number: 5, type: 'string', isRepeated: true },
    { name: 'units', number: 6, type: 'string', isRepeated: true },
    { name: 'interval', number: 7, type: 'double' },
    UNNUMBERED,
    ARRIVAL_TIME,
    WITHHELD,
  ],
}

const PICTURE: MessageDefinition = {
  name: 'foxglove.CompressedImage',
  fields: [
    TIMESTAMP,
    { name: 'data', number: 2, type: 'bytes' },
    { name: 'format', number: 3, type: 'string' },
    { name: 'frame_id', number: 4, type: 'string' },
    SEQ,
    EPOCH,
    UNNUMBERED,
    ARRIVAL_TIME,
    WITHHELD,
  ],
}

const SOUND: MessageDefinition = {
  name: 'foxglove.RawAudio',
  fields: [
    TIMESTAMP,
    { name: 'data', number: 2, type: 'bytes' },
    { name: 'format', number: 3, type: 'string' },
    { name: 'sample_rate', number: 4, type: 'fixed32' },
    { name: 'number_of_channels', number: 5, type: 'fixed32' },
    SEQ,
    EPOCH,
    { name: 'zcast_samples', number: ADDED.samples, type: 'uint32' },
    UNNUMBERED,
    ARRIVAL_TIME,
    WITHHELD,
  ],
}

const LOG: MessageDefinition = {
  name: 'foxglove.Log',
  fields: [
    TIMESTAMP,
    { name: 'level', number: 2, type: 'enum', typeName: '.foxglove.Log.Level' },
    { name: 'message', number: 3, type: 'string' },
    { name: 'name', number: 4, type: 'string' },
    { name: 'file', number: 5, type: 'string' },
    { name: 'line', number: 6, type: 'fixed32' },
    SEQ,
    EPOCH,
    { name: 'zcast_id', number: ADDED.id, type: 'uint64' },
    { name: 'zcast_guest', number: ADDED.guest, type: 'string' },
    { name: 'zcast_removed', number: ADDED.removed, type: 'bool' },
    { name: 'zcast_lost', number: ADDED.lost, type: 'uint64' },
    UNNUMBERED,
    ARRIVAL_TIME,
    WITHHELD,
    { name: 'zcast_line', number: ADDED.line, type: 'string' },
  ],
  levels: { name: 'Level', values: ['UNKNOWN', 'DEBUG', 'INFO', 'WARNING', 'ERROR', 'FATAL'] },
}

/** What a program needs to read one sort of message. */
export interface MessageSchema {
  /** 1 to 65535, a different one for each. */
  readonly id: number
  readonly name: string
  /** A serialized `FileDescriptorSet`. */
  readonly data: Uint8Array
}

function schema(id: number, definition: MessageDefinition): MessageSchema {
  return { id, name: definition.name, data: describeMessage(definition) }
}

/** Of what people say, of losses, and of the lines of a log. */
export const LOG_SCHEMA = schema(4, LOG)

const SOUND_SCHEMA = schema(3, SOUND)

/** The schema of each kind. Other programs know those of `foxglove` by name. */
export const SCHEMAS: { readonly [K in BlockKind]: MessageSchema } = {
  numbers: schema(1, NUMBERS),
  video: schema(2, PICTURE),
  audio: SOUND_SCHEMA,
  voice: SOUND_SCHEMA,
  chat: LOG_SCHEMA,
}
