import { element } from '../page/elements.js'
import { showNotices } from '../page/notices.js'
import { PageSound } from '../sound/page-sound.js'
import { ChatForm } from './chat/chat-form.js'
import { ChatLog } from './chat/chat-log.js'
import { TypingLine } from './chat/typing-line.js'
import { UnreadCount } from './chat/unread-count.js'
import { FilmList } from './films/film-list.js'
import { takeUploads } from './films/uploads.js'
import { JoinForm } from './join/join-form.js'
import { showStay } from './join/stay.js'
import { showNote } from './page/notes.js'
import { followScreenKeyboard } from './page/screen-keyboard.js'
import { followShortcuts } from './page/shortcuts.js'
import { Tabs } from './page/tabs.js'
import { BanList } from './people/ban-list.js'
import { CameraTiles } from './people/camera-tiles.js'
import { OwnTile } from './people/own-tile.js'
import { PeopleList } from './people/people-list.js'
import { RoomSession } from './session/room-session.js'
import { offerSharing } from './share/share-buttons.js'
import { offerFullScreen } from './stage/full-screen.js'
import { Playback } from './stage/playback.js'
import { RoomSound } from './stage/room-sound.js'
import { StagePicture } from './stage/stage-picture.js'
import { Speaking } from './voice/speaking.js'
import { VoicePlayer } from './voice/voice-player.js'
import { RecordButton } from './voice/record-button.js'

/** The page of the room: joins its panels, each of which takes what the room says. */

const pageSound = new PageSound()
const session = new RoomSession(pageSound.clock, (stay, reason) => showStay(stay, reason, form))
const form = new JoinForm((name) => {
  // In answer to the press that joins the browser lets sound be heard.
  sound.turnOn()
  session.join(name)
})
const picture = new StagePicture(pageSound.clock)
const sound = new RoomSound(pageSound, picture)
const playback = new Playback(session, picture)
const tiles = new CameraTiles(session, (camera) => playback.enlarge(camera))
const tabs = new Tabs(() => unread.look())
const unread = new UnreadCount(() => session.stay === 'joined' && tabs.chosen === 'chat')
const log = new ChatLog(session, () => unread.add())
const voices = new VoicePlayer(session, sound)
const record = new RecordButton({ session, sound, page: pageSound, voices })

session.add(playback)
session.add(new FilmList(session))
session.add(new PeopleList(session))
session.add(new BanList(session))
session.add(tiles)
session.add(log)
session.add(new ChatForm(session, () => log.goToEnd()))
session.add(new TypingLine(session))
session.add(new Speaking(session))
session.add(voices)
offerSharing(session, new OwnTile(() => tiles.showPlace()))
session.add({ take: offerSounds })
session.add({ take: showRefusal })
session.add({ take: showFailures })
takeUploads(session, () => {
  if (element('tab-films').checkVisibility()) tabs.choose('films')
})

/** What there is to hear. @param {import('./session/room-session.js').RoomMessage} message */
function offerSounds(message) {
  if (!['welcome', 'screen', 'guests'].includes(message.type)) return
  const others = session.guests.filter(({ id, microphone }) => microphone && id !== session.you.id)
  const air = playback.isOnAir ? `audio/${session.room}` : undefined
  const microphones = others.map(({ microphone }) => `audio/${microphone}`)
  sound.offer(air, microphones)
}

/** @param {import('./session/room-session.js').RoomMessage} message */
function showRefusal(message) {
  if (message.type !== 'refused') return
  // The others are told by who asked.
  if (['say', 'join', 'typing', 'history', 'share', 'bans'].includes(message.about)) return
  showNote(`${message.reason.charAt(0).toUpperCase()}${message.reason.slice(1)}.`)
}

/** What failed in the room is told to hosts. @param {import('./session/room-session.js').RoomMessage} message */
function showFailures(message) {
  if (message.type === 'notices') showNotices(message.notices)
}

followScreenKeyboard()
const toggleFullScreen = offerFullScreen()
followShortcuts({
  onSpace: () => playback.toggle(),
  onSound: () => sound.toggle(),
  onFullScreen: () => void toggleFullScreen(),
  onRecordDown: () => record.press(),
  onRecordUp: () => record.release(),
})
element('away-button').addEventListener('click', () => {
  sound.turnOn()
  if (!session.joinAgain()) showStay('joining', '', form)
})
if (session.joinAgain()) sound.turnOn()
else showStay('joining', '', form)
