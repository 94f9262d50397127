import { describe } from '@jest/globals'
import { bundledFfmpegPath } from '../../../src/ffmpeg/ffmpeg.ts'
import { describeColours } from '../../support/colours-contract.ts'

// Without a search path nothing else is found.
process.env['PATH'] = ''
const path = await bundledFfmpegPath()

const describeWhere = path === undefined ? describe.skip : describe
describeWhere('colours and shape, with the ffmpeg that npm installed', describeColours)
