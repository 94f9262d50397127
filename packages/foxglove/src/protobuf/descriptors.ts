import { ProtobufWriter } from './protobuf-writer.ts'

/** One field of a message. */
interface Field {
  readonly name: string
  readonly number: number
  readonly type: keyof typeof TYPES
  readonly isRepeated?: boolean
}

/** One `.proto` file with one message. */
interface ProtoFile {
  readonly path: string
  readonly package: string
  readonly imports: readonly string[]
  readonly message: string
  readonly fields: readonly Field[]
}

/** Numbers of `FieldDescriptorProto.Type`. */
const TYPES = { double: 1, int64: 3, uint64: 4, int32: 5, string: 9, timestamp: 11, bytes: 12, uint32: 13 }
const LABELS = { optional: 1, repeated: 3 }

const TIMESTAMP: ProtoFile = {
  path: 'google/protobuf/timestamp.proto',
  package: 'google.protobuf',
  imports: [],
  message: 'Timestamp',
  fields: [
    { name: 'seconds', number: 1, type: 'int64' },
    { name: 'nanos', number: 2, type: 'int32' },
  ],
}

const COMPRESSED_IMAGE: ProtoFile = {
  path: 'foxglove/CompressedImage.proto',
  package: 'foxglove',
  imports: [TIMESTAMP.path],
  message: 'CompressedImage',
  fields: [
    { name: 'timestamp', number: 1, type: 'timestamp' },
    { name: 'frame_id', number: 4, type: 'string' },
    { name: 'data', number: 2, type: 'bytes' },
    { name: 'format', number: 3, type: 'string' },
  ],
}

const NUMBERS: ProtoFile = {
  path: 'zcast/Numbers.proto',
  package: 'zcast',
  imports: [TIMESTAMP.path],
  message: 'Numbers',
  fields: [
    { name: 'timestamp', number: 1, type: 'timestamp' },
    { name: 'values', number: 2, type: 'double', isRepeated: true },
    { name: 'seq', number: 3, type: 'uint64' },
    { name: 'epoch', number: 4, type: 'uint32' },
    { name: 'names', number: 5, type: 'string', isRepeated: true },
  ],
}

/** What a client needs to read one kind of message: its name, and a `FileDescriptorSet` in base64. */
export interface ProtobufSchema {
  readonly schemaName: string
  readonly schema: string
}

/** Pictures. */
export const IMAGE_SCHEMA = describe(COMPRESSED_IMAGE)

/** Rows of numbers. */
export const NUMBERS_SCHEMA = describe(NUMBERS)

function describe(file: ProtoFile): ProtobufSchema {
  const set = new ProtobufWriter().bytes(1, describeFile(TIMESTAMP)).bytes(1, describeFile(file))
  return { schemaName: `${file.package}.${file.message}`, schema: set.finish().toString('base64') }
}

function describeFile(file: ProtoFile): Uint8Array {
  const writer = new ProtobufWriter().bytes(1, file.path).bytes(2, file.package)
  for (const path of file.imports) writer.bytes(3, path)
  const message = new ProtobufWriter().bytes(1, file.message)
  for (const field of file.fields) message.bytes(2, describeField(field))
  return writer.bytes(4, message.finish()).bytes(12, 'proto3').finish()
}

function describeField({ name, number, type, isRepeated = false }: Field): Uint8Array {
  const writer = new ProtobufWriter()
    .bytes(1, name)
    .uint(3, number)
    .uint(4, isRepeated ? LABELS.repeated : LABELS.optional)
    .uint(5, TYPES[type])
  if (type === 'timestamp') writer.bytes(6, `.${TIMESTAMP.package}.${TIMESTAMP.message}`)
  return writer.finish()
}
