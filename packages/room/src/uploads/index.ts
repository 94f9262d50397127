export { UPLOAD_CLIENT } from './upload-client.ts'
export { Uploads, type UploadsOptions } from './uploads.ts'
