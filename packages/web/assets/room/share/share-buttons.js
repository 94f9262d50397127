import { element } from '../../page/elements.js'
import { showNote } from '../page/notes.js'
import { whyNotHere } from './share-problem.js'
import { Sharing } from './sharing.js'

/**
 * The buttons that share the guest's camera, screen and microphone. Of camera and screen there is one at a time.
 *
 * @param {import('../session/room-session.js').RoomSession} session
 * @param {import('../people/own-tile.js').OwnTile} tile Shows the guest what they share.
 */
export function offerSharing(session, tile) {
  const sharing = new Sharing({
    say: (message) => session.say(message),
    key: () => session.you.key,
    now: () => session.now,
    onChange: (state) => {
      press('camera', state.camera === 'camera')
      press('screen', state.camera === 'screen')
      press('microphone', state.microphone)
      tile.show(state)
    },
    onProblem: (problem) => showNote(problem),
  })
  session.add(sharing)
  tile.onTurn = (facing) => void sharing.shareCamera(facing)
  element('share-camera').addEventListener('click', () => {
    if (sharing.state.camera === 'camera') sharing.stopCamera()
    else void sharing.shareCamera()
  })
  element('share-screen').addEventListener('click', () => {
    if (sharing.state.camera === 'screen') sharing.stopCamera()
    else void sharing.shareScreen()
  })
  element('share-microphone').addEventListener('click', () => {
    if (sharing.state.microphone) sharing.stopMicrophone()
    else void sharing.shareMicrophone()
  })
  // A phone has no way to give its screen away; elsewhere the reason is worth a word.
  element('share-screen').hidden = window.isSecureContext && whyNotHere('screen') !== undefined
}

/** @param {string} what @param {boolean} isShared */
function press(what, isShared) {
  element(`share-${what}`).setAttribute('aria-pressed', String(isShared))
}
