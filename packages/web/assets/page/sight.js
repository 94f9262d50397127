/** Which elements are in sight, or nearly: what nobody sees is not asked for. */

/** Elements this far from what is seen count as seen, so that they are there when they come. */
const MARGIN = '200px'

/** @type {WeakMap<Element, (inSight: boolean) => void>} */
const listeners = new WeakMap()
const observer = new IntersectionObserver(
  (entries) => {
    for (const { target, isIntersecting } of entries) listeners.get(target)?.(isIntersecting)
  },
  { rootMargin: MARGIN },
)

/** Calls the listener soon, and whenever the element comes into sight or leaves it. @param {Element} element @param {(inSight: boolean) => void} listener */
export function watchSight(element, listener) {
  listeners.set(element, listener)
  observer.observe(element)
}
