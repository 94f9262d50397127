import { describe } from '@jest/globals'
import { describeColours } from '../../support/colours-contract.ts'

describe('colours and shape, with the ffmpeg of this machine', describeColours)
