/**
 * The address of something that this page's server has. In a frame of another site, where browsers keep no cookie, the
 * page was opened with the token in its own address, and passes it on.
 *
 * @param {string} path
 */
export function addressOf(path) {
  const address = new URL(path, document.baseURI)
  const token = new URLSearchParams(location.search).get('token')
  if (token !== null) address.searchParams.set('token', token)
  return address
}
