import { ProtobufWriter } from './protobuf-writer.ts'

const TYPES = {
  double: 1,
  int64: 3,
  uint64: 4,
  int32: 5,
  fixed32: 7,
  bool: 8,
  string: 9,
  message: 11,
  bytes: 12,
  uint32: 13,
  enum: 14,
} as const

/** A field of a message as a `.proto` file has it. */
export interface FieldDefinition {
  readonly name: string
  readonly number: number
  readonly type: keyof typeof TYPES
  /** Of a message or an enum: its whole name with a dot before it. */
  readonly typeName?: string
  readonly isRepeated?: boolean
}

/** A message as a `.proto` file has it. */
export interface MessageDefinition {
  /** With its package: `foxglove.Log`. */
  readonly name: string
  readonly fields: readonly FieldDefinition[]
  /** An enum within it. */
  readonly levels?: { readonly name: string; readonly values: readonly string[] }
}

const TIMESTAMP: MessageDefinition = {
  name: 'google.protobuf.Timestamp',
  fields: [
    { name: 'seconds', number: 1, type: 'int64' },
    { name: 'nanos', number: 2, type: 'int32' },
  ],
}

/** The serialized `FileDescriptorSet` of a message that needs nothing but timestamps, as MCAP wants it for a schema. */
export function describeMessage(definition: MessageDefinition): Uint8Array {
  const timestamp = 'google/protobuf/timestamp.proto'
  const path = `${definition.name.replaceAll('.', '/')}.proto`
  return new ProtobufWriter()
    .blob(1, file(timestamp, TIMESTAMP))
    .blob(1, file(path, definition, timestamp))
    .bytes.slice()
}

function file(path: string, definition: MessageDefinition, dependency?: string): Uint8Array {
  const at = definition.name.lastIndexOf('.')
  const writer = new ProtobufWriter().blob(1, path).blob(2, definition.name.slice(0, at))
  if (dependency !== undefined) writer.blob(3, dependency)
  return writer.blob(4, message(definition, definition.name.slice(at + 1))).blob(12, 'proto3').bytes
}

function message({ fields, levels }: MessageDefinition, name: string): Uint8Array {
  const writer = new ProtobufWriter().blob(1, name)
  for (const each of fields) writer.blob(2, field(each))
  if (levels) {
    const own = new ProtobufWriter().blob(1, levels.name)
    for (const [number, value] of levels.values.entries())
      own.blob(2, new ProtobufWriter().blob(1, value).uint(2, number).bytes)
    writer.blob(4, own.bytes)
  }
  return writer.bytes
}

function field({ name, number, type, typeName, isRepeated = false }: FieldDefinition): Uint8Array {
  const writer = new ProtobufWriter()
    .blob(1, name)
    .uint(3, number)
    .uint(4, isRepeated ? 3 : 1)
  writer.uint(5, TYPES[type])
  return typeName === undefined ? writer.bytes : writer.blob(6, typeName).bytes
}
