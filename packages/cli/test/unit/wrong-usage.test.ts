import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { useTemporaryFolder } from '@zcast/testing/machine/temporary-folder'
import { refusal } from '../support/refusal.ts'

const folder = useTemporaryFolder()

const NOT_AN_ENDPOINT = /^".+" is not an endpoint: write tcp:\/\/HOST:PORT \(port 1 to 65535\), such as /
const NOT_A_DURATION = / must be a duration such as 250ms, 1s, 2m, 1h or 0 .*, got ".+"$/
const WRONG_COUNT = /^count must be a whole number from 1 to 1000000, got /
const WRONG_QUALITY = /^quality must be /

/** Command lines that are wrong in themselves, and the sentence that says so. */
const USAGE: readonly [string, RegExp][] = [
  ['', /^name a command; "zcast --help" lists them$/],
  ['frobnicate', /^unknown command: frobnicate$/],
  ['clinet 1', /^unknown command: clinet; did you mean "client"\?$/],
  ['help vieuer', /^unknown command: vieuer; did you mean "viewer"\?$/],
  ['help client viewer', /^help takes one command: see "zcast help"$/],
  ['client', /^name a client: 1 \(even\), 2 \(odd\) or 3 \(all\), or columns, as in --select temp,hum$/],
  ['client 4', /^there is no client "4": choose 1 \(even\), 2 \(odd\) or 3 \(all\)$/],
  ['client both', /^there is no client "both": choose /],
  ['client 1 extra', /^unexpected argument "extra": see "zcast help client"$/],
  ['client 1 2 3', /^unexpected argument "2, 3": see "zcast help client"$/],
  ['client 1 --json=perhaps', /^json must be true or false, got "perhaps"$/],
  ['--quiet=maybe client 1', /^quiet must be true or false, got "maybe"$/],
  ['client 1 -q=maybe', /^quiet must be true or false, got "maybe"$/],
  ['publish video --no-loop=2', /^no-loop must be true or false, got "2"$/],
  ['client 1 --bogus', /^unknown argument: bogus$/],
  ['client 1 --conect tcp://127.0.0.1:1', /^unknown argument: conect; did you mean --connect\?$/],
  ['client 1 --connect', /^connect needs a value$/],
  ['client 1 --connect nowhere', NOT_AN_ENDPOINT],
  ['client 1 --connect tcp://127.0.0.1', NOT_AN_ENDPOINT],
  [
    'client 1 --connect tcp://*:5556',
    /^cannot connect to "tcp:\/\/\*:5556": name a host and a port, not \*$/,
  ],
  ['client 1 --topic video/main', /^topic must begin with numbers\/, got "video\/main"$/],
  ['client 1 --topic not,a,topic', /^"not,a,topic" is not a topic: write KIND\/STREAM such as /],
  ['client 1 --messages 0', /^messages must be a whole number from 1 to \d+, got 0$/],
  ['client 1 --max-memory 10', /^max-memory must be 1M or more, got "10"$/],
  ['topic', /^write what to do with topics: list, info, echo, hz, bw, delay, top$/],
  ['topic lsit', /^cannot "lsit" topics: choose list, .*; did you mean "list"\?$/],
  ['topic hz --count 3', /^count applies to "topic echo", not to "topic hz"$/],
  ['topic echo --csv', /^csv applies to "topic list", .*, not to "topic echo"$/],
  ['topic hz --csv --json', /^give either csv or json, not both$/],
  ['topic hz --window 1ms', /^window must be 1s to 10m, got "1ms"$/],
  ['topic hz --connect nowhere', NOT_AN_ENDPOINT],
  ['topic hz --bind nowhere', NOT_AN_ENDPOINT],
  [
    'topic hz --bind tcp://*:1 --connect tcp://a:1',
    /^give either bind or connect: it listens for publishers, /,
  ],
  [
    'topic hz --format netgear:1 --connect tcp://a:1',
    /^with format netgear:1, receivers listen and senders /,
  ],
  ['dashboard a.mcap --history-while-open', /^history-while-open applies to what comes now: /],
  ['dashboard a.mcap --since 5m', /^since applies to what comes now: /],
  ['doctor --connect nowhere', NOT_AN_ENDPOINT],
  ['doctor --page nowhere', /^page must be an address such as http:\/\/127\.0\.0\.1:8081, got "nowhere"$/],
  ['doctor --for 3s', /^unknown argument: for/],
  ['topic echo --once --count 2', /^give either once or count, not both$/],
  ['topic echo --count 0', /^count must be a whole number from 1 to \d+, got 0$/],
  [
    'topic echo --filter temp',
    /^filter cannot be read: it ends where a comparison such as temp > 30 goes on$/,
  ],
  ['topic echo --show --json', /^show takes neither filter, field nor json: it shows pictures$/],
  ['topic top --sort size', /^sort must be one of "bandwidth", .*, got "size"$/],
  ['viewer', /^name a viewer by its number, such as "viewer 1"$/],
  ['viewer x', /^name a viewer by its number, such as "viewer 1", got "x"$/],
  ['listener x', /^name a listener by its number, such as "listener 1", got "x"$/],
  ['listener 1000', /^number must be a whole number from 1 to 999, got 1000$/],
  ['viewer 1 --linger soon', NOT_A_DURATION],
  ['viewer 0', /^number must be a whole number from 1 to 999, got 0$/],
  ['viewer 1 --show cinema', /^show must be one of "web", .*"none", got "cinema"$/],
  ['viewer 1 --show wbe', /^show must be one of "web", .*, got "wbe"; did you mean "web"\?$/],
  ['viewer 1 --rendition small', /^rendition must be auto, or a height in pixels such as 360p, got "small"$/],
  [
    'viewer 1 --rendition auto --topic video/',
    /^rendition is of one stream, and this viewer receives video\/: name /,
  ],
  ['viewer 1 --rendition 90p --topic video@90p/main', /names a rendition already: leave out one of the two$/],
  ['viewer 1 --port 70000', /^port must be a whole number from 0 to 65535, got 70000$/],
  [
    'publish everything',
    /^cannot publish "everything": choose numbers, video, or audio, or none for numbers and video$/,
  ],
  ['publish vidoe', /^cannot publish "vidoe": choose .* for numbers and video; did you mean "video"\?$/],
  ['publish README.md', /^cannot publish "README.md": choose .*; did you mean "publish video README.md"\?$/],
  ['publish camera:1', /^cannot publish "camera:1": .*; did you mean "publish video camera:1"\?$/],
  ['publish rtsp://cam/1', /; did you mean "publish video rtsp:\/\/cam\/1"\?$/],
  ['publish song.mp3', /; did you mean "publish audio song\.mp3"\?$/],
  ['publish tone', /; did you mean "publish audio tone"\?$/],
  [
    'record flight.mp4',
    /^a recording is an MCAP file: give it a name that ends in \.mcap, got "flight\.mp4" /,
  ],
  [
    'record nowhere/flight.mcap',
    /^cannot write nowhere\/flight\.mcap: there is no folder "nowhere": make it first$/,
  ],
  ['room --max-upload 1K', /^max-upload must be 1M to 1T, got "1K"$/],
  [
    'relay --connect tcp://127.0.0.1:1 --metrics-port -1',
    /^metrics-port must be a whole number from 0 to 65535, got -1$/,
  ],
  ['viewer 1 --history 1ms', /^history must be 1s to 24h, got "1ms"$/],
  ['client 1 --heartbeat 1ms', /^heartbeat must be 100ms to 10m, got "1ms"$/],
  ['keys lits', /^cannot "lits" keys: choose new or list; did you mean "list"\?$/],
  [
    'publish --bind tcp://127.0.0.1:1',
    /^bind is for a single stream: use "publish numbers", "publish video" or /,
  ],
  [
    'publish --connect nats://127.0.0.1:1 --connect tcp://127.0.0.1:1',
    /^connect is for a single stream: use "publish numbers", /,
  ],
  ['publish numbers --speed 0 -', /^speed must be above 0, got 0$/],
  ['publish numbers --stream a/b', /^the stream name "a\/b" must be 1 to 64 of A-Z a-z 0-9 \. _ -$/],
  ['publish numbers --bind tcp://127.0.0.1:99999', NOT_AN_ENDPOINT],
  ['publish numbers --bind tcp://300.1.1.1:5556', NOT_AN_ENDPOINT],
  ['publish numbers --lower 5 --upper 5', /^lower must be below upper, got lower 5 and upper 5$/],
  ['publish numbers --lower 6 --upper 5', /^lower must be below upper, got lower 6 and upper 5$/],
  ['publish numbers --lower low', /^lower must be a number, got "low"$/],
  ['publish numbers --count 0', WRONG_COUNT],
  ['publish numbers --count 1000001', WRONG_COUNT],
  ['publish numbers --count 1.5', WRONG_COUNT],
  ['publish numbers --interval -5ms', NOT_A_DURATION],
  ['publish numbers --interval soon', NOT_A_DURATION],
  ['publish numbers --seed 1.5', /^seed must be a whole number from -?\d+ to \d+, got 1\.5$/],
  ['publish video --quality 0', WRONG_QUALITY],
  ['publish video --quality 101', WRONG_QUALITY],
  ['publish video --quality high', WRONG_QUALITY],
  ['publish video --fps 0', /^fps must be 0\.1 to 240, got 0$/],
  ['publish video --width 100000', /^width must be a whole number from \d+ to 8192, got 100000$/],
  ['logs --lines -1', /^lines must be a whole number from 0 to 1000000, got -1$/],
  [
    'logs --since yesterday',
    /^since must be a duration such as 10m or a time such as 2026-08-04T17:00, got "yesterday"$/,
  ],
  ['play a.mcap --from soon', /^from must be a duration such as 10m or a time such as .*, got "soon"$/],
  ['logs --level info', /^level must be one of "error", "warning", got "info"$/],
  ['demo --numbers-port 5000 --video-port 5000', /\b5000\b/],
]

