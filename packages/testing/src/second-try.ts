import { jest } from '@jest/globals'

// On a machine that is busy with something else, a test of pace can fail for once. The reporter names those that passed
// only then, so that none of them is forgotten.
jest.retryTimes(1, { logErrorsBeforeRetry: true })
