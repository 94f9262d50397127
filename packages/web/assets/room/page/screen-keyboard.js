/** A phone's keyboard covers half of the page: what is left is filled, so that it does not hide what is written in. */

/** Below this part of the page's height there is a keyboard. */
const PART = 0.75
const view = window.visualViewport

/** Follows the keyboard. */
export function followScreenKeyboard() {
  if (!view || !matchMedia('(pointer: coarse)').matches) return
  let whole = view.height
  const fit = () => {
    const isTurned = Math.abs(window.innerWidth - view.width * view.scale) > 1
    if (isTurned || view.height > whole) whole = view.height
    const isWriting = document.activeElement instanceof HTMLTextAreaElement
    document.body.classList.toggle('keyboard', isWriting && view.scale === 1 && view.height < whole * PART)
    // Zoomed in by hand, the page stays as it is.
    if (view.scale === 1) document.documentElement.style.setProperty('--height', `${view.height}px`)
    // A phone that scrolled the page to the field would leave its beginning out of sight.
    if (isWriting) window.scrollTo(0, 0)
  }
  view.addEventListener('resize', fit)
  document.addEventListener('focusin', fit)
  document.addEventListener('focusout', fit)
  screen.orientation?.addEventListener('change', () => {
    whole = 0
    fit()
  })
}