describe('a command line that is wrong', () => {
  test.each(USAGE)('is refused with one sentence: zcast %s', async (line, sentence) => {
    const said = await refusal(line === '' ? [] : line.split(' '))
    expect(said?.replace(/ \(from --[a-z-]+\)$/, '')).toMatch(sentence)
    expect(said).not.toContain('\n')
  })
})

const FILES: readonly [string, string | undefined, RegExp][] = [
  ['is missing', undefined, /there is no such file$/],
  ['is not JSON', '{"publish": ', /it is not JSON(: .+)?$/],
  ['is no object', '[1, 2]', /it must hold one JSON object$/],
  [
    'has an unknown option',
    '{"publish": {"cuont": 3}}',
    /has an unknown option "cuont" for publish; did you mean "count"\?$/,
  ],
  [
    'has an unknown command',
    '{"publisch": {"count": 3}}',
    /has an unknown option "publisch"; did you mean "publish"\?$/,
  ],
  ['has a wrong type', '{"publish": {"count": [3]}}', /"publish\.count" in .* must be text or a number$/],
  ['has no object for a command', '{"publish": 3}', /"publish" in .* must be an object of options$/],
  ['has a value out of range', '{"publish": {"count": 0}}', WRONG_COUNT],
]

describe('a configuration file that is wrong', () => {
  test.each(FILES)('is refused with one sentence when it %s', async (_, text, sentence) => {
    const path = join(folder(), 'zcast.json')
    if (text !== undefined) await writeFile(path, text)
    const said = await refusal(['publish', 'numbers', '--config', path])
    expect(said?.replace(/ \(from [^()]+\)$/, '')).toMatch(sentence)
    expect(said).not.toContain('\n')
  })

  test('is refused when it is a folder', async () => {
    expect(await refusal(['publish', 'numbers', '--config', folder()])).toMatch(
      /^cannot use the configuration file .*: it is a folder$/,
    )
  })
})
