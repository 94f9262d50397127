/** Capturing: devices, screens and streams, as decoded pictures or the JPEG they come in. */
export * from './capture-inputs.ts'
export * from './capture.ts'
export * from './huffman-tables.ts'
export * from './jpeg-splitter.ts'
export * from './list-devices.ts'
export * from './ppm-splitter.ts'
